import { displayWidth } from './display-width.ts'
import { type Paint, paintFor } from './paint.ts'
import { wrap } from './wrap.ts'

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
  /** Every object and every note instead of the first few. */
  readonly all: boolean
}

export interface Pen extends TableOptions {
  readonly paint: Paint
}

/** Below this, wrapping hides more than it shows. */
const NARROWEST = 60

/** Prose is read in lines of at most this, however wide the terminal is. */
export const PROSE_WIDTH = 110

/** Objects listed below a heading unless `all`. */
export const OBJECTS_SHOWN = 5
export const INDENT = '  '

export const penFor = (options: TableOptions): Pen => ({
  ...options,
  width: Math.max(NARROWEST, Math.floor(options.width)),
  paint: paintFor(options.color),
})

/** A heading with a line to the right edge; one that is too long for that wraps. */
export const rule = (
  title: string,
  note: string,
  pen: Pen,
  paintTitle: (text: string) => string,
): readonly string[] => {
  const width = Math.min(pen.width, PROSE_WIDTH)
  const tail = note === '' ? ' ' : `  ${note} `
  const room = width - displayWidth(title) - displayWidth(tail)
  if (room < 3) return wrap(`${title}${tail}`, pen.width).map(paintTitle)
  return [`${paintTitle(title)}${tail}${pen.paint.dim('─'.repeat(room))}`]
}

/** Lines as one chunk with a blank line after it; nothing for no lines. */
export const block = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${lines.join('\n')}\n\n`]

export const moreLine = (more: number, pen: Pen): readonly string[] =>
  more > 0 ? [pen.paint.dim(`${INDENT}+${more} more (--all lists them)`)] : []
