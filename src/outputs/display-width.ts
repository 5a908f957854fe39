/**
 * How many terminal columns a text takes. Invisible characters are assumed gone (`terminalSafe`).
 * Source: Unicode 16 EastAsianWidth (W and F ranges, merged over unassigned gaps) and emoji presentation; terminals
 * agree on these, and disagree on the ambiguous ones, which count as one column here.
 */

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f90c, 0x1faff],
  [0x20000, 0x3fffd],
]

const PLAIN = /^[\x20-\x7e]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

const isWide = (code: number): boolean => WIDE.some(([first, last]) => code >= first && code <= last)

const graphemeWidth = (grapheme: string): number => {
  if (/^\p{M}+$/u.test(grapheme)) return 0
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2
  return isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1
}

/** User-perceived characters with their columns. */
export const cells = (text: string): readonly { readonly text: string; readonly width: number }[] =>
  PLAIN.test(text)
    ? Array.from(text, character => ({ text: character, width: 1 }))
    : Array.from(graphemes.segment(text), ({ segment }) => ({ text: segment, width: graphemeWidth(segment) }))

export const displayWidth = (text: string): number =>
  PLAIN.test(text) ? text.length : cells(text).reduce((sum, cell) => sum + cell.width, 0)

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)))
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - displayWidth(text))) + text
