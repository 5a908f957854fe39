import { type Event, getScalarValue, parseEvents } from 'js-yaml'
import type { DocumentPath } from '../../model/provenance.ts'
import { MAX_YAML_DEPTH } from './yaml-documents.ts'

/**
 * Offset of the deepest step of `path` that the document has, in UTF-16 units of `text`. A step that is missing
 * (a default, a typo) leaves the position at its parent. Only documents that a result names are read again here.
 */
export const offsetOfPath = (text: string, path: DocumentPath): number => {
  const events = parseEvents(text, { maxDepth: MAX_YAML_DEPTH })
  const cursor = new EventCursor(events, text)
  return cursor.find(path)
}

const DOCUMENT = 1
const SEQUENCE = 2
const MAPPING = 3
const SCALAR = 4
const POP = 6

class EventCursor {
  readonly #events: readonly Event[]
  readonly #text: string
  #i = 0

  constructor(events: readonly Event[], text: string) {
    this.#events = events
    this.#text = text
  }

  find(path: DocumentPath): number {
    while (this.#events[this.#i]?.type === DOCUMENT) this.#i++
    let offset = this.#offset(0)
    for (const step of path) {
      const found = typeof step === 'number' ? this.#enterItem(step) : this.#enterKey(step)
      if (found === null) return offset
      offset = found
    }
    return offset
  }

  /** Moves to the value of a key; gives the key's own offset. */
  #enterKey(key: string): number | null {
    if (this.#events[this.#i]?.type !== MAPPING) return null
    this.#i++
    while (this.#i < this.#events.length) {
      const event = this.#events[this.#i]
      if (event === undefined || event.type === POP) return null
      if (event.type === SCALAR && getScalarValue(this.#text, event) === key) {
        this.#i++
        return event.valueStart
      }
      this.#skip()
      this.#skip()
    }
    return null
  }

  #enterItem(index: number): number | null {
    const sequence = this.#events[this.#i]
    if (sequence?.type !== SEQUENCE) return null
    const start = sequence.start
    this.#i++
    for (let n = 0; n < index; n++) {
      if (this.#events[this.#i]?.type === POP) return null
      this.#skip()
    }
    return this.#events[this.#i]?.type === POP ? null : this.#offset(start)
  }

  #offset(fallback: number): number {
    const event = this.#events[this.#i]
    if (event === undefined) return fallback
    if (event.type === SCALAR) return event.valueStart
    if (event.type === SEQUENCE || event.type === MAPPING) return event.start
    return fallback
  }

  #skip(): void {
    let open = 0
    do {
      const type = this.#events[this.#i]?.type
      if (type === SEQUENCE || type === MAPPING) open++
      else if (type === POP) open--
      this.#i++
    } while (open > 0 && this.#i < this.#events.length)
  }
}

/** 1-based line of a UTF-16 offset. */
export const lineOfOffset = (text: string, offset: number): number => {
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++
  return line
}
