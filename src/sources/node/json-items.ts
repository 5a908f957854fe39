import type { Json } from '../../model/json.ts'
import type { Journal } from './reading.ts'

/**
 * Cuts JSON lists into their items before parsing them, one pass over the text: every item has its line, one that is
 * broken does not take the others with it, and a list that was cut off still gives what came before.
 */
export interface JsonItem {
  readonly value: Json
  readonly line: number
  readonly index: number
  readonly text: string
}

/** Deeper items are refused: no tool writes them, and walking them would use up the stack. */
export const MAX_ITEM_DEPTH = 64
export const MAX_ITEMS = 1_000_000

const QUOTE = 34
const BACKSLASH = 92
const NEWLINE = 10
const OPEN = new Set([91, 123])
const CLOSE = new Set([93, 125])

/**
 * The items of every list that stands at `listDepth` containers deep: 1 for `[…]` (several may follow each other), 2
 * for `{ "nftables": […] }`.
 */
export const jsonItems = (text: string, listDepth: 1 | 2, journal: Journal, firstLine = 1): readonly JsonItem[] => {
  const items: JsonItem[] = []
  let line = firstLine
  let depth = 0
  let deepest = 0
  let start = -1
  let startLine = firstLine
  let inString = false
  let leftOut = 0
  let junkLine = 0

  const take = (end: number): void => {
    const piece = text.slice(start, end).trim()
    start = -1
    if (piece === '') return
    if (items.length >= MAX_ITEMS || deepest > MAX_ITEM_DEPTH) {
      leftOut += 1
      if (deepest > MAX_ITEM_DEPTH) journal.refuse(startLine, `an item nests deeper than ${MAX_ITEM_DEPTH} levels`)
      else journal.refuse(startLine, `beyond the first ${MAX_ITEMS} items of one file`)
      return
    }
    try {
      items.push({
        value: JSON.parse(piece) as Json,
        line: startLine,
        index: items.length + leftOut,
        text: piece,
      })
    } catch {
      leftOut += 1
      journal.refuse(startLine, 'this is not JSON, save the output again', piece)
    }
  }

  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === NEWLINE) line += 1
    if (inString) {
      if (code === BACKSLASH) i += 1
      else if (code === QUOTE) inString = false
      continue
    }
    if (CLOSE.has(code)) {
      if (depth === listDepth && start !== -1) take(i)
      depth -= 1
      if (depth < 0) {
        journal.refuse(line, 'a bracket closes that was never opened: save the output again')
        return items
      }
      continue
    }
    if (depth === listDepth && code === 44) {
      if (start !== -1) take(i)
      continue
    }
    if (depth >= listDepth && start === -1 && code > 32) {
      start = i
      startLine = line
      deepest = 0
    }
    if (depth === 0 && code > 32 && !OPEN.has(code)) {
      if (junkLine !== line) journal.refuse(line, 'text outside of the list, save standard output alone')
      junkLine = line
    } else if (code === QUOTE) inString = true
    else if (OPEN.has(code)) {
      depth += 1
      deepest = Math.max(deepest, depth - listDepth)
    }
  }
  if (depth > 0) journal.refuse(line, 'the output ends in the middle of a list: save it again')
  return items
}
