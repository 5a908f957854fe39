import { itemTexts, jsonPieces } from './json.ts'

/** Items of a list that were rendered before, perhaps elsewhere: their UTF-8 stands as it is where they would. */
export class Rendered {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** UTF-8 takes no more bytes for a unit of a string. */
const MOST_BYTES = 3
const FIRST_BYTES = 64 * 1024

/** Items of a list with what stands between them, in one piece of memory outside any heap, which a thread can hand to another. */
export interface WrittenItems {
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each item ends, in bytes. */
  readonly ends: readonly number[]
}

/** Renders lists of items; what items of several of them share is worded once. */
export const itemsRenderer = (indent: 0 | 2): ((items: readonly object[]) => WrittenItems) => {
  const textOf = itemTexts(indent)
  const between = separator(indent)
  const encoder = new TextEncoder()
  return items => {
    let bytes = new Uint8Array(FIRST_BYTES)
    let end = 0
    const ends = items.map((item, n) => {
      const text = n === 0 ? textOf(item) : `${between}${textOf(item)}`
      const room = end + text.length * MOST_BYTES
      if (room > bytes.length) bytes = new Uint8Array(bytes.buffer.transfer(Math.max(room, 2 * bytes.length)))
      end += encoder.encodeInto(text, bytes.subarray(end)).written
      return end
    })
    return { bytes: new Uint8Array(bytes.buffer.transfer(end)), ends }
  }
}

/** The items one by one. */
export const apart = ({ bytes, ends }: WrittenItems, indent: 0 | 2): readonly Rendered[] => {
  const { length } = separator(indent)
  return ends.map((end, n) => new Rendered(bytes.subarray(n === 0 ? 0 : (ends[n - 1] as number) + length, end)))
}

/** Between two items of a list of a result. */
const separator = (indent: 0 | 2): string => (indent === 0 ? ',' : ',\n    ')

/** As `renderJson` and (`indent` 0) `renderCompactJson` give a result, some of whose lists were rendered before. */
export const renderWithRendered = (result: object, indent: 0 | 2): Iterable<Uint8Array> =>
  inBlocks(parts(result, indent))

function* parts(result: object, indent: 0 | 2): Iterable<string | Uint8Array> {
  const [line, space] = indent === 0 ? ['', ''] : ['\n  ', ' ']
  const between = separator(indent)
  let before = '{'
  for (const [key, value] of Object.entries(result)) {
    yield `${before}${line}${JSON.stringify(key)}:${space}`
    before = ','
    if (!isRendered(value)) yield* jsonPieces(value, indent, 1)
    else {
      for (const [n, { bytes }] of value.entries()) {
        yield n === 0 ? `[${between.slice(1)}` : between
        yield bytes
      }
      yield `${line}]`
    }
  }
  yield indent === 0 ? '}\n' : '\n}\n'
}

const isRendered = (value: unknown): value is readonly Rendered[] =>
  Array.isArray(value) && value[0] instanceof Rendered

const BLOCK = 256 * 1024

/** Joins small pieces into blocks that are worth a write. */
function* inBlocks(pieces: Iterable<string | Uint8Array>): Iterable<Uint8Array> {
  let block = Buffer.allocUnsafeSlow(BLOCK)
  let filled = 0
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    if (filled + bytes.length > BLOCK) {
      yield block.subarray(0, filled)
      block = Buffer.allocUnsafeSlow(BLOCK)
      filled = 0
    }
    if (bytes.length > BLOCK) yield bytes
    else {
      block.set(bytes, filled)
      filled += bytes.length
    }
  }
  yield block.subarray(0, filled)
}
