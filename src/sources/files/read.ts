import type { Diagnostic } from '../../model/coverage.ts'
import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { Origin } from '../../model/provenance.ts'
import { type ByteSource, openBytes } from './bytes.ts'
import type { FoundFile } from './discover.ts'
import { cutJson, startsLikeJson } from './json-cutter.ts'
import { cutYaml, parseYaml } from './yaml-documents.ts'

/** One document, as read. Kubernetes lists are already their items. */
export interface RawDocument {
  readonly kind: 'document'
  readonly body: JsonObject
  readonly origin: Origin
  readonly cluster: string
}

export type ReadEvent =
  | RawDocument
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  /** Read, and not a document: stays in coverage. */
  | { readonly kind: 'unrecognised'; readonly file: string; readonly line: number | null; readonly why: string }
  /** Plain text that may be node facts: the caller knows. */
  | { readonly kind: 'text'; readonly file: FoundFile; readonly bytes: ByteSource }

/** A YAML stream is read whole; past this it should be JSON, which is cut as it streams. */
export const MAX_YAML_BYTES = 256 * 1024 * 1024
const HEAD = 4096

/** Reads one file. `source` is the number that `origin.source` carries, to find the bytes again. */
export function* readFile(file: FoundFile, source: number, bytes: ByteSource): Generator<ReadEvent> {
  if (bytes.size === 0) return
  const head = bytes.range(0, Math.min(HEAD, bytes.size))
  if (startsLikeJson(head)) {
    yield* readJson(file, source, bytes)
  } else if (head.includes(0)) {
    yield { kind: 'unrecognised', file: file.shown, line: null, why: 'binary file' }
  } else if (looksLikeYaml(file.path, head)) {
    yield* readYaml(file, source, bytes)
  } else {
    yield { kind: 'text', file, bytes }
  }
}

/** Opens a file; null with a diagnostic when that fails. */
export const openFile = (file: FoundFile): { bytes: ByteSource | null; diagnostic: Diagnostic | null } => {
  try {
    return { bytes: openBytes(file.path), diagnostic: null }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === undefined ? message : `cannot be read: ${code}`
    return { bytes: null, diagnostic: { severity: 'error', file: file.shown, line: null, column: null, message: why } }
  }
}

const looksLikeYaml = (path: string, head: Buffer): boolean =>
  /\.ya?ml(\.gz)?$/i.test(path) || /^(---|apiVersion:|kind:)/m.test(head.toString('latin1'))

function* readJson(file: FoundFile, source: number, bytes: ByteSource): Generator<ReadEvent> {
  const originAt = (start: number, end: number, line: number): Origin => ({
    file: file.shown,
    source,
    start,
    end,
    line,
    format: 'json',
    item: null,
  })
  /** Items that do not say what they are: the list around them does, once its end is read. */
  const waiting: { start: number; end: number; line: number }[] = []
  for (const piece of cutJson(bytes.chunks())) {
    if (piece.kind === 'broken') {
      yield problem(file, piece.line, piece.column, `${piece.why}: what came before was read`)
      return
    }
    const value = parseJson(piece.bytes)
    if (value === undefined) {
      const { line, column, why } = explainJson(piece.bytes, piece.line)
      yield problem(file, line, column, why)
    } else if (piece.kind === 'item' && field(value, 'kind') === undefined) {
      waiting.push({ start: piece.start, end: piece.end, line: piece.line })
    } else if (piece.kind === 'envelope') {
      yield* fillIn(file, bytes, value, waiting.splice(0), originAt)
      if (isObject(value) && !isList(value)) {
        // An object that merely has a field called `items`.
        const whole = parseJson(bytes.range(piece.start, piece.end))
        if (isObject(whole)) yield* documents(file, whole, originAt(piece.start, piece.end, piece.line))
      }
    } else if (isObject(value)) {
      yield* documents(file, value, originAt(piece.start, piece.end, piece.line))
    } else {
      yield { kind: 'unrecognised', file: file.shown, line: piece.line, why: 'JSON, but no object' }
    }
  }
}

