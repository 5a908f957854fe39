import { displayWidth, padEnd, padStart } from './display-width.ts'
import { wrap } from './wrap.ts'

/** A table for a terminal. Cells are safe text already; `paint` colours a padded piece of a cell. */
export interface Column {
  readonly header: string
  readonly align?: 'left' | 'right'
}

const GAP = 2
const NARROWEST = 6

/** Takes columns from the widest until the sum fits; a narrow column never shrinks for a wide one. */
const shrunk = (natural: readonly number[], room: number): readonly number[] => {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST) break
    const second = Math.max(NARROWEST, ...widths.filter(width => width < widest))
    const count = widths.filter(width => width === widest).length
    const step = Math.min(widest - second, Math.ceil(excess / count))
    for (let i = 0; i < widths.length && excess > 0; i++) {
      if (widths[i] !== widest) continue
      const taken = Math.min(step, excess)
      widths[i] = widest - taken
      excess -= taken
    }
  }
  return widths
}

const natural = (columns: readonly Column[], rows: readonly (readonly string[])[]): readonly number[] =>
  columns.map((column, i) => Math.max(displayWidth(column.header), ...rows.map(row => displayWidth(row[i] ?? ''))))

/** Columns that the table takes when nothing wraps. */
export const naturalWidth = (columns: readonly Column[], rows: readonly (readonly string[])[]): number =>
  natural(columns, rows).reduce((sum, width) => sum + width, 0) + GAP * (columns.length - 1)

/** Lines of at most `width` columns, the header first, in `paintHeader`. */
export const grid = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  paintHeader: (text: string) => string,
): readonly string[] => {
  const widths = shrunk(natural(columns, rows), width - GAP * (columns.length - 1))
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => (column.align === 'right' ? padStart : padEnd)(cells[i] ?? '', widths[i] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd()
  const rowLines = (row: readonly string[]): readonly string[] => {
    const wrapped = columns.map((_, i) => wrap(row[i] ?? '', widths[i] ?? 0))
    const height = Math.max(...wrapped.map(lines => lines.length))
    return Array.from({ length: height }, (_, n) => line(wrapped.map(lines => lines[n] ?? '')))
  }
  return [...rowLines(columns.map(column => column.header)).map(paintHeader), ...rows.flatMap(rowLines)]
}
