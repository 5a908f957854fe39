import { field, integer, isObject, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import {
  type Direction,
  EVERY,
  type Peer,
  type Rule,
  type RulePolicy,
  type RuleTraffic,
  type Section,
  type Selector,
} from '../../model/rule.ts'
import { EVERYTHING } from '../../model/selector.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { portRange } from '../../sets/port-set.ts'
import type { PortProtocol } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, unionOfTraffics } from '../../sets/traffic.ts'
import { type ApiObject, lowerSelector, sourced } from './object.ts'
import { ALL_TRAFFIC, anyBlock, both, portProtocolOf, selectorOf, silent, trafficOf, unreadable } from './rule-parts.ts'

/**
 * NetworkPolicy, networking.k8s.io/v1. Without policyTypes a policy affects ingress, and egress only where it has egress
 * rules; `egress: []` is stored as no egress at all. A missing podSelector selects every pod of the namespace.
 * Source: k8s.io/api/networking/v1, types NetworkPolicySpec, NetworkPolicyEgressRule, NetworkPolicyPeer, NetworkPolicyPort.
 */
export const lowerNetworkPolicyRules = (object: ApiObject): readonly RulePolicy[] => {
  const { spec } = object
  const namespace = object.ref.namespace ?? 'default'
  const written = list(field(spec, 'policyTypes'))
  // "policyTypes" takes two words. With another one the API refuses the policy, so that nobody can tell what it does.
  const isReadable = written.every(type => type === 'Ingress' || type === 'Egress')
  const hasEgress = list(field(spec, 'egress')).length > 0
  const types: readonly Json[] =
    !isReadable || (written.length === 0 && hasEgress) ? BOTH : written.length > 0 ? written : ['Ingress']
  const section = (direction: Direction, type: string): Section => {
    const rules = list(field(spec, direction)).map((rule, i) =>
      lowerRule(rule, direction === 'egress' ? 'to' : 'from', ['spec', direction, i], namespace),
    )
    if (types.includes(type))
      return { rules, isolates: true, isolatesAt: written.length > 0 ? ['spec', 'policyTypes'] : ['spec'] }
    return rules.length === 0
      ? silent(direction)
      : { rules, isolates: true, isolatesAt: ['spec', direction], unclaimed: true }
  }
  return [
    {
      ...sourced(object),
      dialect: 'kubernetes',
      place: { tier: 'workload' },
      selects: 'pods',
      subject: both(
        { kind: 'namespace', name: namespace },
        selectorOf('pod', lowerSelector(field(spec, 'podSelector')) ?? EVERYTHING),
        ...(isReadable ? [] : [UNREADABLE_TYPES]),
      ),
      egress: section('egress', 'Egress'),
      ingress: section('ingress', 'Ingress'),
      inert: null,
    },
  ]
}

const BOTH = ['Ingress', 'Egress']
const UNREADABLE_TYPES: Selector = { kind: 'unknown', why: 'policyTypes holds more than `Ingress` and `Egress`' }

const lowerRule = (rule: Json, key: 'to' | 'from', at: DocumentPath, namespace: string): Rule => {
  const peers = list(field(rule, key))
  return {
    action: 'allow',
    peers: peers.length === 0 ? [{ kind: 'everything' }] : peers.map(peer => lowerPeer(peer, namespace)),
    traffic: lowerPorts(list(field(rule, 'ports'))),
    limit: null,
    at,
    doubt: null,
  }
}

const lowerPeer = (peer: Json, namespace: string): Peer => {
  const block = field(peer, 'ipBlock') ?? null
  if (block !== null) {
    // "If this field is set then neither of the other fields can be."
    const others = field(peer, 'podSelector') ?? field(peer, 'namespaceSelector') ?? null
    if (others !== null) return { kind: 'unknown', doubt: unreadable('a peer with an ipBlock and a selector') }
    return isObject(block) ? lowerBlock(block) : anyBlock('an ipBlock that is no object')
  }
  const pods = lowerSelector(field(peer, 'podSelector'))
  const namespaces = lowerSelector(field(peer, 'namespaceSelector'))
  if (pods === null && namespaces === null)
    return { kind: 'unknown', doubt: unreadable('a peer without ipBlock, podSelector or namespaceSelector') }
  return {
    kind: 'pods',
    selector: both(
      namespaces === null ? { kind: 'namespace', name: namespace } : selectorOf('namespace', namespaces),
      pods === null ? EVERY : selectorOf('pod', pods),
    ),
  }
}

/** An exception of one family takes nothing from a block of the other; the API refuses one that is not inside. */
const lowerBlock = (block: Json): Peer => {
  const text_ = text(field(block, 'cidr')) ?? ''
  const cidr = readCidr(text_)
  if (cidr.kind === 'refused') return anyBlock(cidr.why)
  const exceptions: AnyCidr[] = []
  let doubt: string | null = null
  for (const written of list(field(block, 'except'))) {
    const read = readCidr(text(written) ?? '')
    if (read.kind === 'refused') doubt = read.why
    else exceptions.push(read.value)
  }
  const peer: Peer = { kind: 'block', addresses: addressesOfCidrs([cidr.value], exceptions) }
  return doubt === null ? peer : { kind: 'maybe', peer, doubt: unreadable(doubt) }
}

/** No port is every port of every protocol; a protocol without a port is all its ports. The protocol defaults to TCP. */
const lowerPorts = (ports: readonly Json[]): RuleTraffic => {
  if (ports.length === 0) return ALL_TRAFFIC
  const exact: Traffic[] = []
  const maybe: Traffic[] = []
  const named: { name: string; protocol: PortProtocol }[] = []
  for (const port of ports) {
    const protocol = portProtocolOf(field(port, 'protocol') ?? 'TCP')
    const value = field(port, 'port') ?? null
    const endPort = field(port, 'endPort') ?? null
    if (protocol === null) {
      maybe.push(ALL_TRAFFIC.exact)
    } else if (endPort !== null && typeof value !== 'number') {
      // "This field cannot be defined if the port field is not defined or if the port field is defined as a named (string) port."
      maybe.push(protocolTraffic(protocol))
    } else if (value === null) {
      exact.push(protocolTraffic(protocol))
    } else if (typeof value === 'string' && !/^\d+$/.test(value)) {
      named.push({ name: value, protocol })
    } else {
      const first = integer(value)
      const last = endPort === null ? first : integer(endPort)
      const range = first === undefined || last === undefined ? null : portRange(first, last)
      if (range === null || range.kind === 'refused') maybe.push(protocolTraffic(protocol))
      else exact.push(portTraffic(protocol, range.value))
    }
  }
  return trafficOf(unionOfTraffics(exact), { named, maybe: unionOfTraffics(maybe) })
}
