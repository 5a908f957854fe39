import type { Doubt, Rule } from '../model/rule.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { doubtsOf } from './reading.ts'
import type { Space } from './space.ts'
import type { Item, Run, Stack } from './stack.ts'

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

/**
 * Walks the tiers with what is left of the region. Items of one run are told together, since among them the order decides
 * nothing: two rules that allow the same are both reasons.
 */
export const decisionOn = <S>(space: Space<S>, stack: Stack, region: S): Decision => {
  const { algebra } = space
  const items: Decisive[] = []
  let more = 0
  let left = region
  for (const tier of stack) {
    let passed: S = algebra.empty
    for (const group of tier) {
      const before = left
      const inGroup: Decisive[] = []
      for (const runs of group) {
        let here = before
        for (const run of runs) {
          if (algebra.isEmpty(here)) break
          const step = space.stepOf(run, 'strict')
          if (algebra.isEmpty(algebra.intersect(step.may, here))) continue
          const found = decisiveIn(space, run, here, MOST_ITEMS - items.length - inGroup.length)
          inGroup.push(...found.items)
          more += found.more
          if (run.action === 'pass') passed = algebra.union(passed, algebra.intersect(step.must, here))
          here = algebra.subtract(here, step.must)
        }
        // Policies of one priority are asked in any order: each takes what it matches from what comes after all of them.
        left = algebra.intersect(left, here)
      }
      items.push(...(disagree(inGroup) ? inGroup.map(withPriority) : inGroup))
    }
    left = algebra.union(left, passed)
  }
  return { items, more, unmatched: !algebra.isEmpty(left) }
}

/** That what is left open passes is said once. */
const mostDefaults = ({ action }: Run): number => (action === 'deny' ? MOST_DEFAULTS : 1)

const decisiveIn = <S>(
  space: Space<S>,
  run: Run,
  region: S,
  room: number,
): { readonly items: readonly Decisive[]; readonly more: number } => {
  const items: Decisive[] = []
  let more = 0
  for (const item of run.items) {
    if (item.kind === 'aside') continue
    const { must, may } = space.itemStep(item, run.action)
    if (!space.mayMeet(may, region)) continue
    const matched = space.algebra.intersect(may, region)
    if (space.algebra.isEmpty(matched)) continue
    if (items.length >= (item.kind === 'default' ? Math.min(room, mostDefaults(run)) : room)) {
      more++
      continue
    }
    const isCertain = must === may || space.algebra.isSubset(matched, must)
    items.push({ item, action: run.action, doubts: isCertain ? [] : doubtsWith(item) })
  }
  return { items, more }
}

const disagree = (items: readonly Decisive[]): boolean => {
  const certain = items.filter(({ doubts }) => doubts.length === 0)
  return (
    new Set(certain.map(({ item }) => item.policy)).size > 1 && new Set(certain.map(({ action }) => action)).size > 1
  )
}

const withPriority = (one: Decisive): Decisive => ({ ...one, doubts: [...one.doubts, SAME_PRIORITY] })

const doubtsWith = (item: Item): readonly Doubt[] => {
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
