import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Space } from '../engine/space.ts'
import type { Item, Run, Selecting, Stack } from '../engine/stack.ts'
import { calicoStackOf } from '../engine/stack-calico.ts'
import type { Stacks } from '../engine/verdict.ts'
import { keyOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { RulePolicy } from '../model/rule.ts'
import { ruleForAll } from '../model/rule-for-all.ts'
import { membersOf } from '../sets/bit-set.ts'
import { traffics } from '../sets/traffic.ts'
import { leftBefore, unreachedRuns } from './asked.ts'
import { TCP_AND_UDP } from './known-traffic.ts'
import { itemsOf, nameOf } from './signatures.ts'

/**
 * A policy in Calico's tiers that no TCP or UDP packet of its pods comes to: what stands before decides, or passes, all of
 * them. What the end of a tier does to other protocols is not known of every plugin.
 */
export interface NeverAsked {
  readonly policy: RulePolicy
  readonly names: readonly string[]
  /** What takes the last of them. */
  readonly last: Run | null
}

export const neverAskedIn = (engine: ClusterEngine): readonly NeverAsked[] => {
  const { cluster, profile } = engine
  const inTiers = cluster.rulePolicies.filter(policy => policy.inert === null && policy.selects === 'pods')
  if (profile.dialects.calico !== 'yes' || !inTiers.some(({ place }) => place.tier === 'calico')) return []
  const withRules = inTiers.filter(
    ({ dialect, opaque, egress }) => TOLD.includes(dialect) && opaque !== true && egress.rules.length > 0,
  )
  const asked = askedIn(engine)
  return [
    ...withRules.flatMap((policy): readonly NeverAsked[] => {
      const found = asked.get(keyOf(policy.ref))
      return found === undefined || found.isAsked
        ? []
        : [{ policy, names: [...found.names].sort(compareText), last: found.last }]
    }),
    ...inTiers.filter(onlyLogs).flatMap(policy => silentOne(policy, engine) ?? []),
  ]
}

const TOLD: readonly RulePolicy['dialect'][] = ['calico', 'kubernetes']

interface Found {
  isAsked: boolean
  readonly names: Set<string>
  last: Run | null
}

/** By policy, whether some packet comes to one of its rules. */
const askedIn = (engine: ClusterEngine): ReadonlyMap<string, Found> => {
  const all = new Map<string, Found>()
  const bySubject = Map.groupBy(
    engine.population.subjects.filter(({ identity }) => identity !== null),
    subject => engine.stacksOf(subject, 'egress'),
  )
  for (const [stacks, subjects] of bySubject) {
    const unreached = unreachedIn(engine, stacks)
    for (const item of itemsOf(stacks.counting)) {
      if (item.kind !== 'rule') continue
      const key = keyOf(item.policy.ref)
      const found = all.get(key) ?? { isAsked: false, names: new Set<string>(), last: null }
      all.set(key, found)
      const before = unreached.get(item)
      if (before === undefined || item.doubts.length > 0 || stacks.others.length > 0) found.isAsked = true
      else {
        found.last ??= before.last
        for (const subject of subjects) found.names.add(nameOf(subject))
      }
    }
  }
  return all
}

/** Items to which nothing comes, to any kind of destination, with what took the last IPv4 packet before them. */
const unreachedIn = (
  { spaces }: ClusterEngine,
  { counting }: Stacks,
): ReadonlyMap<Item, { readonly last: Run | null }> => {
  const [first] = itemsOf(counting)
  if (first === undefined) return new Map()
  const unreached = new Map(unreachedRuns(spaces.v4, counting, withPorts(spaces.v4, first.policy)))
  for (const space of [spaces.v6, spaces.pods, spaces.otherNode, spaces.ownNode, spaces.apiserver]) {
    if (unreached.size === 0) break
    const one = space as Space<unknown>
    const here = unreachedRuns(one, counting, withPorts(one, first.policy))
    for (const run of [...unreached.keys()]) if (!here.has(run)) unreached.delete(run)
  }
  return new Map([...unreached].flatMap(([run, last]) => run.items.map(item => [item, { last }] as const)))
}

/** Rules that only log are none, and in a tier that passes on such a policy closes nothing: it is in no stack. */
const onlyLogs = ({ place, egress }: RulePolicy): boolean =>
  place.tier === 'calico' &&
  egress.rules.length === 0 &&
  egress.isolates === false &&
  pathText(egress.isolatesAt) !== 'spec.egress'

/** Asked with a rule in its place: one of either action, since rules of one action that stand together share a run. */
const silentOne = (policy: RulePolicy, engine: ClusterEngine): NeverAsked | null => {
  const { selection, population, spaces, memo, profile } = engine
  const { must, may } = selection.of(policy.subject)
  if (selection.bits.isEmpty(may) || !selection.bits.isSubset(may, must)) return null
  const { lists } = memo.stacks.selected.egress
  const members = [...membersOf(must)]
  const ways = Map.groupBy(members, member => lists[member]?.key ?? '')
  let last: Run | null = null
  for (const [first] of ways.values()) {
    const selecting = (lists[first as number]?.by ?? []).map(one => one.selecting)
    if (selecting.some(({ alternative }) => alternative !== null)) return null
    const isReached = (['allow', 'deny'] as const).every(action => {
      const { stack, item } = standIn(policy, action, selecting, engine)
      return [spaces.v4, spaces.v6, spaces.pods, spaces.otherNode, spaces.ownNode, spaces.apiserver].some(each => {
        const space = each as Space<unknown>
        const left = leftBefore(space, stack, item, withPorts(space, policy))
        if (each === spaces.v4) last = left.last
        return !space.algebra.isEmpty(left.region)
      })
    })
    if (isReached || profile.notOn.some(place => population.identities[first as number]?.runsOn === place)) return null
  }
  const meant = new Set(members)
  const names = population.subjects.flatMap(subject =>
    subject.identity !== null && meant.has(subject.identity) ? [nameOf(subject)] : [],
  )
  return { policy, names: [...new Set(names)].sort(compareText), last }
}

/** All TCP and UDP there is, in any space. */
const withPorts = <S>(space: Space<S>, policy: RulePolicy): S =>
  space.itemSets({ policy, rule: ALL, doubts: [], kind: 'rule' }).must

const ALL = ruleForAll('allow', TCP_AND_UDP, [])

const standIn = (
  policy: RulePolicy,
  action: 'allow' | 'deny',
  selecting: readonly Selecting[],
  { profile }: ClusterEngine,
): { readonly stack: Stack; readonly item: Item } => {
  const rule = ruleForAll(action, traffics.full, policy.egress.isolatesAt)
  const own: Selecting = {
    policy: { ...policy, egress: { ...policy.egress, rules: [rule] } },
    doubts: [],
    alternative: null,
  }
  // Only what is certainly enforced takes packets.
  const others = selecting.filter(one => profile.dialects[one.policy.dialect] === 'yes')
  const stack = calicoStackOf([...others, own], 'egress', profile)
  const item = [...itemsOf(stack)].find(one => one.rule === rule)
  if (item === undefined) throw new Error('a rule that was put in has no place')
  return { stack, item }
}
