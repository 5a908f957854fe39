import type { Doubt, Rule } from '../model/rule.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { type Matching, oneByOne, type RunOn } from './matching.ts'
import { doubtsOf } from './reading.ts'
import { remaining, unionOf } from './remaining.ts'
import type { Space } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'
import type { Place } from './stack-index.ts'

/** What decided a region: the items that match part of it, in the order in which they are asked. */
export interface Decision {
  readonly items: readonly Decisive[]
  /** Further items that match, past MOST_ITEMS: counted, not told. */
  readonly more: number
  /** Part of the region is matched by nothing: no policy has a word on it. */
  readonly unmatched: boolean
}

/** As many reasons as somebody reads. */
const MOST_ITEMS = 20
/** Policies that close a direction by selecting alone all say the same. */
const MOST_DEFAULTS = 3

export interface Decisive {
  readonly item: Item
  readonly action: Rule['action']
  /** Doubts that matter here; empty where the item certainly matches. */
  readonly doubts: readonly Doubt[]
}

/** What decided a region, found by asking item after item: for a question or two. `most`: items that are told. */
export const decisionOn = <S>(space: Space<S>, stack: Stack, region: S, most: number = MOST_ITEMS): Decision =>
  decisionBy(space, oneByOne(space), stack, region, most)

/**
 * Walks the tiers with what is left of the region. Items of one run are told together, since among them the order decides
 * nothing: two rules that allow the same are both reasons.
 */
export const decisionBy = <S>(
  space: Space<S>,
  matching: Matching<S>,
  stack: Stack,
  region: S,
  most: number = MOST_ITEMS,
): Decision => {
  const { algebra } = space
  if (algebra.isEmpty(region)) return NOTHING_DECIDED
  const items: Decisive[] = []
  let more = 0
  const runs = matching.runsOn(stack, region)
  const placeAt = (i: number): Place => (runs[i] as RunOn<S>).place
  let left = remaining(algebra, region, runs.length)
  for (let tier = 0, tierEnd = 0; tier < runs.length; tier = tierEnd) {
    tierEnd = endOf(runs, tier, runs.length, 'tier')
    // What may pass on, with what was left of the region then: mostly that is one set.
    const passed = new Map<S, S[]>()
    for (let group = tier, groupEnd = tier; group < tierEnd; group = groupEnd) {
      groupEnd = endOf(runs, group, tierEnd, 'group')
      const inGroup: Decisive[] = []
      // Policies of one priority are asked in any order: each takes what it matches from what comes after all of them.
      const isOne = placeAt(group).policy === placeAt(groupEnd - 1).policy
      const before = isOne ? null : left.at(null)
      const after: S[] = []
      for (let policy = group, policyEnd = group; policy < groupEnd; policy = policyEnd) {
        policyEnd = endOf(runs, policy, groupEnd, 'policy')
        const own = before === null ? left : remaining(algebra, before, runs.length)
        for (let i = policy; i < policyEnd; i++) {
          const { place, traffics, on } = runs[i] as RunOn<S>
          const here = own.at(traffics)
          if (algebra.isEmpty(here)) break
          const matched = on(here)
          if (matched === null) continue
          const { run } = place
          const found = toldOf(space, run, matched.items, here, most - items.length - inGroup.length)
          inGroup.push(...found.items)
          more += found.more
          if (run.action === 'pass') {
            const known = passed.get(here)
            if (known === undefined) passed.set(here, [...matched.perhaps()])
            else known.push(...matched.perhaps())
          }
          own.take(matched.certain, traffics)
        }
        if (before !== null) after.push(own.at(null))
      }
      if (before !== null) left = remaining(algebra, after.reduce(algebra.intersect, before), runs.length)
      items.push(...(disagree(inGroup) ? inGroup.map(withPriority) : inGroup))
    }
    if (passed.size > 0) {
      const next = [...passed].map(([here, perhaps]) => algebra.intersect(unionOf(algebra, perhaps), here))
      left = remaining(algebra, next.reduce(algebra.union, left.at(null)), runs.length)
    }
  }
  return { items, more, unmatched: !algebra.isEmpty(left.at(null)) }
}

