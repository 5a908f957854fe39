import type { Decision, Decisive } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import { type Deciding, decidingIn } from '../engine/deciding.ts'
import type { Entry } from '../engine/entries.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import { besideNode } from '../engine/host-rows.ts'
import { type Subject, senderOf } from '../engine/population.ts'
import type { ServiceEnd } from '../engine/services.ts'
import type { Stacks } from '../engine/verdict.ts'
import type { Because, Unknown } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import { membersOf } from '../sets/bit-set.ts'
import type { LoadedEstate } from './load.ts'
import { joined, NOTHING, onePerKey, type Reasons, type StageReasons, unknownKey } from './reasons.ts'
import { NO_POLICY, notEnforced, restWords, ruleWords } from './rule-words.ts'

/** Words the decisions of one cluster; places in documents are looked up once. */
export const reasonsIn = (engine: ClusterEngine, lineOf: LoadedEstate['lineOf']) => {
  const { spaces } = engine
  const deciding = decidingIn(engine)
  const byRule = new WeakMap<Decisive['item']['rule'], Because>()
  const byDoubts = new WeakMap<Decisive['doubts'], Because>()
  const wordOf = (direction: Direction, one: Decisive): Because => {
    const { item, doubts } = one
    const before = doubts.length === 0 ? byRule.get(item.rule) : byDoubts.get(doubts)
    if (before !== undefined) return before
    const because = worded(direction, one)
    if (doubts.length === 0) byRule.set(item.rule, because)
    else byDoubts.set(doubts, because)
    return because
  }
  const wording = onePerKey<Because>(({ object, rule, says, kind, file, line }) =>
    [object, rule, says, kind, file, line].join('|'),
  )
  const worded = (direction: Direction, one: Decisive): Because => wording(ruleWords(direction, one, lineOf))
  const openings = onePerKey<Unknown>(unknownKey)
  const reasonsFor = (direction: Direction, decision: Decision, stage: string): Reasons => ({
    because: [...decision.items.map(item => wordOf(direction, item)), ...restWords(direction, decision).map(wording)],
    unknowns: [...new Set(decision.items.flatMap(({ doubts }) => doubts))].map(({ why, settledBy }) =>
      openings({ stage, why, settledBy }),
    ),
  })
  /** Reasons in one direction; what is written and not enforced is told beside what counts. */
  const inSpace = <S>(
    direction: Direction,
    stage: string,
    decide: Deciding<S>,
    stacks: Stacks,
    region: S,
    held: boolean,
  ): Reasons => {
    // Where documents leave several worlds possible, each has its reasons.
    const counting = joined(
      [stacks, ...stacks.others].map(world => reasonsFor(direction, decide(world.counting, region), stage)),
    )
    if (held) return counting
    const written = reasonsFor(direction, decide(stacks.written, region), stage)
    return {
      because: [...counting.because, ...written.because, wording(notEnforced(engine))],
      unknowns: counting.unknowns,
    }
  }
  const of = (subject: Subject, entry: Entry): StageReasons => {
    const egress = egressReasons(subject, entry)
    const ingress = ingressOf(subject, entry)
    const isTold = entry.verdict !== 'unknown' || egress.unknowns.length + ingress.unknowns.length > 0
    return isTold
      ? { egress, ingress }
      : { egress: { ...egress, unknowns: [openings(untold(subject, entry))] }, ingress }
  }
  const ingressOf = (subject: Subject, entry: Entry): Reasons => {
    const { to } = entry
    if (to.kind === 'service') return joined(behind(entry, to.ends).map(one => ingressOf(subject, one)))
    return to.kind === 'workloads' ? ingressReasons(subject, [...membersOf(to.members)], entry) : NOTHING
  }
  const egressReasons = (subject: Subject, entry: Entry): Reasons => {
    const egress = engine.stacksOf(subject, 'egress')
    if (subject.identity === null && egress.counting.length === 0) return { because: [HOST_NETWORK], unknowns: [] }
    const held = entry.enforcement !== 'not-enforced'
    const { to, traffic } = entry
    const inOwn = <S>(decide: Deciding<S>, region: S): Reasons =>
      inSpace('egress', 'pod-policy', decide, egress, region, held)
    switch (to.kind) {
      case 'addresses':
        return joined([
          inOwn(deciding.v4, spaces.v4.regions.ofBoxes([{ addresses: to.addresses.v4, id: traffic }])),
          inOwn(deciding.v6, spaces.v6.regions.ofBoxes([{ addresses: to.addresses.v6, id: traffic }])),
        ])
      case 'workloads':
        return inOwn(deciding.pods, spaces.pods.relations.ofBoxes([{ members: to.members, id: traffic }]))
      case 'nodes':
        if (to.nodes === 'other') return inOwn(deciding.otherNode, traffic)
        return engine.profile.ownNode === 'policy'
          ? inOwn(deciding.ownNode, traffic)
          : { because: [wording(ownNode(engine))], unknowns: ownNodeUnknown(engine).map(openings) }
      case 'apiserver':
        return inOwn(deciding.apiserver, traffic)
      case 'names':
        return { because: [wordOf('egress', { item: to.item, action: 'allow', doubts: [] })], unknowns: [] }
      case 'service':
        return joined(behind(entry, to.ends).map(one => egressReasons(subject, one)))
    }
  }
  /** What stands behind a Service, as regions of their own; policy is explained there. */
  const behind = (entry: Entry, ends: readonly ServiceEnd[]): readonly Entry[] =>
    ends.map(end => ({ ...entry, traffic: end.traffic, to: placeOf(end) }))
  const placeOf = (end: ServiceEnd): Entry['to'] => {
    switch (end.kind) {
      case 'pod':
        return { kind: 'workloads', members: engine.selection.bits.of([end.identity]) }
      case 'node':
        return { kind: 'nodes', nodes: 'other' }
      case 'address':
        return { kind: 'addresses', zone: 'internet', addresses: addressesOfTexts([end.address]) }
    }
  }
  /** What the other end says, once for each set of policies that stands there. */
  const ingressReasons = (subject: Subject, members: readonly number[], { traffic, enforcement }: Entry): Reasons => {
    const held = enforcement !== 'not-enforced'
    const at = <S>(decide: Deciding<S>, region: S, stacks: Stacks): Reasons =>
      inSpace('ingress', 'peer-policy', decide, stacks, region, held)
    if (subject.identity === null && isOwnNodeOpen(engine, subject, members))
      return { because: [wording(fromOwnNode(engine))], unknowns: [] }
    const others = [...new Set(members.map(engine.ingressOf))]
    const told = others.slice(0, MOST_OTHER_ENDS)
    const more = others.length - told.length
    const rest: readonly Reasons[] =
      more > 0
        ? [
            {
              because: [wording({ ...NO_POLICY, says: `${more} more sets of policies stand at other ends` })],
              unknowns: [],
            },
          ]
        : []
    return joined([
      ...told.map(stacks =>
        subject.identity === null
          ? at(deciding.otherNode, traffic, stacks)
          : at(
              deciding.pods,
              spaces.pods.relations.ofBoxes([{ members: engine.selection.bits.of([subject.identity]), id: traffic }]),
              stacks,
            ),
      ),
      ...rest,
    ])
  }
  return of
}

