import { at, field, integer, isObject, type Json, text } from '../../model/json.ts'
import { type Reading, readAs, refuse } from '../../sets/algebra.ts'
import type { Family } from '../../sets/cidr.ts'
import { icmpMessages } from '../../sets/icmp-set.ts'
import { type PortSet, portRange, portSets } from '../../sets/port-set.ts'
import { hasTypes, ICMPV6, type IcmpProtocol, type PortProtocol, readProtocol, TCP, UDP } from '../../sets/protocol.ts'
import { remembered } from '../../sets/remembered.ts'
import { icmpTraffic, portTraffic, protocolTraffic, type Traffic, traffics } from '../../sets/traffic.ts'

/** What a rule covers. `doubt`: it covers some of this traffic, and nobody can tell what. */
export interface TrafficReading {
  readonly traffic: Traffic
  readonly doubt: string | null
}

/**
 * Of security groups: every protocol but TCP, UDP and the two of ICMP is all of it, whatever ports stand beside it, and so is
 * `-1`. Without ports a rule is about all of them. Source: EC2 API Reference, IpPermission, SecurityGroupRule.
 */
export const trafficOfPermission = (rule: Json | undefined): TrafficReading => {
  const said = ['IpProtocol', 'FromPort', 'ToPort'].map(key => given(field(rule, key)) ?? null)
  return said.some(isObject) ? permitted(said) : sameSaid(JSON.stringify(said))
}

const permitted = ([protocolSaid, from, to]: readonly Json[]): TrafficReading =>
  trafficOf(protocolSaid, protocol => {
    if (from === null && to === null) return 'all'
    return hasTypes(protocol) ? messages(protocol, from, to) : ports(protocol, from, to)
  })

const sameSaid = remembered((said: string) => permitted(JSON.parse(said) as readonly Json[]))

/**
 * Of network ACLs: the same but that TCP, UDP and ICMP must say what they are about, and that ICMPv6 in a rule for IPv4 is all of
 * it. Source: EC2 API Reference, NetworkAclEntry, CreateNetworkAclEntry.
 */
export const trafficOfAclEntry = (entry: Json | undefined, family: Family): TrafficReading =>
  trafficOf(field(entry, 'Protocol'), protocol => {
    if (protocol === ICMPV6 && family === 4) return 'all'
    return hasTypes(protocol)
      ? messages(protocol, at(entry, 'IcmpTypeCode', 'Type'), at(entry, 'IcmpTypeCode', 'Code'))
      : ports(protocol, at(entry, 'PortRange', 'From'), at(entry, 'PortRange', 'To'))
  })

type Detailed = typeof TCP | typeof UDP | IcmpProtocol

const trafficOf = (
  written: Json | undefined,
  detail: (protocol: Detailed) => 'all' | Reading<Traffic>,
): TrafficReading => {
  const protocol = text(written) ?? integer(written)
  if (protocol === undefined) return { traffic: traffics.full, doubt: 'its protocol is missing or no text' }
  if (String(protocol) === '-1') return { traffic: traffics.full, doubt: null }
  const number = readProtocol(protocol)
  if (number.kind === 'refused') return { traffic: traffics.full, doubt: number.why }
  const all = protocolTraffic(number.value)
  if (!isDetailed(number.value)) return { traffic: all, doubt: null }
  const part = detail(number.value)
  if (part === 'all') return { traffic: all, doubt: null }
  return part.kind === 'refused' ? { traffic: all, doubt: part.why } : { traffic: part.value, doubt: null }
}

const isDetailed = (protocol: number): protocol is Detailed =>
  protocol === TCP || protocol === UDP || hasTypes(protocol)

/** null counts as absent. */
const given = (value: Json | undefined): Json | undefined => (value === null ? undefined : value)

const ports = (protocol: PortProtocol, from: Json | undefined, to: Json | undefined): Reading<Traffic> => {
  const [first, last] = [integer(from), integer(to)]
  if (first === undefined || last === undefined) return refuse('its ports are not two whole numbers')
  const read = portsBetween(first, last)
  return read.kind === 'refused' ? read : readAs(portTraffic(protocol, read.value))
}

/** Rules begin at port 0, which no packet goes to. */
const portsBetween = (first: number, last: number): Reading<PortSet> =>
  first === 0 && last === 0 ? readAs(portSets.empty) : portRange(first === 0 ? 1 : first, last)

/** -1 is every type, or every code. */
const messages = (protocol: IcmpProtocol, type: Json | undefined, code: Json | undefined): Reading<Traffic> => {
  const [typeNumber, codeNumber] = [integer(type), integer(code)]
  if (typeNumber === undefined || codeNumber === undefined) return refuse('its ICMP type or code is no whole number')
  const read = icmpMessages(typeNumber === -1 ? null : typeNumber, codeNumber === -1 ? null : codeNumber)
  return read.kind === 'refused' ? read : readAs(icmpTraffic(protocol, read.value))
}
