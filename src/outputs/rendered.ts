import { jsonPieces } from './json.ts'

/** A value that was rendered before, perhaps elsewhere: its UTF-8 stands as it is where the value would. */
export class Rendered {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** As `renderJson` and (`indent` 0) `renderCompactJson` give a result, some of whose lists were rendered item by item. */
export const renderWithRendered = (result: object, indent: 0 | 2): Iterable<Uint8Array> =>
  inBlocks(parts(result, indent))

function* parts(result: object, indent: 0 | 2): Iterable<string | Uint8Array> {
  const [line, deeper, space] = indent === 0 ? ['', '', ''] : ['\n  ', '\n    ', ' ']
  let before = '{'
  for (const [key, value] of Object.entries(result)) {
    yield `${before}${line}${JSON.stringify(key)}:${space}`
    before = ','
    if (!isRendered(value)) yield* jsonPieces(value, indent, 1)
    else {
      for (const [n, { bytes }] of value.entries()) {
        yield `${n === 0 ? '[' : ','}${deeper}`
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
