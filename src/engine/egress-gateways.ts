import type { EgressGatewayPolicy } from '../model/dialects.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Tri } from '../model/profile.ts'
import { selectorMatches } from '../model/selector.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import type { Entry } from './entries.ts'
import type { Subject } from './population.ts'

/**
 * Where packets leave through a gateway node. A gateway routes and does not filter: what policy decides stays as it is, and the
 * way out changes; without a node that matches, what it takes is dropped.
 * Source: docs.cilium.io, "Egress Gateway": selected pods only, destinations without the excluded ones, and never inside the
 * cluster; of several nodes that one gateway matches the first by name is taken.
 */
export interface Route {
  readonly policy: EgressGatewayPolicy
  /** Node ids; none: the packets are dropped. */
  readonly gateways: readonly string[]
  /** `unknown`: whether the pod is selected, or the feature switched on, is open. */
  readonly applies: Tri
}

export interface Routed {
  readonly entry: Entry
  readonly route: Route | null
}

export const routesIn = (engine: ClusterEngine, isOn: Tri): ((subject: Subject, entry: Entry) => readonly Routed[]) => {
  const { cluster, selection } = engine
  const policies = isOn === 'no' ? [] : [...cluster.egressGateways].sort((a, b) => compareText(a.ref.name, b.ref.name))
  const nodesOf = (policy: EgressGatewayPolicy): readonly string[] =>
    policy.nodeSelectors.flatMap(selector => {
      const first = cluster.nodes
        .filter(node => selectorMatches(selector, node.labels))
        .map(node => idOf(node.ref))
        .sort(compareText)[0]
      return first === undefined ? [] : [first]
    })
  const routeOf = (policy: EgressGatewayPolicy, identity: number): Route | null => {
    const { must, may } = selection.of(policy.subject)
    if (!selection.bits.has(may, identity)) return null
    const isCertain = isOn === 'yes' && selection.bits.has(must, identity) && cluster.nodes.length > 0
    return { policy, gateways: nodesOf(policy), applies: isCertain ? 'yes' : 'unknown' }
  }
  return (subject, entry) => {
    const { to } = entry
    const { identity } = subject
    if (identity === null || to.kind !== 'addresses') return [{ entry, route: null }]
    const parts: Routed[] = []
    let left: Addresses = to.addresses
    for (const policy of policies) {
      const route = routeOf(policy, identity)
      const taken = route === null ? bothFamilies.empty : bothFamilies.intersect(left, policy.routes)
      if (bothFamilies.isEmpty(taken)) continue
      parts.push({ entry: { ...entry, to: { ...to, addresses: taken } }, route })
      left = bothFamilies.subtract(left, taken)
    }
    if (parts.length === 0) return [{ entry, route: null }]
    return bothFamilies.isEmpty(left)
      ? parts
      : [...parts, { entry: { ...entry, to: { ...to, addresses: left } }, route: null }]
  }
}
