import { integer, type Json } from '../../model/json.ts'
import { type PortSet, portRange, unionOfPorts } from '../../sets/port-set.ts'
import { ICMP, TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import type { TrafficReading } from '../aws/traffic.ts'
import { word, wordsUnder } from './property.ts'

const ESP = 50
const AH = 51

/**
 * Of rules of groups: a protocol by name, ports of the destination, ports of the source. With ports `*` is TCP and UDP.
 * Source: Azure REST API Reference, SecurityRule, SecurityRuleProtocol.
 */
export const trafficOfRule = (rule: Json | null): TrafficReading => {
  if (rule === null) return { traffic: traffics.full, doubt: null }
  const destination = portsUnder(rule, 'destination')
  const source = portsUnder(rule, 'source')
  const read = covered(word(rule, 'protocol')?.toLowerCase() ?? '', destination.ports)
  return {
    traffic: read ?? traffics.full,
    doubt:
      read === null
        ? 'its protocol is not known'
        : (destination.fault ??
          source.fault ??
          (source.ports === null ? null : 'it is for some ports of the sender alone')),
  }
}

/** `ports` null: all of them. */
const covered = (protocol: string, ports: PortSet | null): Traffic | null => {
  switch (protocol) {
    case '*':
    case 'any':
      return ports === null ? traffics.full : unionOfTraffics([portTraffic(TCP, ports), portTraffic(UDP, ports)])
    case 'tcp':
      return ports === null ? protocolTraffic(TCP) : portTraffic(TCP, ports)
    case 'udp':
      return ports === null ? protocolTraffic(UDP) : portTraffic(UDP, ports)
    case 'icmp':
      return protocolTraffic(ICMP)
    case 'esp':
      return protocolTraffic(ESP)
    case 'ah':
      return protocolTraffic(AH)
    default:
      return null
  }
}

export interface PortsReading {
  /** null: all of them. */
  readonly ports: PortSet | null
  readonly fault: string | null
}

const portsUnder = (rule: Json, side: 'source' | 'destination'): PortsReading => {
  const written = wordsUnder(rule, `${side}PortRange`, `${side}PortRanges`)
  if (written.length === 0) return { ports: null, fault: side === 'source' ? null : 'it does not say its ports' }
  return portsOf(written)
}

/** `*`, `443`, `8000-8080`; ranges begin at port 0, which no packet goes to. */
export const portsOf = (written: readonly Json[]): PortsReading => {
  const sets: PortSet[] = []
  for (const one of written) {
    const text = typeof one === 'string' ? one.trim() : String(integer(one) ?? '')
    if (text === '*' || text === '0-65535') return { ports: null, fault: null }
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
    const read = first === '' ? null : portRange(Math.max(1, Number(first)), Number(last))
    if (read === null || read.kind === 'refused') return { ports: null, fault: 'its ports cannot be read' }
    sets.push(read.value)
  }
  return { ports: unionOfPorts(sets), fault: null }
}
