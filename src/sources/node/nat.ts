import type { FirewallChain, FirewallMatch, FirewallRule, NatEntry } from '../../model/node-firewall.ts'

/**
 * Walks the translation chains from their hooks through every jump, and gives each translation with the conditions
 * that lead to it: a NodePort is a match in one chain, a choice among endpoints in the next, and an address in a third.
 * What other hooks did before (a mark, `notrack`, a drop) is not followed; conditions on marks stay conditions.
 */
export const MAX_NAT_ENTRIES = 100_000
const MAX_STEPS = 2_000_000
const MAX_DEPTH = 32
const LISTED_EXITS = 16

export interface NatSummary {
  readonly entries: readonly NatEntry[]
  /** False: a limit was reached, there are more. */
  readonly complete: boolean
}

interface Walk {
  readonly when: readonly FirewallMatch[]
  readonly unless: readonly (readonly FirewallMatch[])[]
  readonly unlessMore: number
  readonly path: readonly string[]
}

export const summariseNat = (chains: readonly FirewallChain[]): NatSummary => {
  const entries: NatEntry[] = []
  const byName = new Map<string, FirewallChain>()
  for (const chain of chains) if (!chain.restated) byName.set(keyOf(chain, chain.name), chain)
  const ends = new Map<string, boolean>()
  let steps = 0
  let complete = true

  /** Whether some packet may come to its end inside this chain; beyond the depth that is followed, it may. */
  const mayEnd = (key: string, depth: number): boolean => {
    const before = ends.get(key)
    if (before !== undefined) return before
    const chain = byName.get(key)
    if (chain === undefined || depth > MAX_DEPTH) return true
    ends.set(key, false)
    const found = chain.rules.some(({ verdict }) => {
      const all = verdict.kind === 'choice' ? verdict.choices.map(choice => choice.verdict) : [verdict]
      return all.some(one => {
        if (one.kind === 'jump' || one.kind === 'goto') return mayEnd(keyOf(chain, one.chain), depth + 1)
        return one.kind !== 'return' && one.kind !== 'continue'
      })
    })
    ends.set(key, found)
    return found
  }

  const walk = (base: FirewallChain, chain: FirewallChain, from: Walk): void => {
    let here = { ...from, path: [...from.path, chain.name] }
    const leave = (matches: readonly FirewallMatch[]): void => {
      here =
        here.unless.length < LISTED_EXITS
          ? { ...here, unless: [...here.unless, matches] }
          : { ...here, unlessMore: here.unlessMore + 1 }
    }
    const enter = (name: string, when: readonly FirewallMatch[]): void => {
      const target = byName.get(keyOf(chain, name))
      if (target === undefined || here.path.includes(name)) return
      if (here.path.length >= MAX_DEPTH) complete = false
      else walk(base, target, { ...here, when })
    }
    for (const rule of chain.rules) {
      steps += 1
      if (steps > MAX_STEPS || entries.length >= MAX_NAT_ENTRIES) {
        complete = false
        return
      }
      const when = [...here.when, ...rule.matches]
      const { verdict } = rule
      if (verdict.kind === 'translate') {
        entries.push(entryOf(base, rule, verdict.translation, when, here))
        leave(rule.matches)
      } else if (verdict.kind === 'jump' || verdict.kind === 'goto') {
        enter(verdict.chain, when)
        if (verdict.kind === 'goto') leave(rule.matches)
        else if (mayEnd(keyOf(chain, verdict.chain), 0)) here = { ...here, unlessMore: here.unlessMore + 1 }
      } else if (verdict.kind === 'choice') {
        for (const choice of verdict.choices) {
          steps += 1
          if (steps > MAX_STEPS) break
          if (choice.verdict.kind === 'jump' || choice.verdict.kind === 'goto')
            enter(choice.verdict.chain, [...when, ...choice.when])
        }
        here = { ...here, unlessMore: here.unlessMore + verdict.choices.length }
      } else if (verdict.kind !== 'continue') leave(rule.matches)
    }
  }

  for (const chain of byName.values())
    if (chain.hook !== null && chain.type === 'nat')
      walk(chain, chain, { when: [], unless: [], unlessMore: 0, path: [] })
  return { entries, complete }
}

const keyOf = (chain: FirewallChain, name: string): string =>
  `${chain.tool} ${chain.backend} ${chain.layer} ${chain.table} ${name}`

const entryOf = (
  base: FirewallChain,
  rule: FirewallRule,
  translation: NatEntry['translation'],
  when: readonly FirewallMatch[],
  walk: Walk,
): NatEntry => ({
  tool: rule.tool,
  family: rule.family ?? familyOf(when) ?? familyOfTarget(translation),
  table: rule.table,
  hook: base.hook ?? '',
  priority: base.priority,
  translation,
  when,
  unless: walk.unless,
  unlessMore: walk.unlessMore,
  sources: innermost(when, match =>
    match.kind === 'address' && match.side === 'source' && !match.negated ? match.items : null,
  ),
  destinations: innermost(when, match =>
    match.kind === 'address' && match.side === 'destination' && !match.negated ? match.items : null,
  ),
  protocols: innermost(when, match => (match.kind === 'protocol' && !match.negated ? match.protocols : null)),
  destinationPorts: innermost(when, match =>
    match.kind === 'port' && match.side === 'destination' && !match.negated ? match.ports : null,
  ),
  chains: walk.path,
  counters: rule.counters,
  origin: rule.origin,
})

const familyOf = (when: readonly FirewallMatch[]): NatEntry['family'] =>
  innermost(when, match => (match.kind === 'family' && !match.negated ? match.family : null))

const familyOfTarget = (translation: NatEntry['translation']): NatEntry['family'] => {
  const told = translation.kind === 'source' || translation.kind === 'destination' ? translation.targets : []
  const families = new Set(
    told.map(({ address }) => (address === null || address.kind === 'unknown' ? null : address.family)),
  )
  const [only] = families
  return families.size === 1 && only !== undefined ? only : null
}

const innermost = <T>(when: readonly FirewallMatch[], pick: (match: FirewallMatch) => T | null): T | null => {
  for (let i = when.length - 1; i >= 0; i -= 1) {
    const match = when[i]
    const found = match === undefined ? null : pick(match)
    if (found !== null) return found
  }
  return null
}
