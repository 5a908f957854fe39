import { type Decision, type Decisive, decisionOn } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Entry } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import type { Space } from '../engine/space.ts'
import type { Item } from '../engine/stack.ts'
import type { Stacks } from '../engine/verdict.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { Because, Unknown } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import { membersOf } from '../sets/bit-set.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { LoadedEstate } from './load.ts'

/** Why a region is as it is, and what would settle what is open. */
export interface Reasons {
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
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
      kind: doubts.some(doubt => doubt.level === 'undefined') ? 'profile' : kind,
      object: idOf(policy.ref),
      file: policy.origin.file,
      line: lineOf(policy.origin, rule.at),
      rule: pathText(rule.at),
      says: [says(direction, kind, action), ...doubts.map(doubt => doubt.why)].join('; '),
    }
    if (doubts.length === 0) known.set(rule, because)
    return because
  }
  const worded = (direction: Direction, { items, unmatched }: Decision, stage: string): Reasons => ({
    because: [
      ...items.map(item => wordOf(direction, item)),
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
    const counting = worded(direction, decisionOn(space, stacks.counting, region), stage)
    if (held) return counting
    const written = worded(direction, decisionOn(space, stacks.written, region), stage)
    return {
      because: [...counting.because, ...written.because, notEnforced(engine)],
      unknowns: counting.unknowns,
    }
  }
  const of = (subject: Subject, entry: Entry): Reasons => {
    const egress = engine.stacksOf(subject, 'egress')
    const held = entry.enforcement !== 'not-enforced'
    if (subject.identity === null && entry.to.kind !== 'workloads') return { because: [HOST_NETWORK], unknowns: [] }
    const { to, traffic } = entry
    switch (to.kind) {
      case 'addresses': {
        const { v4, v6 } = spaces
        return joined([
          inSpace(
            'egress',
            'pod-policy',
            v4,
            egress,
            v4.regions.ofBoxes([{ addresses: to.addresses.v4, id: traffic }]),
            held,
          ),
          inSpace(
            'egress',
            'pod-policy',
            v6,
            egress,
            v6.regions.ofBoxes([{ addresses: to.addresses.v6, id: traffic }]),
            held,
          ),
        ])
      }
      case 'workloads': {
        const region = spaces.pods.relations.ofBoxes([{ members: to.members, id: traffic }])
        const own =
          subject.identity === null
            ? { because: [HOST_NETWORK], unknowns: [] }
            : inSpace('egress', 'pod-policy', spaces.pods, egress, region, held)
        return joined([own, ...ingressReasons(subject, [...membersOf(to.members)], traffic, held)])
      }
      case 'nodes': {
        const space = to.nodes === 'own' ? spaces.ownNode : spaces.otherNode
        const word = to.nodes === 'own' ? engine.profile.ownNode : 'policy'
        return word === 'policy'
          ? inSpace('egress', 'pod-policy', space, egress, traffic, held)
          : { because: [ownNode(engine)], unknowns: [] }
      }
      case 'apiserver':
        return inSpace('egress', 'pod-policy', spaces.apiserver, egress, traffic, held)
    }
  }
  return { of, ofItem: (item: Item): Because => wordOf('egress', { item, action: item.rule.action, doubts: [] }) }

  /** What the other end says, once for each set of policies that stands there. */
  function ingressReasons(
    subject: Subject,
    members: readonly number[],
    traffic: TrafficId,
    held: boolean,
  ): readonly Reasons[] {
    const seen = new Set<Stacks>()
    return members.flatMap(member => {
      const stacks = engine.ingressOf(member)
      if (seen.has(stacks)) return []
      seen.add(stacks)
      if (subject.identity === null) return [inSpace('ingress', 'peer-policy', spaces.otherNode, stacks, traffic, held)]
      const source = spaces.pods.relations.ofBoxes([
        { members: engine.selection.bits.of([subject.identity]), id: traffic },
      ])
      return [inSpace('ingress', 'peer-policy', spaces.pods, stacks, source, held)]
    })
  }
}

const says = (direction: Direction, kind: 'rule' | 'default', action: string): string =>
  kind === 'default'
    ? action === 'deny'
      ? `selecting the pod closes ${direction} but for what rules allow`
      : `selecting the pod leaves other protocols open`
    : `${direction} rule ${action === 'allow' ? 'allows' : action === 'deny' ? 'denies' : 'passes on'}`

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

const notEnforced = ({ profile }: ClusterEngine): Because => ({
  ...NO_POLICY,
  kind: 'profile',
  says: `${profile.title}: nothing here enforces this policy`,
})

/** Each reason once, in the order in which they were found first. */
const joined = (reasons: readonly Reasons[]): Reasons => ({
  because: distinct(reasons.flatMap(one => one.because)),
  unknowns: distinct(reasons.flatMap(one => one.unknowns)).sort(
    (a, b) => compareText(a.stage, b.stage) || compareText(a.why, b.why),
  ),
})

const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map(value => [JSON.stringify(value), value])).values(),
]
