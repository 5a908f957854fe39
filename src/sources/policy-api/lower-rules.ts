import { field, integer, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import {
  type Direction,
  EVERY,
  type Peer,
  type PolicyPlace,
  type Rule,
  type RulePolicy,
  type Section,
  type Selector,
} from '../../model/rule.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { readCidr } from '../../sets/cidr.ts'
import { readNamePattern } from '../../sets/name-pattern.ts'
import { type ApiObject, lowerSelector, sourced } from '../kubernetes/object.ts'
import { ALL_TRAFFIC, anyBlock, both, selectorOf, unreadable } from '../kubernetes/rule-parts.ts'
import { lowerPorts, lowerProtocols } from './traffic.ts'

/**
 * AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1), ClusterNetworkPolicy (v1alpha2, v1beta1) of
 * policy.networking.k8s.io. None isolates by being there. Within a tier the lower priority comes first, within a policy the
 * earlier rule. Source: sigs.k8s.io/network-policy-api v0.3.0, apis/v1alpha2 and apis/v1beta1; v0.1.7, apis/v1alpha1.
 */
export const lowerAdminRules = (object: ApiObject): readonly RulePolicy[] => {
  const { spec } = object
  const refused = refusalOf(object)
  const section = (direction: Direction): Section => ({
    rules: list(field(spec, direction)).map((rule, i) => lowerRule(rule, direction, ['spec', direction, i])),
    isolates: false,
    isolatesAt: ['spec', direction],
  })
  return [
    {
      ...sourced(object),
      dialect: 'policy-api',
      place: placeOf(object),
      selects: 'pods',
      subject: refused === null ? subjectOf(field(spec, 'subject')) : both(subjectOf(field(spec, 'subject')), refused),
      egress: section('egress'),
      ingress: section('ingress'),
      inert:
        object.ref.kind === 'BaselineAdminNetworkPolicy' && object.ref.name !== 'default'
          ? 'a BaselineAdminNetworkPolicy counts only under the name `default`'
          : null,
    },
  ]
}

/** Words and numbers that the published schema does not take: nobody can tell what such a policy does, if anything. */
const refusalOf = ({ ref, spec }: ApiObject): Selector | null => {
  const unknown = (why: string): Selector => ({ kind: 'unknown', why })
  const priority = integer(field(spec, 'priority')) ?? -1
  if (ref.kind !== 'BaselineAdminNetworkPolicy' && (priority < 0 || priority > 1000))
    return unknown('its priority is not a number from 0 to 1000')
  const tier = text(field(spec, 'tier')) ?? ''
  if (ref.kind === 'ClusterNetworkPolicy' && tier !== 'Admin' && tier !== 'Baseline')
    return unknown(`\`${tier}\` is no tier`)
  const taken = TAKEN[ref.kind] ?? []
  const words = [...list(field(spec, 'egress')), ...list(field(spec, 'ingress'))].map(
    rule => text(field(rule, 'action')) ?? '',
  )
  const odd = words.find(word => !taken.includes(word))
  return odd === undefined ? null : unknown(`\`${odd}\` is no action of ${ref.kind}`)
}

/** The actions of each kind, by the enums of its types. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  AdminNetworkPolicy: ['Allow', 'Deny', 'Pass'],
  BaselineAdminNetworkPolicy: ['Allow', 'Deny'],
  ClusterNetworkPolicy: ['Accept', 'Deny', 'Pass'],
}

/** A priority that the API would not take stands last. */
const placeOf = ({ ref, spec }: ApiObject): PolicyPlace => {
  if (ref.kind === 'BaselineAdminNetworkPolicy') return { tier: 'baseline', priority: 0 }
  return {
    tier: ref.kind === 'ClusterNetworkPolicy' && text(field(spec, 'tier')) === 'Baseline' ? 'baseline' : 'admin',
    priority: integer(field(spec, 'priority')) ?? Number.MAX_SAFE_INTEGER,
  }
}

const subjectOf = (subject: Json | undefined): Selector =>
  podsOf(subject) ?? { kind: 'unknown', why: 'the subject names neither namespaces nor pods' }

/** `namespaces`, or `pods` with its two selectors: the same for a subject and for a peer. */
const podsOf = (value: Json | undefined): Selector | null => {
  const namespaces = lowerSelector(field(value, 'namespaces'))
  if (namespaces !== null) return selectorOf('namespace', namespaces)
  const pods = field(value, 'pods')
  if (!isObject(pods)) return null
  const inNamespaces = lowerSelector(field(pods, 'namespaceSelector'))
  const podSelector = lowerSelector(field(pods, 'podSelector'))
  return both(
    inNamespaces === null ? EVERY : selectorOf('namespace', inNamespaces),
    podSelector === null ? EVERY : selectorOf('pod', podSelector),
  )
}

const ACTIONS: Readonly<Record<string, Rule['action']>> = {
  Allow: 'allow',
  Accept: 'allow',
  Deny: 'deny',
  Pass: 'pass',
}

const lowerRule = (rule: Json, direction: Direction, at: DocumentPath): Rule => {
  const word = text(field(rule, 'action')) ?? ''
  const action = Object.hasOwn(ACTIONS, word) ? (ACTIONS[word] as Rule['action']) : null
  const peers = list(field(rule, direction === 'egress' ? 'to' : 'from')).map(peer => lowerPeer(peer, direction))
  const known = peers.filter(peer => peer !== null)
  const common = { limit: null, at, doubt: null }
  if (action === null) {
    const doubt = unreadable(`\`${word}\` is no action`)
    return { ...common, action: 'deny', peers: [{ kind: 'unknown', doubt }], traffic: ALL_TRAFFIC, doubt }
  }
  // A peer of a kind that is not known fails closed: "treat the rule as matching no traffic", "as a 'Deny all' rule".
  if (known.length < peers.length)
    return action === 'allow'
      ? { ...common, action, peers: [], traffic: ALL_TRAFFIC }
      : { ...common, action: 'deny', peers: [{ kind: 'everything' }], traffic: ALL_TRAFFIC }
  const traffic =
    field(rule, 'protocols') === undefined
      ? lowerPorts(list(field(rule, 'ports')))
      : lowerProtocols(list(field(rule, 'protocols')))
  return { ...common, action, peers: action === 'allow' ? known : known.map(doubtfulNames), traffic }
}

/** "DomainNames is only supported for Accept rules": what it does elsewhere nobody says. */
const doubtfulNames = (peer: Peer): Peer =>
  peer.kind === 'names'
    ? {
        kind: 'maybe',
        peer,
        doubt: {
          level: 'undefined',
          why: 'domainNames stands in a rule that does not accept',
          settledBy: 'the implementation',
        },
      }
    : peer

/** null: a kind of peer that is not known here. Sources are pods: only destinations may be nodes, ranges or names. */
const lowerPeer = (peer: Json, direction: Direction): Peer | null => {
  const kinds = PEER_KINDS.filter(kind => (field(peer, kind) ?? null) !== null)
  // "Exactly one of the fields must be set."
  if (kinds.length > 1) return { kind: 'unknown', doubt: unreadable(`a peer with ${kinds.join(' and ')}`) }
  const pods = podsOf(peer)
  if (pods !== null) return { kind: 'pods', selector: pods }
  if (direction === 'ingress') return null
  const nodes = lowerSelector(field(peer, 'nodes'))
  if (nodes !== null) return { kind: 'nodes', which: 'every', selector: selectorOf('node', nodes) }
  if (field(peer, 'networks') !== undefined) return lowerNetworks(texts(field(peer, 'networks')))
  if (field(peer, 'domainNames') !== undefined) return lowerNames(texts(field(peer, 'domainNames')))
  return null
}

const PEER_KINDS = ['namespaces', 'pods', 'nodes', 'networks', 'domainNames']

const lowerNetworks = (written: readonly string[]): Peer => {
  const cidrs = []
  let doubt: string | null = null
  for (const one of written) {
    const read = readCidr(one)
    if (read.kind === 'refused') doubt = read.why
    else cidrs.push(read.value)
  }
  return doubt === null ? { kind: 'block', addresses: addressesOfCidrs(cidrs) } : anyBlock(doubt)
}

/** `*.` is one or more labels here, which the algebra writes `**.`. */
const lowerNames = (written: readonly string[]): Peer => {
  const patterns = []
  for (const name of written) {
    const read = readNamePattern(name.startsWith('*.') ? `*${name}` : name)
    if (read.kind === 'refused') return { kind: 'unknown', doubt: unreadable(read.why) }
    patterns.push(read.value)
  }
  return { kind: 'names', patterns }
}
