import { nodeHolds } from '../engine/node-holds.ts'
import type { Cluster, Node } from '../model/cluster.ts'
import type { HostInterface } from '../model/dialects.ts'
import { keyOf } from '../model/identity.ts'
import type { RulePolicy } from '../model/rule.ts'

/** Calico's policies for host endpoints, and the endpoints that nodes have. */

/** Global policies that select a host endpoint for what leaves it. */
export const hostPoliciesIn = ({ rulePolicies }: Cluster): readonly RulePolicy[] =>
  rulePolicies.filter(
    ({ dialect, selects, inert, ref }) =>
      dialect === 'calico' && selects === 'nodes' && inert === null && ref.kind === 'GlobalNetworkPolicy',
  )

export const nodesOf = ({ subject }: RulePolicy, { nodes, policyClusterName }: Cluster): readonly Node[] =>
  nodes.filter(node => nodeHolds(subject, node, policyClusterName) === true)

/** The parts of the same document that are for pods, in Calico's tiers. */
export const podPartOf = ({ ref }: RulePolicy, { rulePolicies }: Cluster): RulePolicy | undefined =>
  rulePolicies.find(
    policy => policy.selects === 'pods' && policy.place.tier === 'calico' && keyOf(policy.ref) === keyOf(ref),
  )

export const endpointsByNode = ({ calico }: Cluster): ReadonlyMap<string | null, readonly HostInterface[]> =>
  Map.groupBy(calico.hostEndpoints, ({ node }) => node)

/** `*` is every interface of the node. */
export const isWholeNode = ({ interfaceName }: HostInterface): boolean => interfaceName === '*'

export const hostEndpointsAreKnown = ({ unread }: Cluster): boolean =>
  ![...unread].some(resource => /^(\*|nodes|hostendpoints|globalnetworkpolicies|tiers)/.test(resource))
