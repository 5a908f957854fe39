import { ofKind } from './estate.ts'
import { at, integer, isObject, list, text } from './json.ts'
import { isNamedPort, isPort, protocolNumber, type Question } from './question.ts'
import { some, tri } from './three.ts'
import { ICMP, ICMPV6, type Json, type Packet, SCTP, TCP, type Tri, UDP } from './types.ts'

/** Does the traffic fit, and is a proxy asked before it passes? */
export interface Fit {
  readonly fits: Tri
  readonly proxied: boolean
}

/**
 * `toPorts` and `icmps` of a rule; without either, all traffic. A rule that only names ports does not allow ICMP.
 * Source: cilium, pkg/policy/api, types PortRule, PortProtocol, ICMPField; docs.cilium.io, "Layer 4 Policies".
 */
export const traffic = (question: Question, rule: Json): Fit => {
  const ports = list(at(rule, 'toPorts'))
  const icmps = list(at(rule, 'icmps'))
  if (ports.length === 0 && icmps.length === 0) return { fits: 'yes', proxied: false }
  const entries = ports.map(entry => ({ entry, fits: portRule(question, entry) }))
  const fields = icmps.flatMap(entry => list(at(entry, 'fields')))
  const plain = some([
    ...entries.filter(({ entry }) => !isLimited(entry)).map(({ fits }) => fits),
    ...fields.map(field => isIcmp(question.packet, field)),
  ])
  const limited = some(entries.filter(({ entry }) => isLimited(entry)).map(({ fits }) => fits))
  // What the proxy refuses hangs on more than one packet shows.
  return { fits: some([plain, limited === 'no' ? 'no' : 'unknown']), proxied: plain !== 'yes' && limited !== 'no' }
}

/** Anything that lets a proxy look at the traffic. DNS rules for every name refuse no question. */
const isLimited = (entry: Json): boolean => {
  const rules = at(entry, 'rules')
  const everyName = list(at(rules, 'dns')).some(rule => at(rule, 'matchPattern') === '*')
  return (
    (isObject(rules) && Object.keys(rules).length > 0 && !everyName) ||
    list(at(entry, 'serverNames')).length > 0 ||
    at(entry, 'listener') !== undefined ||
    at(entry, 'terminatingTLS') !== undefined
  )
}

const portRule = (question: Question, entry: Json): Tri => {
  const ports = list(at(entry, 'ports'))
  return ports.length === 0 ? 'unknown' : some(ports.map(port => isPortProtocol(question, port)))
}

/** The protocol defaults to ANY: TCP, UDP and SCTP. Port `0` is every port. `endPort` is inclusive. */
const isPortProtocol = (question: Question, entry: Json): Tri => {
  const { packet } = question
  const protocol = text(at(entry, 'protocol')) || 'ANY'
  const port = text(at(entry, 'port'))
  const number = protocolNumber(protocol)
  if (port === undefined || (protocol !== 'ANY' && number === undefined)) return 'unknown'
  const hasPorts = packet.protocol === TCP || packet.protocol === UDP || packet.protocol === SCTP
  if (port === '0') {
    if (protocol !== 'ANY') return tri(number === packet.protocol)
    // Older versions mean the protocols with ports, newer ones everything.
    return hasPorts ? 'yes' : 'unknown'
  }
  if (!hasPorts || (number !== undefined && number !== packet.protocol)) return 'no'
  if (/[a-z]/i.test(port)) return isCiliumName(question, port.toLowerCase(), protocol === 'ANY' ? null : protocol)
  const first = /^[1-9]\d{0,4}$/.test(port) ? Number(port) : undefined
  const last = at(entry, 'endPort') === undefined ? first : integer(at(entry, 'endPort'))
  return first === undefined || last === undefined ? 'unknown' : isPort(packet, first, Math.max(first, last))
}

/**
 * On ingress, the pod's own ports. On egress, versions differ: up to 1.17 one number is looked up for the name among all
 * pods, for any destination, and two numbers mean none; later each destination has its own. Certain only where all agree.
 * Source: cilium, pkg/types/portmap.go and pkg/endpoint, GetNamedPort.
 */
const isCiliumName = (question: Question, name: string, protocol: string | null): Tri => {
  const own = isNamedPort(question, name, protocol)
  if (question.direction === 'ingress') return own
  const numbers = new Set(
    ofKind(question.objects, '', 'Pod')
      .filter(pod => at(pod, 'spec', 'hostNetwork') !== true)
      .flatMap(pod => list(at(pod, 'spec', 'containers')))
      .flatMap(container => list(at(container, 'ports')))
      .filter(port => at(port, 'name') === name)
      .filter(port => protocolNumber(text(at(port, 'protocol')) ?? 'TCP') === question.packet.protocol)
      .filter(port => protocol === null || (text(at(port, 'protocol')) ?? 'TCP') === protocol)
      .map(port => integer(at(port, 'containerPort'))),
  )
  const [first] = [...numbers]
  const shared = numbers.size !== 1 || first === undefined ? 'no' : isPort(question.packet, first, first)
  return own === shared ? own : 'unknown'
}

/** The family defaults to IPv4; the type is a number or a name; any code. */
const isIcmp = (packet: Packet, field: Json): Tri => {
  const six = at(field, 'family') === 'IPv6'
  if (packet.protocol !== (six ? ICMPV6 : ICMP)) return 'no'
  const written = at(field, 'type')
  const digits = typeof written === 'string' && /^(0|[1-9]\d{0,2})$/.test(written) ? Number(written) : undefined
  const type = integer(written) ?? digits ?? (six ? SIX : FOUR).get(text(written) ?? '')
  return type === undefined || packet.type === undefined ? 'unknown' : tri(packet.type === type)
}

/** The names that both parties of a ping use; the others stay unread. Source: cilium, pkg/policy/api/icmp.go. */
const FOUR: ReadonlyMap<string, number> = new Map([
  ['EchoReply', 0],
  ['DestinationUnreachable', 3],
  ['EchoRequest', 8],
  ['TimeExceeded', 11],
])
const SIX: ReadonlyMap<string, number> = new Map([
  ['DestinationUnreachable', 1],
  ['PacketTooBig', 2],
  ['TimeExceeded', 3],
  ['EchoRequest', 128],
  ['EchoReply', 129],
])
