import {
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  type Event,
  getScalarValue,
  parseEvents,
} from 'js-yaml'
import type { DocumentPath } from '../../model/provenance.ts'
import { MAX_YAML_DEPTH } from './yaml-documents.ts'

/**
 * 1-based line, in one document's text, of the deepest step of a path that the document has: a step that is missing
 * (a default, a typo, the inside of an alias) leaves the position at its parent. Only documents that a result names are
 * read again here; a `List` is named once for each of its items, so what was found on the way to an item is kept.
 */
export const linesIn = (text: string): ((path: DocumentPath) => number) => {
  const events = parseEvents(text, { maxDepth: MAX_YAML_DEPTH })
  let root = 0
  while (events[root]?.type === EVENT_DOCUMENT) root++
  const items = itemsOf(events, text, root)
  const lineOf = lineCounter(text)
  return path => {
    const [first, index, ...rest] = path
    const item = first === 'items' && typeof index === 'number' ? items[index] : undefined
    return lineOf(item === undefined ? offsetOf(events, text, root, path) : offsetOf(events, text, item, rest))
  }
}

/** Event index of each entry of a top-level `items`; empty when there is none. */
const itemsOf = (events: readonly Event[], text: string, root: number): readonly number[] => {
  const list = valueOfKey(events, text, root, 'items')
  if (list === null || events[list.value]?.type !== EVENT_SEQUENCE) return []
  const starts: number[] = []
  for (let i = list.value + 1; i < events.length && events[i]?.type !== EVENT_POP; i = after(events, i)) starts.push(i)
  return starts
}

/** In UTF-16 units. */
const offsetOf = (events: readonly Event[], text: string, from: number, path: DocumentPath): number => {
  let here = from
  let offset = startOf(events, here) ?? 0
  for (const step of path) {
    const found = typeof step === 'number' ? entry(events, here, step) : valueOfKey(events, text, here, step)
    if (found === null) return offset
    here = found.value
    offset = found.offset ?? offset
  }
  return offset
}

interface Found {
  /** Index of the event that starts the value. */
  readonly value: number
  readonly offset: number | null
}

/** The value of a key; its place is the key's. */
const valueOfKey = (events: readonly Event[], text: string, mapping: number, key: string): Found | null => {
  if (events[mapping]?.type !== EVENT_MAPPING) return null
  let i = mapping + 1
  while (i < events.length) {
    const event = events[i]
    if (event === undefined || event.type === EVENT_POP) return null
    const value = after(events, i)
    if (event.type === EVENT_SCALAR && getScalarValue(text, event) === key) return { value, offset: startOf(events, i) }
    i = after(events, value)
  }
  return null
}

const entry = (events: readonly Event[], sequence: number, index: number): Found | null => {
  if (events[sequence]?.type !== EVENT_SEQUENCE) return null
  let i = sequence + 1
  for (let n = 0; i < events.length && events[i]?.type !== EVENT_POP; n++) {
    if (n === index) return { value: i, offset: startOf(events, i) }
    i = after(events, i)
  }
  return null
}

/** null for what has no place of its own, an alias for one. */
const startOf = (events: readonly Event[], i: number): number | null => {
  const event = events[i]
  if (event?.type === EVENT_SCALAR) return event.valueStart
  return event?.type === EVENT_SEQUENCE || event?.type === EVENT_MAPPING ? event.start : null
}

/** Index of the event after the whole node that starts at `i`. */
const after = (events: readonly Event[], i: number): number => {
  let open = 0
  let next = i
  do {
    const type = events[next]?.type
    if (type === EVENT_SEQUENCE || type === EVENT_MAPPING) open++
    else if (type === EVENT_POP) open--
    next++
  } while (open > 0 && next < events.length)
  return next
}

const lineCounter = (text: string): ((offset: number) => number) => {
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return offset => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