/** The items of a typed list (`PodList`), which carry neither kind nor apiVersion of their own. */
function* fillIn(
  file: FoundFile,
  bytes: ByteSource,
  envelope: Json,
  waiting: readonly { start: number; end: number; line: number }[],
  originAt: (start: number, end: number, line: number) => Origin,
): Generator<ReadEvent> {
  const listKind = text(field(envelope, 'kind'))
  const apiVersion = field(envelope, 'apiVersion')
  for (const { start, end, line } of waiting) {
    const body = parseJson(bytes.range(start, end))
    if (!isObject(body)) continue
    const kind = listKind?.endsWith('List') && listKind !== 'List' ? listKind.slice(0, -4) : undefined
    const named = kind !== undefined && apiVersion !== undefined ? { ...body, kind, apiVersion } : body
    yield* documents(file, named, originAt(start, end, line))
  }
}

const isList = (body: JsonObject): boolean => text(field(body, 'kind'))?.endsWith('List') ?? true

function* readYaml(file: FoundFile, source: number, bytes: ByteSource): Generator<ReadEvent> {
  if (bytes.size > MAX_YAML_BYTES) {
    yield problem(file, null, null, `a YAML file of more than ${MAX_YAML_BYTES} bytes: save it as JSON`)
    return
  }
  const whole = bytes.range(0, bytes.size)
  for (const slice of cutYaml(whole)) {
    const raw = whole.toString('utf8', slice.start, slice.end)
    const result = parseYaml(raw)
    const origin: Origin = {
      file: file.shown,
      source,
      start: slice.start,
      end: slice.end,
      line: slice.line,
      format: 'yaml',
      item: null,
    }
    if (result.kind === 'broken') {
      const line = slice.line + result.line - 1
      if (raw.includes('{{')) {
        yield { kind: 'unrecognised', file: file.shown, line: slice.line, why: 'a template: render it first' }
      } else if (/^["']?apiVersion["']?\s*:/m.test(raw) && /^["']?kind["']?\s*:/m.test(raw)) {
        yield problem(file, line, result.column, result.why)
      } else {
        yield { kind: 'unrecognised', file: file.shown, line, why: `not a YAML document: ${result.why}` }
      }
    } else if (isObject(result.value)) {
      yield* documents(file, result.value, origin)
    } else if (result.value !== null) {
      yield { kind: 'unrecognised', file: file.shown, line: slice.line, why: 'YAML, but no object' }
    }
  }
}

/** A document, or the items of a `List` that arrived in one piece. */
function* documents(file: FoundFile, body: JsonObject, origin: Origin): Generator<ReadEvent> {
  const kind = text(field(body, 'kind'))
  const items = field(body, 'items')
  if (kind === undefined || !kind.endsWith('List') || !Array.isArray(items)) {
    yield { kind: 'document', body, origin, cluster: file.cluster }
    return
  }
  for (const [index, item] of list(items).entries()) {
    if (!isObject(item)) continue
    const named =
      field(item, 'kind') === undefined && kind !== 'List'
        ? { ...item, kind: kind.slice(0, -4), apiVersion: field(body, 'apiVersion') ?? null }
        : item
    yield* documents(file, named, { ...origin, item: origin.item ?? index })
  }
}

const problem = (file: FoundFile, line: number | null, column: number | null, message: string): ReadEvent => ({
  kind: 'diagnostic',
  diagnostic: { severity: 'error', file: file.shown, line, column, message },
})

const parseJson = (bytes: Buffer): Json | undefined => {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    // The reason is worked out by `explainJson`, for the few that fail.
    return undefined
  }
}

/** Turns the engine's own message into a file position. */
const explainJson = (bytes: Buffer, firstLine: number): { line: number; column: number; why: string } => {
  const raw = bytes.toString('utf8')
  try {
    JSON.parse(raw)
    return { line: firstLine, column: 1, why: 'not JSON' }
  } catch (error) {
    const message = (error as Error).message
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0)
    const before = raw.slice(0, position)
    const newline = before.lastIndexOf('\n')
    const why = message.replace(/\s+(in JSON )?at position.*$/s, '').replace(/, ".*$/s, '')
    return {
      line: firstLine + before.split('\n').length - 1,
      column: position - newline,
      why: `not JSON: ${why.toLowerCase()}`,
    }
  }
}
