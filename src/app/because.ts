import { type Decision, type Decisive, decisionOn } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Entry } from '../engine/entries.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import type { Subject } from '../engine/population.ts'
import type { ServiceEnd } from '../engine/services.ts'
import type { Space } from '../engine/space.ts'
import type { Item } from '../engine/stack.ts'
import type { Stacks } from '../engine/verdict.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { Because, Unknown } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import { membersOf } from '../sets/bit-set.ts'
import type { LoadedEstate } from './load.ts'

/** Why a region is as it is, and what would settle what is open. */
export interface Reasons {
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
}

/** The same for each end. */
export interface StageReasons {
  readonly egress: Reasons
  readonly ingress: Reasons
}

/** Words the decisions of one cluster; places in documents are looked up once. */
export const reasonsIn = (engine: ClusterEngine, lineOf: LoadedEstate['lineOf']) => {
  const { spaces } = engine
  const known = new Map<Decisive['item']['rule'], Because>()
  const wordOf = (direction: Direction, { item, action, doubts }: Decisive): Because => {
    const { policy, rule, kind } = item
    const before = doubts.length === 0 ? known.get(rule) : undefined
    if (before !== undefined) return before
    const because: Because = {
      kind: doubts.some(doubt => doubt.level === 'undefined') ? 'profile' : kind === 'default' ? 'default' : 'rule',
      object: idOf(policy.ref),
      file: policy.origin.file,
      line: lineOf(policy.origin, rule.at),
      rule: pathText(rule.at),
      says: [says(direction, kind, action), ...doubts.map(doubt => doubt.why)].join('; '),
    }
    if (doubts.length === 0) known.set(rule, because)
    return because
  }
  const worded = (direction: Direction, { items, more, unmatched }: Decision, stage: string): Reasons => ({
    because: [
      ...items.map(item => wordOf(direction, item)),
      ...(more > 0 ? [{ ...NO_POLICY, says: `${more} more rules or policies have a part in it` }] : []),
      ...(unmatched ? [{ ...NO_POLICY, says: `no policy closes ${direction} here` }] : []),
    ],
    unknowns: items.flatMap(({ doubts }) => doubts.map(({ why, settledBy }) => ({ stage, why, settledBy }))),
  })
  /** Reasons in one direction; what is written and not enforced is told beside what counts. */
  const inSpace = <S>(
    direction: Direction,
    stage: string,
    space: Space<S>,
    stacks: Stacks,
    region: S,
    held: boolean,
  ): Reasons => {
    // Where documents leave several worlds possible, each has its reasons.
    const counting = joined(
      [stacks, ...stacks.others].map(world => worded(direction, decisionOn(space, world.counting, region), stage)),
    )
    if (held) return counting
    const written = worded(direction, decisionOn(space, stacks.written, region), stage)
    return {
      because: [...counting.because, ...written.because, notEnforced(engine)],
      unknowns: counting.unknowns,
    }
  }
  const of = (subject: Subject, entry: Entry): StageReasons => {
    const egress = egressReasons(subject, entry)
    const ingress = ingressOf(subject, entry)
    const isTold = entry.verdict !== 'unknown' || egress.unknowns.length + ingress.unknowns.length > 0
    return isTold ? { egress, ingress } : { egress: { ...egress, unknowns: [untold(subject, entry)] }, ingress }
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
    const inOwn = <S>(space: Space<S>, region: S): Reasons =>
      inSpace('egress', 'pod-policy', space, egress, region, held)
    switch (to.kind) {
      case 'addresses':
        return joined([
          inOwn(spaces.v4, spaces.v4.regions.ofBoxes([{ addresses: to.addresses.v4, id: traffic }])),
          inOwn(spaces.v6, spaces.v6.regions.ofBoxes([{ addresses: to.addresses.v6, id: traffic }])),
        ])
      case 'workloads':
        return inOwn(spaces.pods, spaces.pods.relations.ofBoxes([{ members: to.members, id: traffic }]))
      case 'nodes':
        if (to.nodes === 'other') return inOwn(spaces.otherNode, traffic)
        return engine.profile.ownNode === 'policy'
          ? inOwn(spaces.ownNode, traffic)
          : { because: [ownNode(engine)], unknowns: ownNodeUnknown(engine) }
      case 'apiserver':
        return inOwn(spaces.apiserver, traffic)
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
    const at = <S>(space: Space<S>, region: S, stacks: Stacks): Reasons =>
      inSpace('ingress', 'peer-policy', space, stacks, region, held)
    const others = [...new Set(members.map(engine.ingressOf))]
    const told = others.slice(0, MOST_OTHER_ENDS)
    const more = others.length - told.length
    const rest: readonly Reasons[] =
      more > 0
        ? [{ because: [{ ...NO_POLICY, says: `${more} more sets of policies stand at other ends` }], unknowns: [] }]
        : []
    return joined([
      ...told.map(stacks =>
        subject.identity === null
          ? at(spaces.otherNode, traffic, stacks)
          : at(
              spaces.pods,
              spaces.pods.relations.ofBoxes([{ members: engine.selection.bits.of([subject.identity]), id: traffic }]),
              stacks,
            ),
      ),
      ...rest,
    ])
  }
  return of
}

const says = (direction: Direction, kind: Item['kind'], action: string): string =>
  kind === 'default'
    ? action === 'deny'
      ? `selecting the pod closes ${direction} but for what rules allow`
      : `selecting the pod leaves other protocols open`
    : `${direction} rule ${action === 'allow' ? 'allows' : action === 'deny' ? 'denies' : 'passes on'}`

/** Of the sets of policies that stand at the other end, as many are explained. */
const MOST_OTHER_ENDS = 5

const NO_POLICY: Because = { kind: 'default', object: null, file: null, line: null, rule: null, says: '' }

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

const NOTHING: Reasons = { because: [], unknowns: [] }

const notEnforced = ({ profile }: ClusterEngine): Because => ({
  ...NO_POLICY,
  kind: 'profile',
  says: `${profile.title}: nothing here enforces this policy`,
})

/** Each reason once, in the order in which they were found first. */
export const joined = (reasons: readonly Reasons[]): Reasons => ({
  because: distinct(
    reasons.flatMap(one => one.because),
    one => `${one.object}|${one.rule}|${one.says}|${one.kind}`,
  ),
  unknowns: distinct(
    reasons.flatMap(one => one.unknowns),
    one => `${one.stage}|${one.why}|${one.settledBy}`,
  ).sort((a, b) => compareText(a.stage, b.stage) || compareText(a.why, b.why)),
})

const distinct = <T>(values: readonly T[], keyOf: (value: T) => string): T[] => {
  if (values.length < 2) return [...values]
  const known = new Map<string, T>()
  for (const value of values) {
    const key = keyOf(value)
    if (!known.has(key)) known.set(key, value)
  }
  return [...known.values()]
}
