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
  /** 1-based line and column (in bytes) of the first byte. */
  readonly line: number
  readonly column: number
}

/** Something between or around the pieces that no JSON has. `broken`: nothing follows. `fault`: the cutting goes on. */
export interface JsonFault {
  readonly kind: 'broken' | 'fault'
  readonly line: number
  readonly column: number
  readonly why: string
  /** What stood before the array that was being cut when the stream broke, closed; null when none was. */
  readonly around: Buffer | null
}

const BLANK = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const SPACE = 0x20
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const ITEMS = Buffer.from('"items"')

/** Deeper than any real document; `JSON.parse` would go on, whoever walks the result would not. */
export const MAX_JSON_DEPTH = 1_000
const TOO_DEEP = `nested deeper than ${MAX_JSON_DEPTH} levels`

/** No offset. */
const NONE = -1

/** What stood last in the array being cut. */
type Between = 'start' | 'element' | 'comma'

/**
 * Yields pieces in stream order, every element of a cut array among them, scalars too.
 * Errors: none of its own; reading the chunks may throw.
 */
export function* cutJson(chunks: Iterable<Buffer>): Generator<JsonPiece | JsonFault> {
  let window = EMPTY_WINDOW
  let offset = 0
  let line = 1
  let lineStart = 0

  let depth = 0
  let inString = false
  let stringStart = NONE
  /** A number, a word, or at the top level a string: it ends where something else begins. */
  let inScalar = false
  let valueStart = NONE
  let valueLine = 1
  let valueColumn = 1
  let itemStart = NONE
  let itemLine = 1
  let itemColumn = 1
  /** Depth of the elements being cut: 1 in a top-level array, 2 in `items`; 0 when none is. */
  let cutDepth = 0
  let between = 'start' as Between
  let nextArrayIsItems = false
  let envelope: Buffer[] = []
  /** Start of the envelope's bytes after the cut array; NONE while nothing was cut. */
  let envelopeStart = NONE
  /** Where the piece at hand went deeper than anybody follows. */
  let tooDeep: JsonFault | null = null

  for (const chunk of chunks) {
    let held = offset
    if (itemStart !== NONE) held = itemStart
    else if (cutDepth > 0) held = inString ? stringStart : offset
    else if (envelopeStart !== NONE) held = envelopeStart
    else if (valueStart !== NONE) held = valueStart
    window = advance(window, Math.min(held, offset), chunk)
    const { bytes, base } = window
    const end = bytes.length
    let i = offset - base

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
        if (inside.tooDeep) tooDeep = fault(TOO_DEEP, itemLine, itemColumn)
        if (depth > cutDepth) break
        yield tooDeep ?? itemOf(bytes, base, i, itemStart, itemLine, itemColumn)
        itemStart = NONE
        between = 'element'
        tooDeep = null
        continue
      }
      const byte = bytes[i] as number
      if (inString) {
        if (byte === QUOTE) {
          inString = false
          i++
          if (depth === 1 && i + base - stringStart === ITEMS.length) {
            nextArrayIsItems = bytes.subarray(stringStart - base, i).equals(ITEMS)
          }
          if (itemStart === stringStart) {
            yield itemOf(bytes, base, i, itemStart, itemLine, itemColumn)
            itemStart = NONE
            between = 'element'
          }
          continue
        }
        if (byte === BACKSLASH) {
          // What it escapes may be in the next chunk, and a line break is never escaped.
          if (i + 1 >= end) break
          i += bytes[i + 1] === NEWLINE ? 1 : 2
          continue
        }
        if (byte !== NEWLINE) {
          // Most bytes of a list stand inside strings.
          i++
          while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH && bytes[i] !== NEWLINE) i++
          continue
        }
        // No JSON string holds a line break: the quote that should end it is missing. The piece is for `JSON.parse`
        // to refuse; the brackets after it count again.
        inString = false
        if (itemStart === stringStart) inScalar = true
      }
      if (inScalar && endsScalar(byte, depth)) {
        inScalar = false
        if (depth === 0) {
          const piece = bytes.subarray(valueStart - base, i)
          const start = valueStart
          valueStart = NONE
          yield { kind: 'value', bytes: piece, start, end: base + i, line: valueLine, column: valueColumn }
        } else {
          yield itemOf(bytes, base, i, itemStart, itemLine, itemColumn)
          itemStart = NONE
          between = 'element'
        }
      }
      // The first byte of an element, of whatever kind.
      if (depth === cutDepth && cutDepth > 0 && itemStart === NONE && !separates(byte)) {
        if (between === 'element')
          yield fault('a comma is missing between two elements', line, base + i - lineStart + 1)
        itemStart = base + i
        itemLine = line
        itemColumn = base + i - lineStart + 1
      }
      switch (byte) {
        case NEWLINE:
          line++
          lineStart = base + i + 1
          break
        case BLANK:
        case 0x0d:
        case 0x09:
        case COLON:
          break
        case COMMA:
          if (depth === 1) nextArrayIsItems = false
          if (depth === cutDepth && cutDepth > 0) {
            if (between !== 'element') yield fault('a comma with nothing before it', line, base + i - lineStart + 1)
            between = 'comma'
          }
          break
        case QUOTE:
          inString = true
          stringStart = base + i
          if (depth === 0 && !inScalar) {
            inScalar = true
            valueStart = base + i
            valueLine = line
            valueColumn = base + i - lineStart + 1
          }
          break
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (depth === 0) {
            valueStart = base + i
            valueLine = line
            valueColumn = base + i - lineStart + 1
            nextArrayIsItems = false
            if (byte === OPEN_BRACKET) {
              envelope = [Buffer.from('[')]
              cutDepth = 1
              between = 'start'
            }
          } else if (depth === 1 && cutDepth === 0 && byte === OPEN_BRACKET && nextArrayIsItems) {
            const from = envelopeStart === NONE ? valueStart : envelopeStart
            envelope.push(Buffer.from(bytes.subarray(from - base, i + 1)))
            envelopeStart = NONE
            cutDepth = 2
            between = 'start'
          }
          depth++
          if (depth > MAX_JSON_DEPTH && tooDeep === null) {
            tooDeep = fault(TOO_DEEP, line, base + i - lineStart + 1)
          }
          break
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          depth--
          if (depth < 0) {
            const why = `unexpected \`${String.fromCharCode(byte)}\``
            yield { kind: 'broken', line, column: base + i - lineStart + 1, why, around: null }
            return
          }
          if (cutDepth > 0 && depth === cutDepth - 1) {
            if (between === 'comma') yield fault('a comma with nothing after it', line, base + i - lineStart + 1)
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
            const kind = cut ? 'envelope' : 'value'
            yield tooDeep ?? { kind, bytes: whole, start, end: base + i + 1, line: valueLine, column: valueColumn }
            tooDeep = null
          }
          break
        default:
          if (depth === 0 && !inScalar && !isByteOrderMark(byte, base + i)) {
            inScalar = true
            valueStart = base + i
            valueLine = line
            valueColumn = base + i - lineStart + 1
          } else if (itemStart === base + i) {
            inScalar = true
          }
      }
      i++
    }
    offset = base + i
  }

  const { bytes, base } = window
  const end = base + bytes.length
  if (inScalar && depth === 0 && !inString) {
    const piece = bytes.subarray(valueStart - base)
    yield { kind: 'value', bytes: piece, start: valueStart, end, line: valueLine, column: valueColumn }
  } else if (depth > 0 || inString) {
    const why = inString ? 'the file ends inside a string' : 'the file ends before the document does: it is cut off'
    const cut = envelope.length > 0 && envelope[0]?.[0] === OPEN_BRACE
    const around = cut ? Buffer.concat([...envelope, Buffer.from(']}')]) : null
    yield { kind: 'broken', line, column: end - lineStart + 1, why, around }
  }
}

