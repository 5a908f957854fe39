import { nodeHolds } from '../engine/node-holds.ts'
import type { Cluster, Node } from '../model/cluster.ts'
import type { HostInterface } from '../model/dialects.ts'
import { keyOf } from '../model/identity.ts'
import type { RulePolicy } from '../model/rule.ts'

/** Calico's policies for host endpoints, and the endpoints that nodes have. */

/** A global policy that selects a host endpoint for what leaves it, with what it says of each group of nodes. */
export interface HostPolicy {
  readonly policy: RulePolicy
  readonly parts: readonly RulePolicy[]
}

export const hostPoliciesIn = ({ rulePolicies }: Cluster): readonly HostPolicy[] => {
  const parts = rulePolicies.filter(
    ({ dialect, selects, inert, ref, place }) =>
      dialect === 'calico' &&
      selects === 'nodes' &&
      inert === null &&
      ref.kind === 'GlobalNetworkPolicy' &&
      !isAtOtherEnd(place),
  )
  return [...Map.groupBy(parts, ({ ref }) => keyOf(ref)).values()].flatMap(same =>
    same[0] === undefined ? [] : [{ policy: same[0], parts: same }],
  )
}

/** What a packet meets where it arrives. */
export const isAtOtherEnd = (place: RulePolicy['place']): boolean => place.tier === 'hop' && place.end === 'far'

export const nodesOf = ({ parts }: HostPolicy, { nodes, policyClusterName }: Cluster): readonly Node[] =>
  nodes.filter(node => parts.some(({ subject }) => nodeHolds(subject, node, policyClusterName) === true))

/** The part of the same document that is for pods, in Calico's tiers. */
export const podPartOf = ({ policy: { ref } }: HostPolicy, { rulePolicies }: Cluster): RulePolicy | undefined =>
  rulePolicies.find(
    policy => policy.selects === 'pods' && policy.place.tier === 'calico' && keyOf(policy.ref) === keyOf(ref),
  )

export const endpointsByNode = ({ calico }: Cluster): ReadonlyMap<string | null, readonly HostInterface[]> =>
  Map.groupBy(calico.hostEndpoints, ({ node }) => node)

/** `*` is every interface of the node. */
export const isWholeNode = ({ interfaceName }: HostInterface): boolean => interfaceName === '*'

export const hostEndpointsAreKnown = ({ unread }: Cluster): boolean =>
  ![...unread].some(resource => /^(\*|nodes|hostendpoints|globalnetworkpolicies|tiers)/.test(resource))
