import { compareText } from '../model/order.ts'
import type { CalicoPlace, Doubt } from '../model/rule.ts'
import { sharedBy } from './shared-by.ts'
import type { Selecting } from './stack.ts'

/** A policy with its place among those that Calico enforces. */
export interface Placed {
  readonly one: Selecting
  readonly place: CalicoPlace
  /** Equal for policies of one tier. */
  readonly tier: string
}

/** Policies whose order among each other nobody can tell; mostly one. */
export type Together = readonly Placed[]

export interface TierOfPolicies {
  readonly end: CalicoPlace['end']
  readonly policies: readonly Together[]
}

/**
 * What is asked next. `asked`: one tier, if it was not asked before. `perhaps`: one or several that may stand here, in any
 * order; each is asked later, too, and then says the same again to what it passed on here.
 */
export type TierStep =
  | { readonly kind: 'asked'; readonly tier: TierOfPolicies }
  | { readonly kind: 'perhaps'; readonly tiers: readonly DoubtfulTier[] }

export interface DoubtfulTier {
  readonly tier: TierOfPolicies
  readonly doubt: Doubt
}

/** Subjects whom the same policies of a tier select share the tier. */
const tierOf = sharedBy<Selecting | AdminTier, TierOfPolicies>()

/**
 * Tiers by order, then name, and those that are not there last; in a tier policies by order, then by name. What one version of
 * the agent compares first another compares later, so where the versions differ the order is left open.
 * Source: felix/calc/policy_sorter.go, TierLess and PolKVLess, of v3.29 (namespace and name as one text) and of v3.32 (name,
 * namespace, kind).
 */
export const inCalicoOrder = (
  selecting: readonly Selecting[],
): {
  readonly tiers: readonly TierOfPolicies[]
  readonly steps: readonly TierStep[]
  readonly unplaced: readonly Selecting[]
} => {
  const admin = adminTierOf(selecting)
  const placed: Placed[] = []
  const unplaced: Selecting[] = []
  for (const one of selecting) {
    const found = placedIn(admin, one)
    if (found === null) unplaced.push(one)
    else placed.push(found)
  }
  const tiers = [...Map.groupBy(placed, ({ tier }) => tier).values()].map((policies): PlacedTier => {
    const { place } = policies.find(isOwn) ?? (policies[0] as Placed)
    const tier = tierOf([admin, ...policies.map(({ one }) => one)], () => ({
      end: place.end,
      policies: inOneTier(policies),
    }))
    return { place, tier }
  })
  return {
    tiers: tiers.map(({ tier }) => tier),
    steps: [...Map.groupBy(tiers, ({ place }) => stageOf(place))]
      .sort(([a], [b]) => a - b)
      .flatMap(([, same]) => withLost(same)),
    unplaced,
  }
}

/** Subjects share their policies: where one stands is worked out once. */
const placesIn = new WeakMap<AdminTier, WeakMap<Selecting, { readonly placed: Placed | null }>>()

const placedIn = (admin: AdminTier, one: Selecting): Placed | null => {
  const places = placesIn.get(admin) ?? new WeakMap<Selecting, { readonly placed: Placed | null }>()
  placesIn.set(admin, places)
  const known = places.get(one)
  if (known !== undefined) return known.placed
  const place = placeOf(one, admin)
  const placed = place === null ? null : { one, place, tier: `${stageOf(place)} ${place.name}` }
  places.set(one, { placed })
  return placed
}

const stageOf = ({ stage }: CalicoPlace): number => stage ?? 0

interface PlacedTier {
  readonly place: CalicoPlace
  readonly tier: TierOfPolicies
}

/** Before every other tier, and after all of them, those that may stand anywhere. */
const withLost = (tiers: readonly PlacedTier[]): readonly TierStep[] => {
  if (tiers.every(({ place }) => place.earlier === undefined)) return tiers.toSorted(byPlace).map(asked)
  const lost = tiers.filter(({ place }) => place.earlier?.tierOrder === null).sort(byPlace)
  const settled = inBothOrders(tiers.filter(tier => !lost.includes(tier)))
  if (lost.length === 0) return settled
  const perhaps: TierStep = {
    kind: 'perhaps',
    tiers: lost.flatMap(({ tier, place }) => (place.earlier === undefined ? [] : { tier, doubt: place.earlier.doubt })),
  }
  return [...settled.flatMap(step => [perhaps, step]), ...(lost.length > 1 ? [perhaps] : []), ...lost.map(asked)]
}

const asked = ({ tier }: PlacedTier): TierStep => ({ kind: 'asked', tier })

/** A tier that versions put elsewhere stands at its earlier place, too, if another one comes in between. */
const inBothOrders = (tiers: readonly PlacedTier[]): readonly TierStep[] => {
  const late = tiers.toSorted(byPlace)
  const early = tiers.map(one => ({ one, place: atEarlier(one.place) })).sort(byPlace)
  const lateAt = new Map(late.map((one, i) => [one, i]))
  const at = (one: PlacedTier): number => lateAt.get(one) ?? 0
  const steps = late.map(one => ({ place: one.place, step: asked(one) }))
  for (const [i, { one, place }] of early.entries()) {
    const { earlier } = one.place
    if (earlier === undefined || early.slice(i + 1).every(after => at(after.one) > at(one))) continue
    steps.push({ place, step: { kind: 'perhaps', tiers: [{ tier: one.tier, doubt: earlier.doubt }] } })
  }
  return steps.sort(byPlace).map(({ step }) => step)
}

