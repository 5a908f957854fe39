/**
 * Cuts a JSON stream into documents as bytes, before anything is parsed: the elements of a top-level `items` array
 * (or of a top-level array) one by one, and whatever else stands at the top level. Positions come for free, memory
 * stays at one item, and a file may be longer than a V8 string (536,870,888 characters).
 *
 * The cutter checks only what it needs to cut: brackets and string ends. Whether a piece is valid JSON is for
 * `JSON.parse`, which judges every piece it yields. Source of the grammar: RFC 8259.
 *
 * One idea, one loop: it is longer than most files on purpose.
 */
import { advance, EMPTY_WINDOW } from './byte-window.ts'

export interface JsonPiece {
  /** `item`: an element of the cut array; `envelope`: what stood around it, the array emptied; `value`: anything else. */
  readonly kind: 'item' | 'envelope' | 'value'
  /** Valid until the next piece is asked for. */
  readonly bytes: Buffer
  /** Byte offsets in the stream: [start, end). For an envelope, those of the whole value. */
  readonly start: number
  readonly end: number
  /** 1-based line of the first byte. */
  readonly line: number
}

export interface JsonBreak {
  readonly kind: 'broken'
  readonly line: number
  readonly column: number
  readonly why: string
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const ITEMS = Buffer.from('"items"')

/** Deeper than any real document; `JSON.parse` would go on, whoever walks the result would not. */
const MAX_DEPTH = 1_000

/** No offset. */
const NONE = -1

/**
 * Yields pieces in stream order. After a `broken` piece nothing follows: what came before it stands.
 * Errors: none of its own; reading the chunks may throw.
 */
export function* cutJson(chunks: Iterable<Buffer>): Generator<JsonPiece | JsonBreak> {
  let window = EMPTY_WINDOW
  let offset = 0
  let line = 1
  let lineStart = 0

  let depth = 0
  let inString = false
  let stringStart = NONE
  let inScalar = false
  let valueStart = NONE
  let valueLine = 1
  let itemStart = NONE
  let itemLine = 1
  /** Depth of the elements being cut: 1 in a top-level array, 2 in `items`; 0 when none is. */
  let cutDepth = 0
  let nextArrayIsItems = false
  let envelope: Buffer[] = []
  /** Start of the envelope's bytes after the cut array; NONE while nothing was cut. */
  let envelopeStart = NONE

  const held = (): number => {
    if (itemStart !== NONE) return itemStart
    if (cutDepth > 0) return inString ? stringStart : offset
    if (envelopeStart !== NONE) return envelopeStart
    if (valueStart !== NONE) return valueStart
    return offset
  }

  for (const chunk of chunks) {
    window = advance(window, Math.min(held(), offset), chunk)
    const { bytes, base } = window
    const end = bytes.length
    let i = offset - base
    if (offset === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) i = 3

    while (i < end) {
      if (itemStart !== NONE && depth > cutDepth) {
        // Inside an item nothing but its end matters: a loop of its own, without the generator's bookkeeping.
        const inside: Inside = { i, depth, inString, newlines: 0, lastNewline: NONE, tooDeep: false }
        passItem(bytes, inside, cutDepth)
        i = inside.i
        depth = inside.depth
        inString = inside.inString
        line += inside.newlines
        if (inside.lastNewline !== NONE) lineStart = base + inside.lastNewline + 1
        if (inside.tooDeep) {
          yield tooDeep(line, base + i - lineStart + 1)
          return
        }
        if (depth > cutDepth) continue
        yield {
          kind: 'item',
          bytes: bytes.subarray(itemStart - base, i),
          start: itemStart,
          end: base + i,
          line: itemLine,
        }
        itemStart = NONE
        continue
      }
      const byte = bytes[i] as number
      if (inString) {
        if (byte === QUOTE) {
          inString = false
          if (depth === 1 && i + base - stringStart === ITEMS.length - 1) {
            nextArrayIsItems = bytes.subarray(stringStart - base, i + 1).equals(ITEMS)
          }
          i++
        } else if (byte === BACKSLASH) {
          i += 2
        } else {
          // Most bytes of a list stand inside strings.
          i++
          while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++
        }
        continue
      }
      if (inScalar && depth === 0 && (byte <= 0x20 || byte === OPEN_BRACE || byte === OPEN_BRACKET)) {
        yield {
          kind: 'value',
          bytes: bytes.subarray(valueStart - base, i),
          start: valueStart,
          end: base + i,
          line: valueLine,
        }
        inScalar = false
        valueStart = NONE
      }
      switch (byte) {
        case NEWLINE:
          line++
          lineStart = base + i + 1
          break
        case 0x20:
        case 0x0d:
        case 0x09:
        case COLON:
          break
        case COMMA:
          if (depth === 1) nextArrayIsItems = false
          break
        case QUOTE:
          inString = true
          stringStart = base + i
          if (depth === 0 && !inScalar) {
            inScalar = true
            valueStart = base + i
            valueLine = line
          }
          break
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (depth === 0) {
            valueStart = base + i
            valueLine = line
            nextArrayIsItems = false
            if (byte === OPEN_BRACKET) {
              envelope = [Buffer.from('[')]
              cutDepth = 1
            }
          } else if (depth === cutDepth) {
            itemStart = base + i
            itemLine = line
          } else if (depth === 1 && cutDepth === 0 && byte === OPEN_BRACKET && nextArrayIsItems) {
            const from = envelopeStart === NONE ? valueStart : envelopeStart
            envelope.push(Buffer.from(bytes.subarray(from - base, i + 1)))
            envelopeStart = NONE
            cutDepth = 2
          }
          depth++
          if (depth > MAX_DEPTH) {
            yield tooDeep(line, base + i - lineStart + 1)
            return
          }
          break
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          depth--
          if (depth < 0) {
            yield {
              kind: 'broken',
              line,
              column: base + i - lineStart + 1,
              why: `unexpected \`${String.fromCharCode(byte)}\``,
            }
            return
          }
          if (cutDepth > 0 && depth === cutDepth - 1) {
            cutDepth = 0
            envelopeStart = base + i
          }
          if (depth === 0) {
            const start = valueStart
            const cut = envelopeStart !== NONE
            const tail = bytes.subarray((cut ? envelopeStart : start) - base, i + 1)
            const whole = cut ? Buffer.concat([...envelope, tail]) : tail
            valueStart = NONE
            envelopeStart = NONE
            envelope = []
            yield { kind: cut ? 'envelope' : 'value', bytes: whole, start, end: base + i + 1, line: valueLine }
          }
          break
        default:
          if (depth === 0 && !inScalar) {
            inScalar = true
            valueStart = base + i
            valueLine = line
          }
      }
      i++
    }
    offset = base + i
  }

  const end = window.base + window.bytes.length
  if (inScalar && !inString) {
    yield {
      kind: 'value',
      bytes: window.bytes.subarray(valueStart - window.base),
      start: valueStart,
      end,
      line: valueLine,
    }
  } else if (depth > 0 || inString) {
    const why = inString ? 'the file ends inside a string' : 'the file ends before the document does: it is cut off'
    yield { kind: 'broken', line, column: end - lineStart + 1, why }
  }
}

const tooDeep = (line: number, column: number): JsonBreak => ({
  kind: 'broken',
  line,
  column,
  why: `nested deeper than ${MAX_DEPTH} levels`,
})

/** Where a walk through an item stands; the walk changes it in place, since it is resumed at every chunk. */
interface Inside {
  i: number
  depth: number
  inString: boolean
  newlines: number
  /** Index of the last newline passed; NONE without one. */
  lastNewline: number
  tooDeep: boolean
}

/** 1 for the bytes that a walk through an item stops at. */
const STOPS = new Uint8Array(256)
for (const byte of [QUOTE, NEWLINE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET]) STOPS[byte] = 1

/** Walks on until the item is closed (depth back at `floor`, `i` behind its last byte) or the bytes end. */
const passItem = (bytes: Buffer, at: Inside, floor: number): void => {
  const end = bytes.length
  let { i, depth, inString, newlines, lastNewline } = at
  while (i < end) {
    if (inString) {
      while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++
      if (i >= end) break
      if (bytes[i] === BACKSLASH) {
        i += 2
      } else {
        inString = false
        i++
      }
      continue
    }
    while (i < end && STOPS[bytes[i] as number] === 0) i++
    if (i >= end) break
    const byte = bytes[i] as number
    if (byte === QUOTE) {
      inString = true
    } else if (byte === NEWLINE) {
      newlines++
      lastNewline = i
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++
      if (depth > MAX_DEPTH) {
        at.tooDeep = true
        break
      }
    } else {
      depth--
      if (depth === floor) {
        i++
        break
      }
    }
    i++
  }
  at.i = i
  at.depth = depth
  at.inString = inString
  at.newlines = newlines
  at.lastNewline = lastNewline
}

/** Does the text start as a JSON object or array? White space and a byte order mark may come first. */
export const startsLikeJson = (head: Buffer): boolean => {
  for (const byte of head) {
    if (byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09 || BYTE_ORDER_MARK.includes(byte)) continue
    return byte === OPEN_BRACE || byte === OPEN_BRACKET
  }
  return false
}
