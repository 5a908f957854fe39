import { type Direction, type Doubt, EVERY, type Rule, type RulePolicy } from '../../model/rule.ts'
import {
  besideInterface,
  besideTheRest,
  type ClassWay,
  type HostClass,
  hostPolicyAt,
  leavesAlone,
  mayPassBy,
  nodesNamed,
  type Seat,
  scopePolicy,
} from './host-hops.ts'
import type { HostPolicy } from './host-policy.ts'

/**
 * What pods send and receive through a host whose policies apply on forward. It leaves by one interface and came in by another: for
 * `*`, which stands for those of pods, too, every packet meets both directions, on the way out and on the way in, also between pods
 * of one node; an endpoint for one interface sees what leaves by it and what comes in by it. Without such policies in a direction
 * it is open, and there are no profiles and no failsafe ports. Before connection tracking nobody knows yet where a packet that
 * came in goes, so those policies are for all of them; `*` does not take them, and on the way out they are for the host alone.
 * Source: docs.tigera.io, "Apply on forwarded traffic", "Summary", "Untracked policy"; felix/rules/static.go,
 * StaticRawPreroutingChain, StaticFilterForwardChains; dispatch.go, hostDispatchChains; endpoints.go, endpointIptablesChain;
 * felix/dataplane/linux/bpf_ep_mgr.go, wepApplyPolicy, addHostPolicy.
 */
export const forwardedBy = (
  { key, nodes, ways, failsafe }: HostClass,
  tunnels: boolean | null,
): readonly RulePolicy[] =>
  ways.flatMap((way, i) =>
    (['ingress', 'egress'] as const).flatMap(direction => {
      const policies = way.policies.filter(policy => policy.isAbout(direction) && isMet(policy, way, direction))
      if (policies.length === 0) return []
      const seat: Seat = {
        hop: { hop: `${key} forwarded ${direction} ${i}`, end: 'near' },
        selects: 'passing',
        subject: nodesNamed(nodes),
      }
      // Seen from the pod that sends, and from the one that receives.
      const seenFrom: readonly Direction[] = way.isWhole ? ['egress', 'ingress'] : [direction]
      return [
        ...scopeOf(way, seat, direction, seenFrom, tunnels),
        ...policies.map(policy =>
          hostPolicyAt(
            seat,
            policy,
            direction,
            seenFrom,
            policy.stage === 'untracked' ? allowedInDoubt : undefined,
            policy.stage === 'normal' ? null : failsafe.ingress,
          ),
        ),
      ]
    }),
  )

const isMet = ({ stage, onForward }: HostPolicy, { isWhole }: ClassWay, direction: Direction): boolean =>
  stage === 'normal' ? onForward : stage === 'before-translation' || (!isWhole && direction === 'ingress')

const allowedInDoubt = (rule: Rule): Rule =>
  rule.action === 'allow' ? { ...rule, doubt: rule.doubt ?? ANSWER_UNTRACKED } : rule

/** What is let in past connection tracking skips the later policies of the host; a pod has no answer to it that is known. */
const ANSWER_UNTRACKED: Doubt = {
  level: 'unknown',
  why: 'the rule lets packets to pods in without connection tracking, and then nothing lets their answers out',
  settledBy: 'a policy with `doNotTrack` that is for ports of hosts alone',
}

/** What a pod sends to its own node is not forwarded; what that sends to the pod is never asked. */
const scopeOf = (
  way: ClassWay,
  seat: Seat,
  direction: Direction,
  seenFrom: readonly Direction[],
  tunnels: boolean | null,
): readonly RulePolicy[] => {
  const both = (from: Direction) => [
    ...(way.isWhole ? [] : besideInterface(tunnels, from)),
    // A pod leaves and receives by an interface of its own.
    ...(way.isRest && from === direction ? besideTheRest(tunnels, from) : []),
    ...(way.doubt === null ? [] : [mayPassBy(way.doubt, { kind: 'everything' })]),
  ]
  return scopePolicy(seat, way, {
    ...(seenFrom.includes('egress')
      ? { egress: [leavesAlone({ kind: 'nodes', which: 'own', selector: EVERY }), ...both('egress')] }
      : {}),
    ...(seenFrom.includes('ingress') ? { ingress: both('ingress') } : {}),
  })
}