/** Of the sets of policies that stand at the other end, as many are explained. */
const MOST_OTHER_ENDS = 5

const HOST_NETWORK: Because = {
  ...NO_POLICY,
  says: 'the pod is on the host network: no pod policy selects it, and it leaves as its node',
}

const ownNode = ({ profile }: ClusterEngine): Because => ({
  ...NO_POLICY,
  kind: 'profile',
  says:
    profile.ownNode === 'allowed'
      ? `${profile.title}: traffic to the pod’s own node is always allowed`
      : `${profile.title}: whether policy holds toward the pod’s own node is not known`,
})

/** All of them run on the node that sends, and the network plugin asks no policy there. */
const isOwnNodeOpen = (
  { memo: { basis }, population, profile }: ClusterEngine,
  subject: Subject,
  members: readonly number[],
) =>
  profile.fromOwnNode === 'allowed' &&
  members.every(
    member => besideNode(basis, senderOf(subject), population.identities[member] ?? { host: null }) === 'same',
  )

const fromOwnNode = ({ profile }: ClusterEngine): Because => ({
  ...NO_POLICY,
  kind: 'profile',
  says: `${profile.title}: what a node sends to the pods on it is always allowed`,
})

const ownNodeUnknown = ({ profile }: ClusterEngine): readonly Unknown[] =>
  profile.ownNode === 'unknown'
    ? [
        {
          stage: 'pod-policy',
          why: `whether policy holds toward the pod’s own node is not known of ${profile.title}`,
          settledBy: 'a probe from the pod to its node',
        },
      ]
    : []

/** What is open without being a rule's doubt. */
const untold = ({ identity }: Subject, { to }: Entry): Unknown =>
  to.kind === 'service'
    ? {
        stage: 'pod-policy',
        why: 'whether policy sees the Service’s address or the endpoint behind it differs by network plugin, and endpoints may differ',
        settledBy: 'the network plugin: name its profile with --cni',
      }
    : identity === null
      ? {
          stage: 'peer-policy',
          why: 'the sender is on the host network, and whether it runs on the receiver’s own node is open',
          settledBy: 'the nodes of both pods',
        }
      : {
          stage: 'pod-policy',
          why: 'policies that may or may not count decide it together',
          settledBy: 'what the notes on these policies ask for',
        }
