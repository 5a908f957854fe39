import { nodeHolds } from '../engine/node-holds.ts'
import { poolsOf } from '../intent/node-pools.ts'
import { dataplaneOf } from '../inventory/dataplane.ts'
import { policyProfileOf } from '../inventory/policy-profile.ts'
import type { Cluster, Node } from '../model/cluster.ts'
import { keyOf } from '../model/identity.ts'
import type { Profile } from '../model/profile.ts'
import type { RulePolicy } from '../model/rule.ts'
import { isAtOtherEnd } from './host-policies.ts'
import { firewallMayHold } from './node-firewall-holds.ts'

/**
 * What limits, inside the cluster, what a node itself sends. `nothing`: no policy for hosts may select it. `policy`: one does, or
 * may. `firewall`: its own packet filter stops something, whatever policy lets pass. `unknown`: policies for hosts were not
 * read, or are of a kind that is not evaluated. Filters of the cloud are outside the cluster, and in none of these.
 */
export type Hold = 'nothing' | 'policy' | 'firewall' | 'unknown'

export const holdsIn = (cluster: Cluster): ((node: Node) => Hold) => {
  const profile = policyProfileOf(cluster, null)
  if (!hostPoliciesAreKnown(cluster, profile)) return () => 'unknown'
  const policies = cluster.rulePolicies.filter(policy => counts(policy, profile))
  const filtered = new Set(cluster.nodeFacts.flatMap(facts => (firewallMayHold(facts) ? (facts.node ?? []) : [])))
  // Nodes of a pool are made alike: what one of them showed, the others may have.
  const pools = new Set(cluster.nodes.flatMap(node => (filtered.has(node.ref.name) ? poolsOf(node) : [])))
  // Where two documents of a node differ, each may be what the cluster has.
  const byName = Map.groupBy(cluster.nodes, ({ ref }) => ref.name)
  const mayHold = (node: Node): boolean =>
    policies.some(({ subject }) =>
      (byName.get(node.ref.name) ?? [node]).some(one => nodeHolds(subject, one, cluster.policyClusterName) !== false),
    )
  return node => {
    if (node.os === 'windows' && profile.notOn.includes('windows')) return 'unknown'
    if (filtered.has(node.ref.name) || poolsOf(node).some(pool => pools.has(pool))) return 'firewall'
    return mayHold(node) ? 'policy' : 'nothing'
  }
}

const counts = ({ selects, inert, dialect, egress, place }: RulePolicy, { dialects }: Profile): boolean =>
  selects === 'nodes' &&
  !isAtOtherEnd(place) &&
  inert === null &&
  dialects[dialect] !== 'no' &&
  (egress.rules.length > 0 || egress.isolates !== false)

const hostPoliciesAreKnown = (cluster: Cluster, { dialects }: Profile): boolean => {
  if ([...cluster.unread].some(resource => RESOURCES.test(resource))) return false
  const evaluated = new Set(cluster.rulePolicies.flatMap(policy => (policy.opaque ? [] : [keyOf(policy.ref)])))
  return !cluster.policies.some(
    ({ ref, dialect, specs, inert }) =>
      inert === null &&
      dialects[dialect] !== 'no' &&
      !evaluated.has(keyOf(ref)) &&
      // Antrea’s policies for the whole cluster may be applied to nodes; so may Calico’s to endpoints that are not here.
      (specs.some(spec => spec.selectsNodes) || (dialect === 'other' && ref.namespace === null)),
  )
}

const RESOURCES =
  /^(\*|nodes|hostendpoints|globalnetworkpolicies|tiers|ciliumclusterwidenetworkpolicies|clusternetworkpolicies)/

/** What the network plugin of a cluster limits its nodes with; null where it has nothing that is known for it. */
export const hostPolicyOf = (cluster: Cluster): string | null => {
  const { profile } = dataplaneOf(cluster)
  if (profile.startsWith('calico-')) return 'a GlobalNetworkPolicy that selects host endpoints'
  if (profile === 'cilium') return 'a CiliumClusterwideNetworkPolicy that selects nodes, by the host firewall'
  return null
}
