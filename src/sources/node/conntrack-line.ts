import type { Connection, FlowTuple } from '../../model/node-facts.ts'
import type { AddressFamily, FlowCounters } from '../../model/node-firewall.ts'
import { parseAddress } from './address.ts'
import { protocolNumber } from './protocols.ts'
import { counter, portNumber, unsigned } from './reading.ts'

/** One flow, before it is known where it stands. `unknown` holds the words that have no place in a `Connection`. */
export type ParsedFlow =
  | { readonly flow: Omit<Connection, 'origin'>; readonly unknown: readonly string[] }
  | { readonly refused: string }

/** What a line or an XML element gives for one direction. */
interface Direction {
  source: string | null
  destination: string | null
  family: AddressFamily | null
  sourcePort: number | null
  destinationPort: number | null
  type: number | null
  code: number | null
  id: number | null
  packets: number | null
  bytes: number | null
}

export const emptyDirection = (): Direction => ({
  source: null,
  destination: null,
  family: null,
  sourcePort: null,
  destinationPort: null,
  type: null,
  code: null,
  id: null,
  packets: null,
  bytes: null,
})

/** Sets one `name=value` of a direction. False: the name is none of a direction's. Null: the value is malformed. */
export const setField = (direction: Direction, name: string, value: string): boolean | null => {
  switch (name) {
    case 'src':
    case 'dst': {
      const address = parseAddress(value)
      if (address === null || (direction.family !== null && direction.family !== address.family)) return null
      direction.family = address.family
      if (name === 'src') direction.source = address.text
      else direction.destination = address.text
      return true
    }
    case 'sport':
      direction.sourcePort = portNumber(value)
      return direction.sourcePort === null ? null : true
    case 'dport':
      direction.destinationPort = portNumber(value)
      return direction.destinationPort === null ? null : true
    case 'type':
      direction.type = portNumber(value)
      return direction.type === null || direction.type > 255 ? null : true
    case 'code':
      direction.code = portNumber(value)
      return direction.code === null || direction.code > 255 ? null : true
    case 'packets':
      direction.packets = counter(value)
      return direction.packets === null ? null : true
    case 'bytes':
      direction.bytes = counter(value)
      return direction.bytes === null ? null : true
    default:
      return false
  }
}

export const tupleOf = (direction: Direction): FlowTuple | null => {
  if (direction.source === null || direction.destination === null) return null
  const { type, code } = direction
  const icmp = type === null || code === null ? null : { type, code, id: direction.id }
  const { source, destination, sourcePort, destinationPort } = direction
  return { source, destination, sourcePort, destinationPort, icmp }
}

export const countersOf = ({ packets, bytes }: Direction): FlowCounters | null =>
  packets === null || bytes === null ? null : { packets, bytes }

const EVENT = /^\s*(?:\[(\d{1,12}(?:\.\d{1,9})?)\]\s+)?\[(NEW|UPDATE|DESTROY)\]\s+/
const TIMESTAMP = /^\s*\[\d{1,12}\.\d{1,9}\]\s+/
/** `[start=Fri Nov 20 …]`, the one flag with spaces in it. */
const TIMES = /\[(?:start|stop)=[^\]]{0,64}\]/g

/**
 * One line of `conntrack -L`, `-o extended`, `conntrack -E` or /proc/net/nf_conntrack. The layer 3 columns are there in
 * the extended and the /proc forms; the timeout is not there in DESTROY events; the /proc form spells IPv6 in full.
 */
export const parseFlowLine = (line: string): ParsedFlow => {
  const event = EVENT.exec(line)
  const start = event?.[0].length ?? TIMESTAMP.exec(line)?.[0].length ?? 0
  const tokens = line
    .slice(start)
    .replace(TIMES, '')
    .trim()
    .split(/[ \t]+/)
  let at = 0
  let family: AddressFamily | null = null
  if ((tokens[0] === 'ipv4' || tokens[0] === 'ipv6') && /^\d+$/.test(tokens[1] ?? '')) {
    family = tokens[0] === 'ipv4' ? 4 : 6
    at = 2
  }
  const protocol = protocolNumber(tokens[at + 1] ?? '')
  if (protocol === null || tokens[at]?.includes('=')) return { refused: 'no protocol stands where it should' }
  at += 2
  let timeoutSeconds: number | null = null
  if (/^\d+$/.test(tokens[at] ?? '')) {
    timeoutSeconds = counter(tokens[at] ?? '')
    at += 1
  }

  const original = emptyDirection()
  const reply = emptyDirection()
  const unknown: string[] = []
  let here = original
  let state: string | null = null
  let replied = true
  let assured = false
  let offloaded = false
  let mark: number | null = null
  let zone: number | null = null
  let id: number | null = null
  for (; at < tokens.length; at += 1) {
    const token = tokens[at] ?? ''
    if (token === '[UNREPLIED]') replied = false
    else if (token === '[ASSURED]') assured = true
    else if (token === '[OFFLOAD]' || token === '[HW_OFFLOAD]') offloaded = true
    else {
      const sign = token.indexOf('=')
      if (sign === -1) {
        if (state === null && original.source === null && /^[A-Z][A-Z0-9_]{0,31}$/.test(token)) state = token
        else unknown.push(token)
        continue
      }
      const name = token.slice(0, sign)
      const value = token.slice(sign + 1)
      if (name === 'src' && here.source !== null) {
        if (here === reply) return { refused: 'more than two directions in one flow' }
        here = reply
      }
      // An ICMP identifier stands right after the code; any later `id` is the kernel's own for the flow.
      if (name === 'id' && here.code !== null && here.id === null && here.packets === null && mark === null) {
        here.id = portNumber(value)
        if (here.id === null) return { refused: `${name} is malformed` }
        continue
      }
      const known = setField(here, name, value)
      if (known === null) return { refused: `${name} is malformed` }
      if (known) continue
      const number = unsigned(value)
      if (name === 'mark' || name === 'zone' || name === 'id') {
        if (number === null) return { refused: `${name} is malformed` }
        if (name === 'mark') mark = number
        else if (name === 'zone') zone = number
        else id = number
      } else if (!IGNORED.has(name)) unknown.push(name)
    }
  }

  const there = tupleOf(original)
  const back = tupleOf(reply)
  if (there === null || back === null || original.family === null || reply.family === null)
    return { refused: 'both directions must have a source and a destination' }
  if (family !== null && family !== original.family)
    return { refused: 'the addresses are not of the family that is named' }
  return {
    flow: {
      family: original.family,
      protocol,
      state,
      original: there,
      reply: back,
      replied,
      assured,
      offloaded,
      originalCounters: countersOf(original),
      replyCounters: countersOf(reply),
      timeoutSeconds,
      mark,
      zone,
      id,
      event: event === null ? null : eventOf(event[2] ?? ''),
      time: event?.[1] === undefined ? null : Number(event[1]),
    },
    unknown,
  }
}

export const eventOf = (word: string): Connection['event'] => {
  const lower = word.toLowerCase()
  return lower === 'new' || lower === 'update' || lower === 'destroy' ? lower : null
}

/** Bookkeeping of the kernel and of protocols without ports; no part of who talks to whom. */
const IGNORED = new Set(['use', 'delta-time', 'secctx', 'portid', 'srckey', 'dstkey', 'timeout', 'stream_timeout'])
