import type { Doubt, Peer } from '../../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { holdsFor, NAMESPACE, podSelectorOf } from './endpoint-selector.ts'
import { type NetworkSet, readNets } from './network-sets.ts'
import type { CalicoSelector } from './selector.ts'

/**
 * What a selector of a rule means, as peers, any of which matches: the pods, and by their addresses the network sets and the
 * host endpoints that expect some. An agent turns all of it into one set of addresses.
 * Source: docs.tigera.io, NetworkPolicy, `selector`; api/v3, HostEndpointSpec, `expectedIPs`; felix/calc, RuleScanner.
 */
export const endpointPeers = (selector: CalicoSelector, context: CalicoContext): readonly Peer[] => {
  const sets = context.networkSets.map(set => ({ set, holds: holdsForSet(selector, set, context) }))
  const hosts = context.hostEndpoints.filter(({ object }) => holdsFor(selector, object.labels, new Map()) === true)
  const known = [
    ...sets.flatMap(({ set, holds }) => (holds === true && !set.isOneOfSeveral ? [set.addresses] : [])),
    ...hosts.map(addressesOfHost),
  ].reduce(bothFamilies.union, bothFamilies.empty)
  const others: readonly Peer[] = [
    ...(bothFamilies.isEmpty(known) ? [] : [{ kind: 'block', addresses: known } as const]),
    ...sets.flatMap(({ set, holds }) => openPeers(set, holds)),
    ...UNREAD.flatMap(([resource, kind]) =>
      context.unread.has(resource) || context.unread.has('*') ? [maybe(bothFamilies.full, unread(kind))] : [],
    ),
  ]
  // A selector that was written for sets alone means no pods.
  return others.length > 0 && !context.someoneIs(selector)
    ? others
    : [{ kind: 'pods', selector: podSelectorOf(selector, context) }, ...others]
}

const UNREAD = [
  ['networksets', 'NetworkSet'],
  ['globalnetworksets', 'GlobalNetworkSet'],
  ['hostendpoints', 'HostEndpoint'],
] as const

const openPeers = (set: NetworkSet, holds: boolean | null): readonly Peer[] => [
  ...(holds === null ? [maybe(set.addresses, LABELS_OPEN)] : []),
  ...(holds === true && set.isOneOfSeveral ? [maybe(set.addresses, DOCUMENTS_DIFFER)] : []),
  ...(holds !== false && set.doubt !== null ? [maybe(bothFamilies.full, { ...SET_OPEN, why: set.doubt })] : []),
]

const maybe = (addresses: Addresses, doubt: Doubt): Peer => ({
  kind: 'maybe',
  peer: { kind: 'block', addresses },
  doubt,
})

/** A NetworkSet has the labels of its namespace, and its name; a GlobalNetworkSet its own alone. */
const holdsForSet = (
  selector: CalicoSelector,
  { namespace, labels }: NetworkSet,
  { namespaces }: CalicoContext,
): boolean | null => {
  if (namespace === null) return holdsFor(selector, labels, new Map())
  const found = namespaces.get(namespace)
  const own = new Map([...labels, [NAMESPACE, namespace]])
  if (found?.read === true)
    return holdsFor(selector, own, new Map([...found.labels, ['projectcalico.org/name', namespace]]))
  return holdsFor(named(selector), own, null)
}

/** The name of a namespace is known whether it was read or not. */
const named = (selector: CalicoSelector): CalicoSelector => {
  switch (selector.kind) {
    case 'not':
      return { kind: 'not', of: named(selector.of) }
    case 'and':
    case 'or':
      return { kind: selector.kind, of: selector.of.map(named) }
    case 'has':
    case 'compare':
      return selector.key === 'pcns.projectcalico.org/name' || selector.key === 'pcns.kubernetes.io/metadata.name'
        ? { ...selector, key: NAMESPACE }
        : selector
    default:
      return selector
  }
}

const addressesOfHost = ({ expectedIPs }: HostEndpoint): Addresses => addressesOfCidrs(readNets(expectedIPs).cidrs)

const LABELS_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether the selector means a NetworkSet hangs on labels of its namespace, which was not read',
  settledBy: 'the Namespace documents, with their labels',
}

const DOCUMENTS_DIFFER: Doubt = {
  level: 'unknown',
  why: 'documents for a network set differ, and each may be what the cluster has',
  settledBy: 'one document for it',
}

const SET_OPEN = { level: 'unknown', settledBy: 'addresses in the published form of the API' } as const

const unread = (kind: string): Doubt => ({
  level: 'unknown',
  why: `documents of kind ${kind} could not be read, and the selector may mean some`,
  settledBy: `the right to list ${kind} documents`,
})
