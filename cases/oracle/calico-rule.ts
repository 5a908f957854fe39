import {
  isChosen,
  isInNets,
  readAccountSelector,
  readNamespaceSelector,
  readNet,
  selectorAt,
} from './calico-endpoints.ts'
import type { CalicoSelector } from './calico-selector.ts'
import type { Party } from './estate.ts'
import { at, integer, isObject, list, text } from './json.ts'
import { type AnyQuestion, isNamedPort, isPort } from './question.ts'
import { every, not, some, tri } from './three.ts'
import { ICMP, ICMPV6, type Json, SCTP, TCP, type Tri, UDP } from './types.ts'

/**
 * Does a rule of a Calico policy match the packet? `namespace` is the policy's, null for a global one.
 * Source: docs.tigera.io, Network policy, "Rule", "EntityRule"; calico, libcalico-go/lib/backend/syncersv1/updateprocessors/
 * rules.go, RuleAPIV2ToBackend; felix/rules/policy.go, ProtoRuleToIptablesRules.
 */
export const ruleMatches = (question: AnyQuestion, rule: Json, namespace: string | null): Tri => {
  const { direction, subject, peer } = question
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject]
  const source = at(rule, 'source') ?? {}
  const destination = at(rule, 'destination') ?? {}
  return every([
    isProtocol(question, at(rule, 'protocol')) ?? 'yes',
    not(isProtocol(question, at(rule, 'notProtocol')) ?? 'no'),
    isMessage(question, at(rule, 'icmp')) ?? 'yes',
    not(isMessage(question, at(rule, 'notICMP')) ?? 'no'),
    isFamily(question, at(rule, 'ipVersion')),
    // What a proxy checks.
    at(rule, 'http') === undefined ? 'yes' : 'unknown',
    entityMatches(question, source, from, namespace),
    entityMatches(question, destination, to, namespace),
    sourcePortsMatch(source),
    portsMatch(question, destination),
  ])
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
  ['sctp', SCTP],
  ['udplite', 136],
])

/** A name in any case, or a number, in quotes or not; null: not said. */
const isProtocol = ({ packet }: AnyQuestion, written: Json | undefined): Tri | null => {
  if (written === undefined) return null
  const number = protocolOf(written)
  return number === undefined ? 'unknown' : tri(number === packet.protocol)
}

export const protocolOf = (written: Json | undefined): number | undefined => {
  const name = text(written) ?? ''
  return (
    integer(written) ?? PROTOCOLS.get(name.toLowerCase()) ?? (/^[1-9]\d{0,2}$/.test(name) ? Number(name) : undefined)
  )
}

/** A code goes with a type only. */
const isMessage = ({ packet }: AnyQuestion, written: Json | undefined): Tri | null => {
  if (written === undefined) return null
  if (packet.protocol !== ICMP && packet.protocol !== ICMPV6) return 'no'
  const type = integer(at(written, 'type'))
  const code = integer(at(written, 'code'))
  if (type === undefined) return isObject(written) && code === undefined ? null : 'unknown'
  return every([equals(packet.type, type), code === undefined ? 'yes' : equals(packet.code, code)])
}

const equals = (known: number | undefined, wanted: number): Tri =>
  known === undefined ? 'unknown' : tri(known === wanted)

const familyOf = ({ subject, peer }: AnyQuestion): 4 | 6 | null => (subject.address ?? peer.address)?.family ?? null

const isFamily = (question: AnyQuestion, version: Json | undefined): Tri => {
  if (version === undefined) return 'yes'
  const family = familyOf(question)
  return (version !== 4 && version !== 6) || family === null ? 'unknown' : tri(family === version)
}

const entityMatches = (question: AnyQuestion, entity: Json, party: Party, namespace: string | null): Tri =>
  every([
    netsMatch(question, party, list(at(entity, 'nets')), false),
    netsMatch(question, party, list(at(entity, 'notNets')), true),
    selectorsMatch(question, entity, party, namespace),
    // Endpoints of a Service, and names, which only other editions know: not followed.
    at(entity, 'services') === undefined && at(entity, 'domains') === undefined ? 'yes' : 'unknown',
  ])