/** Where the neighbours end that share a part of their place. */
const endOf = <S>(runs: readonly RunOn<S>[], from: number, to: number, part: 'tier' | 'group' | 'policy'): number => {
  const first = runs[from]?.place[part]
  let end = from + 1
  while (end < to && runs[end]?.place[part] === first) end++
  return end
}

const NOTHING_DECIDED: Decision = { items: [], more: 0, unmatched: false }

/** That what is left open passes is said once. */
const mostDefaults = ({ action }: Run): number => (action === 'deny' ? MOST_DEFAULTS : 1)

const toldOf = <S>(
  space: Space<S>,
  run: Run,
  matched: readonly number[],
  region: S,
  room: number,
): { readonly items: readonly Decisive[]; readonly more: number } => {
  const items: Decisive[] = []
  for (const place of matched) {
    if (items.length >= room) break
    const item = run.items[place] as Item
    if (item.kind === 'default' && items.length >= mostDefaults(run)) continue
    items.push({ item, action: run.action, doubts: isCertain(space, item, region) ? NO_DOUBTS : doubtsWith(item) })
  }
  return { items, more: matched.length - items.length }
}

const NO_DOUBTS: readonly Doubt[] = []

const isCertain = <S>({ algebra, itemSets }: Space<S>, item: Item, region: S): boolean => {
  if (item.doubts.length > 0) return false
  const { must, may } = itemSets(item)
  return must === may || algebra.isSubset(algebra.intersect(may, region), must)
}

const disagree = (items: readonly Decisive[]): boolean => {
  if (items.length < 2) return false
  const certain = items.filter(({ doubts }) => doubts.length === 0)
  const [first] = certain
  return (
    certain.some(({ item }) => item.policy !== first?.item.policy) &&
    certain.some(({ action }) => action !== first?.action)
  )
}

const withPriority = (one: Decisive): Decisive => ({ ...one, doubts: [...one.doubts, SAME_PRIORITY] })

const doubtsByItem = new WeakMap<Item, readonly Doubt[]>()

/** One list for each item, so that it is worded once. */
const doubtsWith = (item: Item): readonly Doubt[] => {
  const known = doubtsByItem.get(item)
  if (known !== undefined) return known
  const doubts = doubtsFor(item)
  doubtsByItem.set(item, doubts)
  return doubts
}

const doubtsFor = (item: Item): readonly Doubt[] => {
  const doubts = doubtsOf(item)
  if (doubts.length > 0) return doubts
  const patterns = item.rule.peers.flatMap(peer => (peer.kind === 'names' ? peer.patterns.map(printNamePattern) : []))
  if (patterns.length > 0) return [namesOpen(patterns)]
  return item.rule.peers.some(peer => peer.kind === 'nodes') ? [NODES_OPEN] : [ADDRESS_OPEN]
}

const namesOpen = (patterns: readonly string[]): Doubt => ({
  level: 'unknown',
  why: `only if a name matching ${patterns.map(pattern => `\`${pattern}\``).join(' or ')} resolved to it`,
  settledBy: 'DNS answers that were seen',
})

const NODES_OPEN: Doubt = {
  level: 'unknown',
  why: 'the rule is about some nodes, and one line stands for all of them',
  settledBy: 'a question about one node whose labels were read',
}

/** Source: network-policy-api, ClusterNetworkPolicySpec, `priority`: "the implementation may apply any of the matching policies". */
const SAME_PRIORITY: Doubt = {
  level: 'undefined',
  why: 'policies of equal priority disagree, and which comes first is not defined',
  settledBy: 'different priorities',
}

const ADDRESS_OPEN: Doubt = {
  level: 'undefined',
  why: 'whether a block of addresses catches pods or nodes differs by network plugin, or it holds only some of their addresses, or these are not known',
  settledBy: 'the network plugin (--cni) and the status of pods and nodes',
}
