import { type Placed, placedPolicies, SPELLINGS } from './calico.ts'
import { type Tier, tiersOf } from './calico-tiers.ts'
import type { Question } from './question.ts'
import type { Json, Verdict } from './types.ts'

/**
 * Calico's order: tiers by order, then name; in a tier policies by order, then by their names. A tier counts if one of its
 * policies is about the pod in this direction; then what none of them decides meets the end of the tier. What passes the
 * last tier meets the profile of the namespace, which allows. Every verdict that it may come to.
 * Source: docs.tigera.io, Tier, "How policy is evaluated"; calico, felix/calc/policy_sorter.go, felix/rules/endpoints.go;
 * libcalico-go/lib/backend/k8s/conversion/conversion.go, NamespaceToProfile.
 */
export const calicoOutcomes = (
  question: Question,
  ended: readonly Verdict[],
): { readonly outcomes: ReadonlySet<Verdict>; readonly why: string } => {
  const policies = placedPolicies(question)
  const outcomes = new Set<Verdict>()
  for (const outcome of outcomesInTiers(question.objects, policies, ended))
    outcomes.add(outcome === 'rest' ? 'allowed' : outcome)
  const why = policies
    .filter(({ says }) => [...says].some(say => say !== 'absent'))
    .map(({ policy, tier, order, says }) => `${policy} (${tier}, ${order}) ${[...says].join(' or ')}`)
  return { outcomes, why: why.join(', ') || 'nothing applies' }
}

/** What it may come to in the tiers; `rest`: no tier has decided. `passes`: no tier ends in a denial. */
export const outcomesInTiers = (
  objects: readonly Json[],
  policies: readonly Placed[],
  ended: readonly Verdict[],
  passes = false,
): ReadonlySet<Verdict | 'rest'> => {
  const outcomes = new Set<Verdict | 'rest'>()
  for (const unordered of [1_000_000, Number.POSITIVE_INFINITY])
    for (const tiers of arrangements(tiersOf(objects, unordered), policies))
      for (const spelling of SPELLINGS) {
        const ends = passes ? tiers.map((tier): Tier => ({ ...tier, end: 'pass' })) : tiers
        for (const outcome of inOrder(sorted(ends), policies, spelling, ended)) outcomes.add(outcome)
      }
  return outcomes
}

/**
 * A tier that no document shows may be anywhere and end either way. One that the cluster does not have either comes last and
 * denies. Source: calico, felix/calc/policy_sorter.go, TierLess.
 */
const arrangements = (tiers: readonly Tier[], policies: readonly Placed[]): readonly (readonly Tier[])[] => {
  const known = new Set(tiers.map(({ name }) => name))
  const missing = new Set(policies.map(({ tier }) => tier).filter(tier => !known.has(tier)))
  const places = [...new Set(tiers.map(({ order }) => order))].flatMap(order => [order - 0.5, order])
  let all: readonly (readonly Tier[])[] = [tiers]
  for (const name of missing)
    all = all.flatMap(one =>
      [...places, Number.POSITIVE_INFINITY].flatMap(order =>
        (['deny', 'pass'] as const).map(end => [...one, { name, order, end }]),
      ),
    )
  return all
}

const sorted = (tiers: readonly Tier[]): readonly Tier[] =>
  tiers.toSorted((a, b) => (a.order === b.order ? compareTexts(a.name, b.name) : a.order - b.order))

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Spelling = (typeof SPELLINGS)[number]

const inOrder = (
  tiers: readonly Tier[],
  policies: readonly Placed[],
  spelling: Spelling,
  ended: readonly Verdict[],
): ReadonlySet<Verdict | 'rest'> => {
  const outcomes = new Set<Verdict | 'rest'>()
  for (const tier of tiers) {
    // Whether the tier counts, of a packet that nothing in it has decided yet; empty: something has.
    let counts: ReadonlySet<boolean> = new Set([false])
    let goesOn = false
    for (const equals of steps(
      policies.filter(policy => policy.tier === tier.name),
      spelling,
    )) {
      if (counts.size === 0) break
      const said = new Set(equals.flatMap(({ says }) => [...says]))
      if (said.has('allow')) outcomes.add('allowed')
      if (said.has('deny')) outcomes.add('denied')
      if (said.has('pass')) goesOn = true
      counts = undecided(counts, equals)
    }
    // What isolation leaves out goes on, as if the tier did not count.
    const isLeftOut = ended.includes('allowed')
    if (counts.has(true) && tier.end === 'deny') {
      if (ended.includes('denied')) outcomes.add('denied')
      if (isLeftOut) goesOn = true
    }
    if (counts.has(false) || (counts.has(true) && tier.end === 'pass')) goesOn = true
    if (!goesOn) return outcomes
  }
  return outcomes.add('rest')
}

/** One after the other, but together where nothing says which comes first. */
const steps = (policies: readonly Placed[], spelling: Spelling): readonly (readonly Placed[])[] => {
  const byOrder = Map.groupBy(policies, ({ order }) => order)
  return [...byOrder.keys()]
    .toSorted((a, b) => (a === b ? 0 : a - b))
    .flatMap(order => {
      const equals = byOrder.get(order) ?? []
      if (equals.some(({ names }) => names === null)) return [equals]
      return equals
        .toSorted((a, b) => compareTexts(a.names?.[spelling] ?? '', b.names?.[spelling] ?? ''))
        .map(policy => [policy])
    })
}

/** What it may be after policies none of which has decided. */
const undecided = (counts: ReadonlySet<boolean>, equals: readonly Placed[]): ReadonlySet<boolean> => {
  let left = counts
  for (const { says } of equals) {
    const next = new Set<boolean>()
    for (const counted of left) {
      if (says.has('absent')) next.add(counted)
      if (says.has('none')) next.add(true)
    }
    left = next
  }
  return left
}
