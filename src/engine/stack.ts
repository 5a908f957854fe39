import type { Profile } from '../model/profile.ts'
import type { DocumentPath } from '../model/provenance.ts'
import type { Direction, Doubt, Rule, RulePolicy } from '../model/rule.ts'
import { ruleForAll } from '../model/rule-for-all.ts'
import { portSets } from '../sets/port-set.ts'
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../sets/protocol.ts'
import {
  OTHER_PROTOCOLS,
  portTraffic,
  protocolTraffic,
  type Traffic,
  traffics,
  unionOfTraffics,
} from '../sets/traffic.ts'
import type { Alternative } from './alternatives.ts'

/** A policy that selects a subject, or may. */
export interface Selecting {
  readonly policy: RulePolicy
  /** Why it may not select, or may not count; empty where it certainly does. */
  readonly doubts: readonly Doubt[]
  /** Set where other documents say something else about the same object. */
  readonly alternative: Alternative | null
}

/** One rule as it stands for a subject. */
export interface Item {
  readonly policy: RulePolicy
  readonly rule: Rule
  /** `rule`: written by somebody; `default`: what selecting alone does; `aside`: told elsewhere already. */
  readonly kind: 'rule' | 'default' | 'aside'
  readonly doubts: readonly Doubt[]
}

/** Items of one action that stand together. */
export interface Run {
  readonly action: Rule['action']
  readonly items: readonly Item[]
}

/** Tiers, priority groups in a tier, policies of a group, runs of a policy: as `foldTiers` wants them. */
export type Stack = readonly (readonly (readonly (readonly Run[])[])[])[]

/**
 * Where each policy of a subject stands. Cluster-wide policies of the `admin` tier come first, by priority; then, all
 * together, those of the `workload` tier: deny, allow, and what isolation closes; then the `baseline`, which a subject that
 * a workload policy isolates never reaches, since isolation decides everything.
 */
export const stackOf = (selecting: readonly Selecting[], direction: Direction, profile: Profile): Stack => {
  const tier = (name: 'admin' | 'baseline') => byPriority(selecting, name, direction)
  const workload = selecting.filter(({ policy }) => policy.place.tier === 'workload')
  const items = workload.flatMap(one => itemsOf(one, direction))
  const certain = workload.filter(one => one.doubts.length === 0)
  const doubtful = workload.filter(one => one.doubts.length > 0)
  const runs: readonly Run[] = [
    { action: 'deny', items: items.filter(({ rule }) => rule.action === 'deny') },
    { action: 'allow', items: items.filter(({ rule }) => rule.action === 'allow') },
    { action: 'deny', items: certain.flatMap(one => defaultsOf(one, direction, profile)) },
  ]
  return [
    tier('admin'),
    asTier(runs),
    ...doubtful.map(one => asTier(ownDefault(one, direction, profile))),
    // What isolation does not close passes here: who is isolated never reaches the baseline.
    asTier([{ action: 'allow', items: workload.flatMap(one => restOf(one, direction)) }]),
    tier('baseline'),
  ].filter(one => one.length > 0)
}

const asTier = (runs: readonly Run[]): Stack[number] => {
  const some = runs.filter(run => run.items.length > 0)
  return some.length === 0 ? [] : [[some]]
}

/**
 * A policy that may not count closes nothing that it allows itself: if it counts its rule lets the packet pass, and if it
 * does not it closes nothing. So its own rules pass by its default, as certain as they are if it counts.
 */
const ownDefault = (one: Selecting, direction: Direction, profile: Profile): readonly Run[] => {
  const closes = defaultsOf(one, direction, profile)
  if (closes.length === 0) return []
  const allows = itemsOf({ ...one, doubts: [] }, direction).filter(({ rule }) => rule.action === 'allow')
  return [
    { action: 'pass', items: allows.map(item => ({ ...item, kind: 'aside' })) },
    { action: 'deny', items: closes },
  ]
}

