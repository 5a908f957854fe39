import { field, integer, isObject, type Json, text } from '../../model/json.ts'
import type { RuleTraffic } from '../../model/rule.ts'
import { portRange } from '../../sets/port-set.ts'
import { type PortProtocol, SCTP, TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, unionOfTraffics } from '../../sets/traffic.ts'
import { ALL_TRAFFIC, portProtocolOf, trafficOf } from '../kubernetes/rule-parts.ts'

/** A name of a port has no protocol in this API: whatever the container says. */
const ANY_PROTOCOL: readonly PortProtocol[] = [TCP, UDP, SCTP]

interface Collected {
  readonly exact: Traffic[]
  readonly maybe: Traffic[]
  readonly named: { name: string; protocol: PortProtocol }[]
}

const collected = (items: readonly Json[], collect: (item: Json, into: Collected) => void): RuleTraffic => {
  const into: Collected = { exact: [], maybe: [], named: [] }
  for (const item of items) collect(item, into)
  return trafficOf(unionOfTraffics(into.exact), { named: into.named, maybe: unionOfTraffics(into.maybe) })
}

const byName = (name: string, into: Collected): void => {
  for (const protocol of ANY_PROTOCOL) into.named.push({ name, protocol })
}

const range = (
  protocol: PortProtocol | null,
  first: Json | undefined,
  last: Json | undefined,
  into: Collected,
): void => {
  const read = portRange(integer(first) ?? 0, integer(last) ?? 0)
  // What the API would not take may be anything of its protocol.
  if (protocol === null) into.maybe.push(ALL_TRAFFIC.exact)
  else if (read.kind === 'refused') into.maybe.push(protocolTraffic(protocol))
  else into.exact.push(portTraffic(protocol, read.value))
}

/** v1alpha1 `ports`: `portNumber`, `portRange` or `namedPort`; none is everything. */
export const lowerPorts = (ports: readonly Json[]): RuleTraffic =>
  ports.length === 0
    ? ALL_TRAFFIC
    : collected(ports, (port, into) => {
        const name = text(field(port, 'namedPort'))
        const number = field(port, 'portNumber')
        const span = field(port, 'portRange')
        const protocol = (of: Json | undefined) => portProtocolOf(field(of, 'protocol') ?? 'TCP')
        if (name !== undefined) byName(name, into)
        else if (isObject(number)) range(protocol(number), field(number, 'port'), field(number, 'port'), into)
        else if (isObject(span)) range(protocol(span), field(span, 'start'), field(span, 'end'), into)
        else into.maybe.push(ALL_TRAFFIC.exact)
      })

/** v1alpha2 `protocols`: `tcp`, `udp` or `sctp` with a destination port, or the name of a port; none is everything. */
export const lowerProtocols = (protocols: readonly Json[]): RuleTraffic =>
  protocols.length === 0
    ? ALL_TRAFFIC
    : collected(protocols, (entry, into) => {
        const name = text(field(entry, 'destinationNamedPort'))
        if (name !== undefined) return byName(name, into)
        for (const [key, protocol] of [
          ['tcp', TCP],
          ['udp', UDP],
          ['sctp', SCTP],
        ] as const) {
          const of = field(entry, key)
          if (!isObject(of)) continue
          const port = field(of, 'destinationPort')
          const number = field(port, 'number')
          const span = field(port, 'range')
          if (number !== undefined) return range(protocol, number, number, into)
          if (isObject(span)) return range(protocol, field(span, 'start'), field(span, 'end'), into)
          // `tcp: {}` is refused by the API, and plainly means all of it.
          into.maybe.push(protocolTraffic(protocol))
          return
        }
        into.maybe.push(ALL_TRAFFIC.exact)
      })
