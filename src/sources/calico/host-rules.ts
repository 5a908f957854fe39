import type { Node } from '../../model/cluster.ts'
import type { CalicoSettings } from '../../model/dialects.ts'
import type { Doubt, RulePolicy } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { failsafeOf } from './failsafe.ts'
import { arrivingAt } from './host-arrival.ts'
import { forwardedBy } from './host-forward.ts'
import { type HostClass, tunnelsIn } from './host-hops.ts'
import { sentBy } from './host-own.ts'
import { hostPoliciesFrom, unreadFor } from './host-policy.ts'
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
  return withFew(classesIn(objects, context, nodes, settings)).flatMap(one => [
    ...sentBy(one, tunnels),
    ...arrivingAt(one),
    ...forwardedBy(one, tunnels),
  ])
}

/** What each class does is asked of everybody, on each way: past this many classes that takes minutes. */
const MOST_CLASSES = 16

/** The rest of many classes is one of which nothing is claimed. */
const withFew = (classes: readonly HostClass[]): readonly HostClass[] => {
  if (classes.length <= MOST_CLASSES) return classes
  const rest = classes.slice(MOST_CLASSES - 1)
  const [first] = rest.flatMap(({ ways }) => ways.filter(({ policies }) => policies.length > 0))
  const [policy] = first?.policies ?? []
  if (first === undefined || policy === undefined) return classes
  return [
    ...classes.slice(0, MOST_CLASSES - 1),
    {
      key: 'hosts besides',
      nodes: rest.flatMap(({ nodes }) => nodes),
      ways: [{ endpoint: first.endpoint, isWhole: true, doubt: TOO_MANY, policies: [unreadFor(policy, TOO_MANY.why)] }],
      failsafe: { egress: NO_FAILSAFE, ingress: NO_FAILSAFE },
    },
  ]
}

const NO_FAILSAFE = { from: null, rules: [] }

const TOO_MANY: Doubt = {
  level: 'unknown',
  why: `host endpoints meet policies in more than ${MOST_CLASSES} different ways, and only some of them are told apart`,
  settledBy: 'the documents of these nodes alone, or a probe from the node',
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
