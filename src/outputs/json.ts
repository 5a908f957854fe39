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

function* pieces(value: unknown, indent: number, depth: number): Iterable<string> {
  const pad = ' '.repeat(indent * depth)
  if (typeof value !== 'object' || value === null || depth >= STREAM_DEPTH) {
    yield whole(value, indent, pad)
    return
  }
  const inner = indent === 0 ? '' : `\n${pad}${' '.repeat(indent)}`
  const outer = indent === 0 ? '' : `\n${pad}`
  let first = true
  if (isLazy(value)) {
    for (const item of value) {
      yield `${first ? '[' : ','}${inner}`
      first = false
      yield* pieces(item ?? null, indent, depth + 1)
    }
    yield first ? '[]' : `${outer}]`
    return
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    yield `${first ? '{' : ','}${inner}${escaped(JSON.stringify(key))}:${indent === 0 ? '' : ' '}`
    first = false
    yield* pieces(item, indent, depth + 1)
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
  yield* jsonChunks(result, 0)
  yield '\n'
}
