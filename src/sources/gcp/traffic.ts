import { field, integer, type Json, list, text } from '../../model/json.ts'
import { portRange } from '../../sets/port-set.ts'
import { hasPorts, readProtocol } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import type { TrafficReading } from '../aws/traffic.ts'

/**
 * What the lists `allowed` and `denied` of a rule cover, and `layer4Configs` of a rule of a policy: a protocol by name or number, or
 * `all`, and ports and ranges of ports where it has them; without them every port.
 * Source: Compute Engine API, Firewall, FirewallPolicyRuleMatcherLayer4Config.
 */
export const trafficOf = (parts: Json | undefined, key: 'IPProtocol' | 'ipProtocol'): TrafficReading => {
  const reads = list(parts).map(part => partOf(part, key))
  if (reads.length === 0) return { traffic: traffics.full, doubt: 'it names no protocol' }
  return {
    traffic: unionOfTraffics(reads.map(({ traffic }) => traffic)),
    doubt: reads.find(({ doubt }) => doubt !== null)?.doubt ?? null,
  }
}

const partOf = (part: Json, key: string): TrafficReading => {
  const written = text(field(part, key)) ?? integer(field(part, key))
  if (written === undefined) return { traffic: traffics.full, doubt: 'a protocol is missing or no text' }
  if (String(written).toLowerCase() === 'all') return { traffic: traffics.full, doubt: null }
  const protocol = readProtocol(written)
  if (protocol.kind === 'refused') return { traffic: traffics.full, doubt: protocol.why }
  const all = protocolTraffic(protocol.value)
  const ports = list(field(part, 'ports'))
  if (ports.length === 0) return { traffic: all, doubt: null }
  if (!hasPorts(protocol.value))
    return { traffic: all, doubt: `protocol ${written} has no ports, and its rule names some` }
  const sets: Traffic[] = []
  for (const one of ports) {
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text(one) ?? '') ?? []
    const read = first === undefined ? null : portRange(Math.max(1, Number(first)), Number(last ?? first))
    // Port 0 alone is on no wire.
    if (first !== undefined && Number(last ?? first) === 0) continue
    if (read === null || read.kind === 'refused') return { traffic: all, doubt: 'its ports cannot be read' }
    sets.push(portTraffic(protocol.value, read.value))
  }
  return { traffic: sets.length === 0 ? traffics.empty : unionOfTraffics(sets), doubt: null }
}