export const byPriority = (
  selecting: readonly Selecting[],
  tier: 'admin' | 'baseline',
  direction: Direction,
): readonly (readonly (readonly Run[])[])[] => {
  const groups = new Map<number, (readonly Run[])[]>()
  for (const one of selecting) {
    const { place } = one.policy
    if (place.tier !== tier) continue
    const runs = runsInOrder(itemsOf(one, direction))
    if (runs.length === 0) continue
    const group = groups.get(place.priority)
    if (group === undefined) groups.set(place.priority, [runs])
    else group.push(runs)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}

/** Neighbours of one action are one run: among them the order decides nothing. */
export const runsInOrder = (items: readonly Item[]): readonly Run[] => {
  const runs: { action: Rule['action']; items: Item[] }[] = []
  for (const item of items) {
    const last = runs.at(-1)
    if (last?.action === item.rule.action) last.items.push(item)
    else runs.push({ action: item.rule.action, items: [item] })
  }
  return runs
}

export const itemsOf = ({ policy, doubts }: Selecting, direction: Direction): readonly Item[] =>
  policy[direction].rules.map(rule => ({
    policy,
    rule,
    kind: isToldElsewhere(rule) ? 'aside' : 'rule',
    doubts: rule.doubt === null ? doubts : [...doubts, rule.doubt],
  }))

/** What only says what others are about is a reason where it is open. */
const isToldElsewhere = ({ isScope, doubt, peers }: Rule): boolean =>
  isScope === true && doubt === null && !peers.some(({ kind }) => kind === 'maybe')

/** What isolation closes; where the specification does not say so for a protocol, that it may. */
export const defaultsOf = (one: Selecting, direction: Direction, profile: Profile): readonly Item[] => {
  const { policy } = one
  const { isolates, isolatesAt } = policy[direction]
  if (isolates === false) return []
  const item = (exact: Traffic, more: readonly Doubt[]): Item =>
    defaultItem(one, 'deny', exact, isolates, isolatesAt, more)
  if (policy.dialect !== 'kubernetes' && policy.dialect !== 'calico') return [item(traffics.full, [])]
  const protocols = isolatedProtocols(profile)
  return [
    item(protocols.denied, []),
    ...(traffics.isEmpty(protocols.open) ? [] : [item(protocols.open, [OPEN_PROTOCOLS[policy.dialect]])]),
  ]
}

/** Only a NetworkPolicy leaves protocols out, and only it ends before the baseline. */
const restOf = (one: Selecting, direction: Direction): readonly Item[] => {
  const { isolates, isolatesAt } = one.policy[direction]
  return isolates === false || one.policy.dialect !== 'kubernetes'
    ? []
    : [defaultItem(one, 'allow', traffics.full, isolates, isolatesAt, [])]
}

const defaultItem = (
  { policy, doubts }: Selecting,
  action: 'allow' | 'deny',
  exact: Traffic,
  isolates: true | 'unknown',
  at: DocumentPath,
  more: readonly Doubt[],
): Item => ({
  policy,
  kind: 'default',
  doubts: [...doubts, ...(isolates === 'unknown' ? [ISOLATION_UNREAD] : []), ...more],
  rule: ruleForAll(action, exact, at),
})

interface IsolatedProtocols {
  readonly denied: Traffic
  readonly open: Traffic
}

const protocolsByProfile = new WeakMap<Profile, IsolatedProtocols>()

/** Every stack asks: one value for each profile, so that its traffic is looked up once. */
const isolatedProtocols = (profile: Profile): IsolatedProtocols => {
  const known = protocolsByProfile.get(profile)
  if (known !== undefined) return known
  const { isolation } = profile
  const parts = [
    ['denied', unionOfTraffics([TCP, UDP].map(protocol => portTraffic(protocol as typeof TCP, portSets.full)))],
    [isolation.sctp, protocolTraffic(SCTP)],
    [isolation.icmp, unionOfTraffics([ICMP, ICMPV6].map(protocolTraffic))],
    [isolation.others, OTHER_PROTOCOLS],
  ] as const
  const of = (wanted: 'denied' | 'unknown'): Traffic =>
    unionOfTraffics(parts.flatMap(([what, traffic]) => (what === wanted ? [traffic] : [])))
  const made = { denied: of('denied'), open: of('unknown') }
  protocolsByProfile.set(profile, made)
  return made
}

const OPEN_PROTOCOLS: Readonly<Record<'kubernetes' | 'calico', Doubt>> = {
  kubernetes: {
    level: 'undefined',
    why: 'NetworkPolicy says what happens to TCP, UDP and SCTP only; what isolation does to other protocols differs by network plugin',
    settledBy: 'the network plugin: name its profile with --cni',
  },
  calico: {
    level: 'unknown',
    why: 'what becomes of protocols other than TCP and UDP at the end of a tier is not documented for this dataplane',
    settledBy: 'the network plugin and its dataplane: name its profile with --cni',
  },
}

const ISOLATION_UNREAD: Doubt = {
  level: 'unknown',
  why: 'whether this policy closes what it does not allow could not be read',
  settledBy: 'a document in the published form of its API',
}
