import { field, integer, type Json, list, text } from '../../model/json.ts'
import type { RuleTraffic } from '../../model/rule.ts'
import { portRange, portSets } from '../../sets/port-set.ts'
import { type PortProtocol, SCTP, TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { type CiliumContext, isOn, since } from './context.ts'

/** `ANY`, and no protocol, is every protocol that has ports. Source: pkg/policy/api, type PortProtocol. */
const PROTOCOLS: Readonly<Record<string, readonly PortProtocol[]>> = {
  '': [TCP, UDP, SCTP],
  ANY: [TCP, UDP, SCTP],
  TCP: [TCP],
  UDP: [UDP],
  SCTP: [SCTP],
}
/** Protocols without ports, taken from 1.20 on where `enable-extended-ip-protocols` is on; VRRP and IGMP since 1.19. */
const WITHOUT_PORTS: Readonly<Record<string, number>> = {
  VRRP: 112,
  IGMP: 2,
  GRE: 47,
  IPIP: 4,
  IPV6: 41,
  ESP: 50,
  AH: 51,
}

export const isProtocol = (name: string): boolean => Object.hasOwn(PROTOCOLS, name) || hasNoPorts(name)
export const hasNoPorts = (name: string): boolean => Object.hasOwn(WITHOUT_PORTS, name)

export const EVERY_TRAFFIC: RuleTraffic = { exact: traffics.full, named: [], maybe: traffics.empty }
const NO_TRAFFIC: RuleTraffic = { exact: traffics.empty, named: [], maybe: traffics.empty }

/**
 * The ports of one item of `toPorts`. Ports are the pod's, after a Service has mapped them. No ports at all: whether that
 * is every port or none is not documented. Source: docs.cilium.io, "Layer 4 Examples".
 */
export const lowerPorts = (portRule: Json, context: CiliumContext): RuleTraffic => {
  const ports = list(field(portRule, 'ports'))
  if (ports.length === 0) return { ...NO_TRAFFIC, maybe: traffics.full }
  const parts = ports.map(port => lowerPort(port, context))
  return {
    exact: unionOfTraffics(parts.map(part => part.exact)),
    named: parts.flatMap(part => part.named),
    maybe: unionOfTraffics(parts.map(part => part.maybe)),
  }
}

const lowerPort = (port: Json, context: CiliumContext): RuleTraffic => {
  const written = text(field(port, 'port')) ?? ''
  const protocol = text(field(port, 'protocol')) ?? ''
  if (hasNoPorts(protocol)) return withoutPorts(WITHOUT_PORTS[protocol] as number, context)
  const protocols = PROTOCOLS[protocol] ?? []
  if (isPortName(written))
    return { ...NO_TRAFFIC, named: protocols.map(number => ({ name: written.toLowerCase(), protocol: number })) }
  // The agent reads `010` as octal, a person does not.
  if (!/^(0|[1-9]\d{0,4})$/.test(written)) return { ...NO_TRAFFIC, maybe: ofPorts(protocols, 1, 65535) }
  const first = Number(written)
  // Ranges came with 1.16; before, the API server cut the end off. An end that is not above the port is ignored.
  const end = since(context, 16) === 'no' ? 0 : (integer(field(port, 'endPort')) ?? 0)
  if (first > 0) return { ...NO_TRAFFIC, exact: ofPorts(protocols, first, Math.max(first, end)) }
  // Port 0 is every port, and 0 to some port is what it says.
  const exact = ofPorts(protocols, 1, end === 0 ? 65535 : end)
  const everyProtocol = protocols.length > 1 && (end === 0 || end === 65535)
  // For `0/ANY` the agent has one key without protocol in some versions, and one for each in others.
  return { ...NO_TRAFFIC, exact, maybe: everyProtocol ? traffics.subtract(traffics.full, exact) : traffics.empty }
}

const withoutPorts = (protocol: number, context: CiliumContext): RuleTraffic => {
  const traffic = protocolTraffic(protocol)
  switch (isOn(context, 'enable-extended-ip-protocols', false)) {
    case 'yes':
      return { ...NO_TRAFFIC, exact: traffic }
    case 'no':
      return NO_TRAFFIC
    case 'unknown':
      return { ...NO_TRAFFIC, maybe: traffic }
  }
}

const ofPorts = (protocols: readonly PortProtocol[], first: number, last: number): Traffic => {
  const range = portRange(first, last)
  const ports = range.kind === 'refused' ? portSets.empty : range.value
  return unionOfTraffics(protocols.map(protocol => portTraffic(protocol, ports)))
}

/** A service name. Source: RFC 6335, section 5.1; pkg/iana, IsSvcName. */
export const isPortName = (name: string): boolean =>
  name.length <= 15 && /[a-zA-Z]/.test(name) && /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/.test(name)