/**
 * A rule is written for each family apart, with the nets of that family; where nets are named and none is of the family, the
 * rule is not written for it, and so matches nothing, even if the nets are those that it leaves out.
 * Source: calico, felix/rules/policy.go, FilterRuleToIPVersion, filterNets.
 */
const netsMatch = (question: AnyQuestion, party: Party, nets: readonly Json[], negated: boolean): Tri => {
  if (nets.length === 0) return 'yes'
  const family = familyOf(question)
  if (family === null) return 'unknown'
  const mine = nets.filter(net => (readNet(net)?.family ?? family) === family)
  if (mine.length === 0) return 'no'
  const inside = isInNets(party, mine)
  return negated ? not(inside) : inside
}

/**
 * A rule of a namespaced policy that names labels in any way means its own namespace, if it names no other. `notSelector`
 * takes away from what the others choose; alone, in a global policy, it leaves everything else, outside addresses too.
 * Source: calico, rules.go, getEndpointSelector; felix/calc/rule_scanner.go, combineMatchesIfPossible.
 */
const selectorsMatch = (question: AnyQuestion, entity: Json, party: Party, namespace: string | null): Tri => {
  const { objects } = question
  const labels = selectorAt(entity, 'selector')
  const namespaces = selectorAt(entity, 'namespaceSelector', readNamespaceSelector)
  const accounts = accountsOf(at(entity, 'serviceAccounts'))
  const without = selectorAt(entity, 'notSelector')
  if (labels === null && namespaces === null && accounts === null && without === null) return 'yes'
  const own: CalicoSelector | null =
    namespace === null ? null : of => tri(of('projectcalico.org/namespace') === namespace)
  const wanted = [labels, accounts, namespaces ?? own].filter(selector => selector !== null)
  if (wanted.length === 0) return without === null ? 'yes' : not(isChosen(objects, party, without))
  return isChosen(objects, party, of =>
    every([...wanted.map(selector => selector(of)), without === null ? 'yes' : not(without(of))]),
  )
}

/** Names, and a selector on the accounts' labels; null: neither is there. */
const accountsOf = (written: Json | undefined): CalicoSelector | null => {
  const names = list(at(written, 'names'))
  const selector = selectorAt(written, 'selector', readAccountSelector)
  if (names.length === 0) return selector
  const named: CalicoSelector = of => {
    const account = of('projectcalico.org/serviceaccount')
    return account === undefined ? 'unknown' : tri(account !== null && names.includes(account))
  }
  return selector === null ? named : of => every([named(of), selector(of)])
}

/** No packet here says which port it comes from. */
const sourcePortsMatch = (source: Json): Tri =>
  list(at(source, 'ports')).length === 0 && list(at(source, 'notPorts')).length === 0 ? 'yes' : 'unknown'

const portsMatch = (question: AnyQuestion, destination: Json): Tri => {
  const ports = list(at(destination, 'ports'))
  return every([
    ports.length === 0 ? 'yes' : some(ports.map(port => isWritten(question, port))),
    not(some(list(at(destination, 'notPorts')).map(port => isWritten(question, port)))),
  ])
}

/** A number, a range with a colon, or a name, which pods resolve for the packet's protocol. */
const isWritten = (question: AnyQuestion, port: Json): Tri => {
  const number = integer(port)
  if (number !== undefined) return isPort(question.packet, number, number)
  const written = text(port)
  if (written === undefined) return 'unknown'
  const [, first, last = first] = /^(0|[1-9]\d*)(?::(0|[1-9]\d*))?$/.exec(written) ?? []
  if (first !== undefined) return isPort(question.packet, Number(first), Number(last))
  return /[a-zA-Z]/.test(written) && !written.includes(':') ? isNamedPort(question, written, null) : 'unknown'
}
