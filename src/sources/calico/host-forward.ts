import { type Direction, EVERY, type RulePolicy } from '../../model/rule.ts'
import {
  besideInterface,
  type ClassWay,
  type HostClass,
  hostPolicyAt,
  leavesAlone,
  mayPassBy,
  nodesNamed,
  type Seat,
  scopePolicy,
} from './host-hops.ts'

/**
 * What pods send and receive through a host whose policies apply on forward. It leaves by one interface and came in by another: for
 * `*`, which stands for those of pods, too, every packet meets both directions, on the way out and on the way in, also between pods
 * of one node; an endpoint for one interface sees what leaves by it and what comes in by it. Without such policies in a direction
 * it is open, and there are no profiles and no failsafe ports.
 * Source: docs.tigera.io, "Apply on forwarded traffic", "Summary"; felix/rules/static.go, StaticFilterForwardChains; dispatch.go,
 * hostDispatchChains; endpoints.go, endpointIptablesChain; felix/dataplane/linux/bpf_ep_mgr.go, wepApplyPolicy, addHostPolicy.
 */
export const forwardedBy = (
  { key, nodes, ways, failsafe }: HostClass,
  tunnels: boolean | null,
): readonly RulePolicy[] =>
  ways.flatMap((way, i) =>
    (['ingress', 'egress'] as const).flatMap(direction => {
      const policies = way.policies.filter(
        ({ stage, onForward, isAbout }) =>
          isAbout(direction) && (stage === 'before-translation' || (stage === 'normal' && onForward)),
      )
      if (policies.length === 0) return []
      const seat: Seat = {
        hop: { hop: `${key} forwarded ${direction} ${i}`, end: 'near' },
        selects: 'passing',
        subject: nodesNamed(nodes),
      }
      // Seen from the pod that sends, and from the one that receives.
      const seenFrom: readonly Direction[] = way.isWhole ? ['egress', 'ingress'] : [direction]
      return [
        ...scopeOf(way, seat, seenFrom, tunnels),
        ...policies.map(policy =>
          hostPolicyAt(
            seat,
            policy,
            direction,
            seenFrom,
            rule => rule,
            policy.stage === 'normal' ? null : failsafe.ingress,
          ),
        ),
      ]
    }),
  )

/** What a pod sends to its own node is not forwarded; what that sends to the pod is never asked. */
const scopeOf = (
  way: ClassWay,
  seat: Seat,
  seenFrom: readonly Direction[],
  tunnels: boolean | null,
): readonly RulePolicy[] => {
  const both = (from: Direction) => [
    ...(way.isWhole ? [] : besideInterface(tunnels, from)),
    ...(way.doubt === null ? [] : [mayPassBy(way.doubt, { kind: 'everything' })]),
  ]
  return scopePolicy(seat, way, {
    ...(seenFrom.includes('egress')
      ? { egress: [leavesAlone({ kind: 'nodes', which: 'own', selector: EVERY }), ...both('egress')] }
      : {}),
    ...(seenFrom.includes('ingress') ? { ingress: both('ingress') } : {}),
  })
}
