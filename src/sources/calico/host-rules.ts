import type { Node } from '../../model/cluster.ts'
import type { CalicoSettings } from '../../model/dialects.ts'
import type { RulePolicy } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { failsafeOf } from './failsafe.ts'
import { arrivingAt } from './host-arrival.ts'
import { forwardedBy } from './host-forward.ts'
import { type HostClass, tunnelsIn } from './host-hops.ts'
import { sentBy } from './host-own.ts'
import { hostPoliciesFrom } from './host-policy.ts'
import { waysOf } from './host-ways.ts'

/**
 * What the policies for host endpoints do to the packets of hosts, to those that arrive at hosts, and, where they apply on forward,
 * to what pods send and receive through them. Nodes whose endpoints meet the same policies are lowered once.
 * Source: docs.tigera.io, "Host endpoints", "Summary", "Apply on forwarded traffic", "Failsafe rules"; felix/rules/static.go,
 * endpoints.go, dispatch.go; felix/bpf/polprog/pol_prog_builder.go.
 */
export const lowerHostRules = (
  objects: readonly ApiObject[],
  context: CalicoContext,
  nodes: readonly Node[],
  settings: CalicoSettings,
): readonly RulePolicy[] => {
  if (context.hostEndpoints.length === 0) return []
  const tunnels = tunnelsIn(settings.pools)
  return classesIn(objects, context, nodes, settings).flatMap(one => [
    ...sentBy(one, tunnels),
    ...arrivingAt(one),
    ...forwardedBy(one, tunnels),
  ])
}

const classesIn = (
  objects: readonly ApiObject[],
  context: CalicoContext,
  nodes: readonly Node[],
  { felix }: CalicoSettings,
): readonly HostClass[] => {
  const policies = hostPoliciesFrom(objects, context)
  // One that names no node is on none.
  const byNode = Map.groupBy(
    context.hostEndpoints.filter(({ node }) => node !== ''),
    ({ node }) => node,
  )
  const read = Map.groupBy(nodes, ({ ref }) => ref.name)
  const classes = new Map<string, HostClass & { readonly nodes: string[] }>()
  for (const [node, endpoints] of [...byNode].sort(byText)) {
    const failsafe = { egress: failsafeOf('egress', node, felix), ingress: failsafeOf('ingress', node, felix) }
    const ways = waysOf(endpoints, read.get(node) ?? []).map(way => ({
      ...way,
      policies: policies.filter(policy => policy.selects(way.endpoint)),
    }))
    const key = JSON.stringify([
      ways.map(({ endpoint: { profiles }, isWhole, isRest, doubt, policies: own }) => [
        isWhole,
        isRest,
        doubt?.why,
        profiles,
        own.map(policy => policies.indexOf(policy)),
      ]),
      failsafe.egress.rules,
      failsafe.ingress.rules,
    ])
    const known = classes.get(key)
    if (known === undefined) classes.set(key, { key: `hosts ${classes.size}`, nodes: [node], ways, failsafe })
    else known.nodes.push(node)
  }
  return [...classes.values()]
}

const byText = ([a]: readonly [string, readonly HostEndpoint[]], [b]: readonly [string, readonly HostEndpoint[]]) =>
  a < b ? -1 : a > b ? 1 : 0
