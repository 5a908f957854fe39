import { field, type Json, text } from '../../model/json.ts'
import type { CalicoPlace, Doubt } from '../../model/rule.ts'
import type { Workload } from '../../model/workload.ts'
import type { ApiObject } from '../kubernetes/object.ts'

/** Where a tier stands among others and how it ends, as its policies have to know it. */
export type TierPlace = Pick<CalicoPlace, 'tierOrder' | 'end' | 'lacksTier' | 'earlier'>

export interface CalicoTiers {
  /** null: documents for the tier differ. */
  readonly known: ReadonlyMap<string, TierPlace | null>
  /** What no document shows is not there. */
  readonly areAllKnown: boolean
}

/**
 * The tiers that are always there: up to 3.31 those of AdminNetworkPolicy, from 3.32 those of ClusterNetworkPolicy. Their
 * orders are fixed. Source: api/v3, DefaultTierOrder, KubeAdminTierOrder, KubeBaselineTierOrder, AdminNetworkPolicyTierOrder.
 */
const BUILT_IN: ReadonlyMap<string, TierPlace> = new Map([
  ['default', { tierOrder: 1_000_000, end: 'deny' }],
  ['kube-admin', { tierOrder: 1_000, end: 'pass' }],
  ['kube-baseline', { tierOrder: 10_000_000, end: 'pass' }],
  ['adminnetworkpolicy', { tierOrder: 1_000, end: 'pass' }],
  ['baselineadminnetworkpolicy', { tierOrder: 10_000_000, end: 'pass' }],
])

export const calicoTiersIn = (
  documents: readonly ApiObject[],
  workloads: readonly Workload[],
  unread: ReadonlySet<string>,
): CalicoTiers => {
  const areAllKnown = areAllTiers(documents) && !unread.has('tiers') && !unread.has('*')
  const known = new Map<string, TierPlace | null>(areAllKnown ? [] : BUILT_IN)
  const unordered = unorderedIn(calicoMinorOf(workloads))
  for (const [name, same] of Map.groupBy(documents, ({ ref }) => ref.name)) {
    const [first, ...others] = same.map(tier => lowerTier(tier, unordered))
    const agree = others.every(other => other.tierOrder === first?.tierOrder && other.end === first.end)
    known.set(name, first !== undefined && agree ? first : null)
  }
  return { known, areAllKnown }
}

/** Nobody writes the tier `default`, which Calico makes itself: where it is among the documents, they are a cluster's own. */
export const areAllTiers = (tiers: readonly ApiObject[]): boolean => tiers.some(({ ref }) => ref.name === 'default')

/** Any other word than Pass is Deny. Source: libcalico-go, ConvertTierV3ToV1Value. */
const lowerTier = ({ ref, spec }: ApiObject, unordered: Pick<TierPlace, 'tierOrder' | 'earlier'>): TierPlace => {
  const builtIn = BUILT_IN.get(ref.name)
  const action = text(field(spec, 'defaultAction'))
  const order = builtIn?.tierOrder ?? numberOf(field(spec, 'order'))
  return {
    ...(order === undefined ? unordered : { tierOrder: order }),
    end: action === 'Pass' ? 'pass' : action === undefined && builtIn !== undefined ? builtIn.end : 'deny',
  }
}

/**
 * From 3.30 on a tier without an order stands where the tier `default` does, and names decide. The documentation says that it
 * is last, which 3.29 may still have held to.
 * Source: libcalico-go/lib/resources, DefaultTierFields; api/v3, TierSpec; projectcalico/calico, pull request 9464.
 */
const unorderedIn = (minor: number | null): Pick<TierPlace, 'tierOrder' | 'earlier'> =>
  minor !== null && minor >= 30
    ? { tierOrder: 1_000_000 }
    : { tierOrder: Number.POSITIVE_INFINITY, earlier: { tierOrder: 1_000_000, doubt: UNORDERED } }

/**
 * A policy is enforced even if its tier is not there: after all others, and the end of what is no tier does not pass.
 * Where the Tier may be written elsewhere, it may stand anywhere.
 * Source: felix/calc, PolicySorter.UpdatePolicy, TierLess, PolicyResolver.sendEndpointUpdate; felix/rules, endpointIptablesChain.
 */
export const placeOfTier = (name: string, { known, areAllKnown }: CalicoTiers): TierPlace => {
  const place = known.get(name)
  if (place !== undefined && place !== null) return place
  const missing = { tierOrder: Number.POSITIVE_INFINITY, end: 'deny', lacksTier: true } as const
  if (place === undefined && areAllKnown) return missing
  const why = place === null ? `documents for the tier \`${name}\` differ` : `no document shows the tier \`${name}\``
  return { ...missing, earlier: { tierOrder: null, doubt: { ...ANYWHERE, why: `${why}${SO}` } } }
}

const UNORDERED: Doubt = {
  level: 'unknown',
  why: 'a tier without `order` is the last one or stands beside the tier `default`, as the version of Calico has it',
  settledBy: 'an `order` in the Tier, or the DaemonSet of the agent, which shows the version',
}

const ANYWHERE = { level: 'unknown', settledBy: 'the Tier documents of the cluster, `default` among them' } as const
const SO = ', so before which others it stands, and how it ends, is open'

/** `v3.32.1` of the agent's image; null where nothing shows it, or images differ. */
const calicoMinorOf = (workloads: readonly Workload[]): number | null => {
  const agents = workloads.filter(
    ({ ref, namespace }) =>
      ref.kind === 'DaemonSet' && /^(calico-node|canal)$/.test(ref.name) && /^(kube|calico)-system$/.test(namespace),
  )
  const minors = agents.flatMap(({ shape }) =>
    shape.containers.flatMap(({ role, image }) => {
      const [, minor] = /(?:^|\/)(?:calico-)?node:v?3\.(\d+)(?=[.@-]|$)/.exec(image) ?? []
      return role === 'main' && minor !== undefined ? [Number(minor)] : []
    }),
  )
  const [minor, ...others] = new Set(minors)
  return minor === undefined || others.length > 0 ? null : minor
}

/** A float in the API. */
export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
