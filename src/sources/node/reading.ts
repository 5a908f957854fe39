import type { CoverageNote, Diagnostic, SupportState } from '../../model/coverage.ts'

/** What every reader of this folder returns: what was understood, what was refused, what was only partly understood. */
export interface Reading<T> {
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
  readonly notes: readonly CoverageNote[]
}

/** `firstLine` is the line of the text's first character in its file: more than 1 for a section of a stream. */
export type Reader<T> = (text: string, file: string, firstLine?: number) => Reading<T>

/** Of one reason this many places are listed; the rest is a number. */
export const LISTED_PLACES = 20
/** Reasons that are told apart; a hostile file can make up any number of them. */
export const LISTED_REASONS = 200
/** Longer lines are refused: no tool here writes one, and patterns should not meet one. */
export const MAX_LINE_CHARACTERS = 65_536

export interface Journal {
  /** Something of this input is lost: makes the exit code 2. `detail` is input, quoted behind the reason. */
  readonly refuse: (line: number | null, why: string, detail?: string) => void
  readonly warn: (line: number | null, why: string, detail?: string) => void
  readonly note: (state: SupportState, line: number | null, why: string, detail?: string) => void
  readonly close: <T>(value: T) => Reading<T>
}

interface Trouble {
  readonly add: (line: number | null, message: string) => void
  readonly why: string
  times: number
}

/** Collects trouble without growing with its amount: equal reasons are listed up to a limit, then counted. */
export const openJournal = (file: string): Journal => {
  const diagnostics: Diagnostic[] = []
  const notes: CoverageNote[] = []
  const reasons = new Map<string, Trouble>()

  const record = (
    kind: string,
    add: Trouble['add'],
    line: number | null,
    reason: string,
    detail: string | undefined,
  ) => {
    const crowded = reasons.size >= LISTED_REASONS && !reasons.has(`${kind} ${reason}`)
    const why = crowded ? 'further reasons that are not listed' : reason
    const key = `${kind} ${why}`
    const trouble = reasons.get(key) ?? { add, why, times: 0 }
    reasons.set(key, trouble)
    trouble.times += 1
    if (trouble.times <= LISTED_PLACES) add(line, detail === undefined || crowded ? why : `${why}: ${quoted(detail)}`)
  }
  const diagnose =
    (severity: Diagnostic['severity']) =>
    (line: number | null, why: string, detail?: string): void =>
      record(
        severity,
        (at, message) => diagnostics.push({ severity, file, line: at, column: null, message }),
        line,
        why,
        detail,
      )

  return {
    refuse: diagnose('error'),
    warn: diagnose('warning'),
    note: (state, line, why, detail) =>
      record(
        state,
        (at, message) => notes.push({ state, object: null, file, line: at, why: message }),
        line,
        why,
        detail,
      ),
    close: value => {
      for (const { add, why, times } of reasons.values())
        if (times > LISTED_PLACES) add(null, `${times - LISTED_PLACES} more places: ${why}`)
      return { value, diagnostics, notes }
    },
  }
}

/** The lines of a text with their numbers, one at a time: a table of a million flows is never an array of lines. */
export function* linesOf(text: string, firstLine = 1): Generator<{ readonly text: string; readonly line: number }> {
  let start = 0
  for (let line = firstLine; start < text.length; line += 1) {
    const next = text.indexOf('\n', start)
    const end = next === -1 ? text.length : next
    yield { text: text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), line }
    start = end + 1
  }
}

/** Input quoted in a message: short, and with control characters made visible. */
export const quoted = (text: string): string => {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text
  const visible = short.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069`]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `\`${visible}\``
}

/** An unsigned decimal or 0x number up to 2^32 - 1 that stands alone; null for anything else. */
export const unsigned = (text: string): number | null => {
  if (!/^(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})$/.test(text)) return null
  const value = Number(text)
  return value <= 0xffff_ffff ? value : null
}

/** A decimal counter of up to 2^53; null for anything else. */
export const counter = (text: string): number | null => {
  if (!/^[0-9]{1,16}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

export const portNumber = (text: string): number | null => {
  if (!/^[0-9]{1,5}$/.test(text)) return null
  const value = Number(text)
  return value <= 65_535 ? value : null
}