const fault = (why: string, line: number, column: number): JsonFault => ({
  kind: 'fault',
  line,
  column,
  why,
  around: null,
})

const itemOf = (window: Buffer, base: number, to: number, start: number, line: number, column: number): JsonPiece => ({
  kind: 'item',
  bytes: window.subarray(start - base, to),
  start,
  end: base + to,
  line,
  column,
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

/**
 * Walks on until the item is closed (depth back at `floor`, `i` behind its last byte) or the bytes end; a backslash at
 * their very end waits for what it escapes.
 */
const passItem = (bytes: Buffer, at: Inside, floor: number): void => {
  const end = bytes.length
  let { i, depth, inString, newlines, lastNewline } = at
  while (i < end) {
    if (inString) {
      while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH && bytes[i] !== NEWLINE) i++
      if (i >= end) break
      if (bytes[i] === BACKSLASH) {
        if (i + 1 >= end) break
        i += bytes[i + 1] === NEWLINE ? 1 : 2
        continue
      }
      // A line break ends a string that lacks its quote: see above.
      inString = false
      if (bytes[i] === QUOTE) i++
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
      // Indentation: most bytes of an indented list.
      while (i + 1 < end && bytes[i + 1] === SPACE) i++
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++
      if (depth > MAX_JSON_DEPTH) at.tooDeep = true
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

/** White space, a comma, and what closes the array: they stand between elements and belong to none. */
const separates = (byte: number): boolean =>
  byte <= 0x20 || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET

/** At the top level white space ends a scalar; in an array a blank does not, so that a comment is one fault, not ten. */
const endsScalar = (byte: number, depth: number): boolean => {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return true
  if (depth === 0) return byte <= 0x20
  return byte === QUOTE || (separates(byte) && byte !== BLANK && byte !== 0x09)
}

const isByteOrderMark = (byte: number, offset: number): boolean => offset < 3 && BYTE_ORDER_MARK[offset] === byte

/**
 * Does the text start as a JSON object or array? White space and a byte order mark may come first. `{{` starts a
 * template, never JSON.
 */
export const startsLikeJson = (head: Buffer): boolean => {
  for (const [i, byte] of head.entries()) {
    if (byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09 || BYTE_ORDER_MARK.includes(byte)) continue
    return byte === OPEN_BRACKET || (byte === OPEN_BRACE && head[i + 1] !== OPEN_BRACE)
  }
  return false
}
