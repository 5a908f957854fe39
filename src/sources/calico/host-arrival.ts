import { type Doubt, EVERY, type Peer, type Rule, type RulePolicy } from '../../model/rule.ts'
import {
  type ClassWay,
  closingPolicy,
  doubtedFor,
  endOfProfiles,
  failsafePolicy,
  type HostClass,
  hostPolicyAt,
  leavesAlone,
  mayPassBy,
  nodesNamed,
  type Seat,
  scopePolicy,
} from './host-hops.ts'

/**
 * What arrives at hosts, as its senders meet it: failsafe ports, what comes before tracking and translation, the policies for what
 * arrives, profiles. What a pod sends to its own host meets only what comes before translation, and that at `*` alone; what a host
 * sends to itself arrives, too, by an interface that only `*` stands for.
 * Source: docs.tigera.io, "Summary"; felix/rules/static.go, filterInputChain and filterWorkloadToHostChain, StaticManglePreroutingChain.
 */
export const arrivingAt = (one: HostClass): readonly RulePolicy[] =>
  one.ways.flatMap((way, i) => {
    const hop = (from: string) => ({ hop: `${one.key} arriving ${i}${from}`, end: 'far' }) as const
    const subject = nodesNamed(one.nodes)
    const others: Peer = { kind: 'nodes', which: 'other', selector: subject }
    const own: Peer = { kind: 'nodes', which: 'own', selector: EVERY }
    return [
      // What comes from elsewhere comes in by the interface that has an endpoint of its own.
      ...(way.isRest
        ? []
        : [
            ...arrival(one, way, { hop: hop(''), selects: 'passing', subject: EVERY }, others, true),
            ...arrival(one, way, { hop: hop(''), selects: 'nodes', subject: EVERY }, others, false),
          ]),
      ...(way.isWhole
        ? [
            ...arrival(one, way, { hop: hop(' from itself'), selects: 'nodes', subject }, own, false),
            ...fromOwnPods(one, way, { hop: hop(' from its pods'), selects: 'passing', subject }, own),
          ]
        : []),
    ]
  })

const arrival = (
  { failsafe }: HostClass,
  way: ClassWay,
  seat: Seat,
  to: Peer,
  isFromPods: boolean,
): readonly RulePolicy[] => {
  const policies = way.policies.filter(
    policy => policy.isAbout('ingress') && !(way.isWhole && policy.stage === 'untracked'),
  )
  if (policies.length === 0 && endOfProfiles(way.endpoint) === 'open') return []
  const change = isFromPods ? doubtedFor(asksSender, SENDER_OPEN) : undefined
  return [
    ...scopePolicy(seat, way, {
      egress: [leavesAlone(allBut(to)), ...(way.doubt === null ? [] : [mayPassBy(way.doubt, { kind: 'everything' })])],
    }),
    ...failsafePolicy(seat, way, failsafe.ingress, change),
    ...policies.map(policy => hostPolicyAt(seat, policy, 'ingress', ['egress'], change)),
    ...closingPolicy(seat, way),
  ]
}

const fromOwnPods = ({ failsafe }: HostClass, way: ClassWay, seat: Seat, own: Peer): readonly RulePolicy[] => {
  const policies = way.policies.filter(policy => policy.isAbout('ingress') && policy.stage === 'before-translation')
  return policies.length === 0
    ? []
    : [
        ...scopePolicy(seat, way, { egress: [leavesAlone(allBut(own))] }),
        ...failsafePolicy(seat, way, failsafe.ingress),
        ...policies.map(policy => hostPolicyAt(seat, policy, 'ingress', ['egress'])),
      ]
}

const allBut = (of: Peer): Peer => ({ kind: 'not', of })

const asksSender = ({ own }: Rule): boolean => own !== undefined

/** A pool with `natOutgoing` hides pods behind their node toward whatever is in no pool, as nodes are. */
const SENDER_OPEN: Doubt = {
  level: 'unknown',
  why: 'the rule asks where a packet comes from, and what a pod sends to another node may come from its own node',
  settledBy: 'a rule without a source, or a packet capture on the node',
}
