/**
 * JSON as a stream: what `JSON.stringify(value, null, 2)` gives, piece by piece, so that no string ever holds the
 * whole result. A generator in the upper levels is written as an array and read once.
 * Characters that act on a terminal or hide in an editor are written as escapes: the same value for a parser.
 */

export type Streamable =
  | null
  | boolean
  | number
  | string
  | Iterable<Streamable>
  | { readonly [key: string]: Streamable }

/** Below this depth a value is one finding, one service, one note: small enough for one string. */
const STREAM_DEPTH = 4
const CHUNK_CHARACTERS = 1 << 16

const ACTIVE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu
const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`
const escaped = (json: string): string =>
  json.replace(ACTIVE, character =>
    Array.from({ length: character.length }, (_, i) => unit(character.charCodeAt(i))).join(''),
  )

const whole = (value: unknown, indent: number, pad: string): string => {
  const json = escaped(JSON.stringify(value, null, indent))
  return pad === '' || indent === 0 ? json : json.replaceAll('\n', `\n${pad}`)
}

const isLazy = (value: object): value is Iterable<unknown> => Symbol.iterator in value

function* pieces(
  value: unknown,
  indent: number,
  depth: number,
  compact: ((value: object) => string) | null = null,
): Iterable<string> {
  const pad = ' '.repeat(indent * depth)
  if (typeof value !== 'object' || value === null || depth >= STREAM_DEPTH) {
    yield compact !== null && isObject(value) ? compact(value) : whole(value, indent, pad)
    return
  }
  const inner = indent === 0 ? '' : `\n${pad}${' '.repeat(indent)}`
  const outer = indent === 0 ? '' : `\n${pad}`
  let first = true
  if (isLazy(value)) {
    for (const item of value) {
      yield `${first ? '[' : ','}${inner}`
      first = false
      yield* pieces(item ?? null, indent, depth + 1, compact)
    }
    yield first ? '[]' : `${outer}]`
    return
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    yield `${first ? '{' : ','}${inner}${escaped(JSON.stringify(key))}:${indent === 0 ? '' : ' '}`
    first = false
    yield* pieces(item, indent, depth + 1, compact)
  }
  yield first ? '{}' : `${outer}}`
}

/** Joins small pieces into chunks that are worth a write. */
export function* inChunks(parts: Iterable<string>): Iterable<string> {
  let buffer: string[] = []
  let size = 0
  for (const part of parts) {
    buffer.push(part)
    size += part.length
    if (size < CHUNK_CHARACTERS) continue
    yield buffer.join('')
    buffer = []
    size = 0
  }
  if (size > 0) yield buffer.join('')
}

/** Without a final line break. `indent` 0 is the compact form. */
export const jsonChunks = (value: object, indent: number): Iterable<string> => inChunks(pieces(value, indent, 0))

/** Any result (`FindingsResult`, `Inventory`), keys in the order of the result, two blanks of indent. */
export function* renderJson(result: object): Iterable<string> {
  yield* jsonChunks(result, 2)
  yield '\n'
}

/** The same on one line, for results that a machine reads and that are many times as long. */
export function* renderCompactJson(result: object): Iterable<string> {
  yield* inChunks(pieces(result, 0, 0, sharedText()))
  yield '\n'
}

/** What a value looks like at some depth of the whole. */
export const jsonPieces = (value: unknown, indent: 0 | 2, depth: number): Iterable<string> =>
  pieces(value, indent, depth)

/** How deep the items of a result's lists stand. */
const ITEM_DEPTH = 2

/** What items of a result's lists look like in the whole, as `renderJson` and (`indent` 0) `renderCompactJson` give it. */
export const itemTexts = (indent: 0 | 2): ((item: object) => string) => {
  const compact = indent === 0 ? sharedText() : null
  return item => [...pieces(item, indent, ITEM_DEPTH, compact)].join('')
}

/**
 * Compact text of values that hold the same objects again and again, as entries hold their reasons: an object that is met a
 * second time keeps its text. Objects that are met once keep nothing.
 */
const sharedText = (): ((value: object) => string) => {
  const texts = new WeakMap<object, string | null>()
  const keys = new Map<string, string>()
  const keyText = (key: string): string => {
    const known = keys.get(key)
    if (known !== undefined) return known
    const text = `${escaped(JSON.stringify(key))}:`
    keys.set(key, text)
    return text
  }
  const textOf = (value: object): string => {
    const known = texts.get(value)
    if (typeof known === 'string') return known
    const text = made(value)
    texts.set(value, known === null ? text : null)
    return text
  }
  const made = (value: object): string => {
    if (Array.isArray(value))
      return value.some(isObject) ? `[${value.map(item => partOf(item) ?? 'null').join(',')}]` : whole(value, 0, '')
    const entries = Object.entries(value)
    if (!entries.some(([, item]) => isObject(item))) return whole(value, 0, '')
    const parts = entries.flatMap(([key, item]) => {
      const text = partOf(item)
      return text === undefined ? [] : [`${keyText(key)}${text}`]
    })
    return `{${parts.join(',')}}`
  }
  const partOf = (item: unknown): string | undefined =>
    isObject(item) ? textOf(item) : item === undefined ? undefined : whole(item, 0, '')
  return textOf
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
