import type { Connection } from '../../model/node-facts.ts'
import { countersOf, emptyDirection, eventOf, type ParsedFlow, setField, tupleOf } from './conntrack-line.ts'
import { protocolNumber } from './protocols.ts'
import { counter, unsigned } from './reading.ts'

/**
 * `conntrack -o xml`: the text between `<flow` and `</flow>`. Its elements are few, flat and without entities, so that
 * a scan for tags reads them; a document type or an entity never means anything here.
 */
export const parseFlowXml = (element: string): ParsedFlow => {
  const original = emptyDirection()
  const reply = emptyDirection()
  const unknown: string[] = []
  let here: 'original' | 'reply' | 'independent' | null = null
  let protocol: number | null = null
  let state: string | null = null
  let unreplied = false
  let assured = false
  let offloaded = false
  let timeoutSeconds: number | null = null
  let mark: number | null = null
  let zone: number | null = null
  let id: number | null = null

  for (const match of element.matchAll(TAG)) {
    const [, slash, name = '', attributes = '', content = ''] = match
    if (slash === '/') continue
    const value = content.trim()
    if (name === 'flow' || name === 'counters' || name === 'when') continue
    if (name === 'meta') {
      const direction = /direction="(original|reply|independent)"/.exec(attributes)?.[1]
      if (direction === undefined) return { refused: 'a part has no direction' }
      here = direction as 'original' | 'reply' | 'independent'
    } else if (name === 'layer3') {
      if (!/protoname="ipv[46]"/.test(attributes)) return { refused: 'an address is of no IP family' }
    } else if (name === 'layer4') {
      protocol ??= protocolNumber(/protonum="(\d+)"/.exec(attributes)?.[1] ?? '')
    } else if (here === 'independent') {
      if (name === 'state') state = value
      else if (name === 'timeout') timeoutSeconds = counter(value)
      else if (name === 'mark') mark = unsigned(value)
      else if (name === 'zone') zone = unsigned(value)
      else if (name === 'id') id = unsigned(value)
      else if (name === 'assured') assured = true
      else if (name === 'unreplied') unreplied = true
      else if (name === 'offload' || name === 'hw_offload') offloaded = true
      else if (!IGNORED.has(name)) unknown.push(name)
    } else if (here !== null) {
      const direction = here === 'original' ? original : reply
      if (name === 'id') {
        direction.id = unsigned(value)
        continue
      }
      const known = setField(direction, name, value)
      if (known === null) return { refused: `${name} is malformed` }
      if (!known && !IGNORED.has(name)) unknown.push(name)
    }
  }

  const there = tupleOf(original)
  const back = tupleOf(reply)
  if (there === null || back === null || original.family === null)
    return { refused: 'both directions must have a source and a destination' }
  if (protocol === null) return { refused: 'no protocol is named' }
  const event: Connection['event'] = eventOf(/^<flow[^>]{0,200}type="(\w+)"/.exec(element)?.[1] ?? '')
  return {
    flow: {
      family: original.family,
      protocol,
      state,
      original: there,
      reply: back,
      replied: !unreplied,
      assured,
      offloaded,
      originalCounters: countersOf(original),
      replyCounters: countersOf(reply),
      timeoutSeconds,
      mark,
      zone,
      id,
      event,
      time: null,
    },
    unknown,
  }
}

const TAG = /<(\/?)([a-z][a-z0-9_-]*)([^<>]*)>([^<]*)/g
const IGNORED = new Set([
  'use',
  'deltatime',
  'srckey',
  'dstkey',
  'zone',
  'secctx',
  'timestamp',
  'start',
  'stop',
  ...'hour min sec wday day month year'.split(' '),
])
