import { cells, displayWidth } from './display-width.ts'

/** Where a word that is longer than a line may end: after a separator of ids, paths and versions. */
const SOFT_BREAK = /[/.:,;_\-@=]/

/** Cuts one long word into lines: after a separator in the second half of a line if there is one, else hard. */
const breakWord = (word: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line: { readonly text: string; readonly width: number }[] = []
  let used = 0
  for (const cell of cells(word)) {
    if (used + cell.width > width && line.length > 0) {
      const soft = line.findLastIndex(item => SOFT_BREAK.test(item.text))
      const cut = soft + 1 > line.length / 2 ? soft + 1 : line.length
      lines.push(textOf(line.slice(0, cut)))
      line = line.slice(cut)
      used = line.reduce((sum, item) => sum + item.width, 0)
    }
    line.push(cell)
    used += cell.width
  }
  return [...lines, textOf(line)]
}

const textOf = (line: readonly { readonly text: string }[]): string => line.map(cell => cell.text).join('')

/**
 * Lines of at most `width` columns; words stay whole wherever one fits on a line. Never returns an empty list.
 * A character wider than `width` still stands, alone on its line.
 */
export const wrap = (text: string, width: number): readonly string[] => {
  const room = Math.max(1, width)
  if (displayWidth(text) <= room) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (word === '') continue
    const joined = line === '' ? word : `${line} ${word}`
    if (displayWidth(joined) <= room) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = breakWord(word, room)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** Wrapped text with a label in front of its first line and blanks in front of the others. */
export const hanging = (label: string, text: string, width: number): readonly string[] => {
  const indent = displayWidth(label)
  const blank = ' '.repeat(indent)
  return wrap(text, width - indent).map((line, i) => (i === 0 ? label : blank) + line)
}