const atEarlier = (place: CalicoPlace): CalicoPlace => ({
  ...place,
  tierOrder: place.earlier?.tierOrder ?? place.tierOrder,
})

const byPlace = (a: { readonly place: CalicoPlace }, b: { readonly place: CalicoPlace }): number =>
  Number(a.place.lacksTier ?? false) - Number(b.place.lacksTier ?? false) ||
  byNumber(a.place.tierOrder, b.place.tierOrder) ||
  compareText(a.place.name, b.place.name)

/** What Calico's own policies say of a tier comes from its document. */
const isOwn = ({ one }: Placed): boolean => one.policy.place.tier === 'calico' || one.policy.place.tier === 'hop'

const inOneTier = (policies: readonly Placed[]): readonly Together[] =>
  [...Map.groupBy(policies, ({ place }) => place.order)]
    .sort(([a], [b]) => byNumber(a, b))
    .flatMap(([, equal]) => inNameOrder(equal))

/** The order of the names where every version agrees on it: pieces after which all have asked the same policies. */
const inNameOrder = (equal: readonly Placed[]): readonly Together[] => {
  if (equal.length === 1) return [equal]
  const versions = Math.max(...equal.map(({ place }) => place.names.length))
  const orders = Array.from({ length: versions }, (_, version) =>
    equal.toSorted((a, b) => compareText(nameIn(a, version), nameIn(b, version))),
  )
  const [first = [], ...others] = orders
  const pieces: Placed[][] = []
  let piece: Placed[] = []
  const open = new Map<Placed, number>()
  const count = (placed: Placed | undefined, by: number): void => {
    if (placed === undefined) return
    const now = (open.get(placed) ?? 0) + by
    if (now === 0) open.delete(placed)
    else open.set(placed, now)
  }
  for (const [i, placed] of first.entries()) {
    piece.push(placed)
    count(placed, others.length)
    for (const other of others) count(other[i], -1)
    if (open.size > 0) continue
    pieces.push(piece)
    piece = []
  }
  return withEqualPriorities(pieces)
}

const nameIn = ({ place: { names } }: Placed, version: number): string => names[version] ?? names.at(-1) ?? ''

/** Policies of the policy API with one priority have no order by their specification, whatever Calico makes of it. */
const withEqualPriorities = (pieces: readonly Together[]): readonly Together[] => {
  const holds = (piece: Together): boolean => piece.some(({ one }) => one.policy.dialect === 'policy-api')
  const first = pieces.findIndex(holds)
  const last = pieces.findLastIndex(holds)
  return first === last
    ? pieces
    : [...pieces.slice(0, first), pieces.slice(first, last + 1).flat(), ...pieces.slice(last + 1)]
}

const byNumber = (a: number, b: number): number => (a === b ? 0 : a - b)

const DEFAULT = { tier: 'calico', name: 'default', tierOrder: 1_000_000, end: 'deny' } as const

/**
 * NetworkPolicy stands in the tier `default` with order 1000; AdminNetworkPolicy, up to 3.31, in `adminnetworkpolicy` and
 * `baselineadminnetworkpolicy`; ClusterNetworkPolicy, from 3.32, in `kube-admin` and `kube-baseline`, each by its priority.
 * null: a policy that none of these tiers holds.
 * Source: libcalico-go, K8sNetworkPolicyToCalico and K8sClusterNetworkPolicyToCalico; api/v3, tier orders; lib/names.
 */
const placeOf = ({ policy }: Selecting, adminTier: AdminTier): CalicoPlace | null => {
  const { place, dialect, ref } = policy
  if (place.tier === 'calico') return place
  if (place.tier === 'hop') return place.within
  const names = (prefix: string): readonly string[] => {
    const path = ref.namespace === null ? '' : `${ref.namespace}/`
    const key = `/${ref.namespace ?? ''}/Kubernetes${ref.kind}`
    return [`${path}${prefix}${ref.name}`, `${prefix}${ref.name}${key}`, `${ref.name}${key}`]
  }
  if (dialect === 'kubernetes') return { ...DEFAULT, order: 1000, names: names('knp.default.') }
  if (dialect !== 'policy-api' || place.tier === 'workload') return null
  const [name, prefix] = adminTier[place.tier]
  return {
    tier: 'calico',
    name,
    tierOrder: place.tier === 'admin' ? 1000 : 10_000_000,
    end: 'pass',
    order: place.priority,
    names: names(prefix),
  }
}

type AdminTier = Readonly<Record<'admin' | 'baseline', readonly [tier: string, prefix: string]>>

/** No version takes both kinds; where an estate holds both, they stand together, as their specification has it. */
const adminTierOf = (selecting: readonly Selecting[]): AdminTier =>
  selecting.some(({ policy }) => policy.ref.kind === 'ClusterNetworkPolicy')
    ? BY_CLUSTER_NETWORK_POLICY
    : BY_ADMIN_NETWORK_POLICY

const BY_CLUSTER_NETWORK_POLICY: AdminTier = {
  admin: ['kube-admin', 'kcnp.kube-admin.'],
  baseline: ['kube-baseline', 'kcnp.kube-baseline.'],
}
const BY_ADMIN_NETWORK_POLICY: AdminTier = {
  admin: ['adminnetworkpolicy', 'kanp.adminnetworkpolicy.'],
  baseline: ['baselineadminnetworkpolicy', 'kbanp.baselineadminnetworkpolicy.'],
}
