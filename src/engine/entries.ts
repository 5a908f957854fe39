import type { Enforcement, Verdict } from '../model/reach.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { splitByZone, type Zone, type ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { type Judged, judged, type Passing } from './verdict.ts'

/** A region of a row, before anybody words it. */
export interface Entry {
  readonly to: Target
  readonly traffic: TrafficId
  readonly verdict: Verdict
  readonly enforcement: Enforcement
}

export type Target =
  | { readonly kind: 'addresses'; readonly zone: Zone; readonly addresses: Addresses }
  | { readonly kind: 'workloads'; readonly members: Bits }
  | { readonly kind: 'nodes'; readonly nodes: 'own' | 'other' }
  | { readonly kind: 'apiserver' }

const KINDS = [
  ['allowed', 'allowed', 'enforced'],
  ['notEnforced', 'allowed', 'not-enforced'],
  ['open', 'unknown', 'undefined'],
  ['unknown', 'unknown', 'unknown'],
] as const satisfies readonly (readonly [keyof Judged<unknown>, Verdict, Enforcement])[]

/** The regions of a row by verdict, merged: no two overlap, and those that share traffic and verdict are one. */
export const entriesOf = (engine: ClusterEngine, row: Row, zones: ZoneMap): readonly Entry[] => [
  ...addressEntries(engine, row, zones),
  ...podEntries(engine, row),
  ...pointEntries(engine, row),
]

/** Traffic and place, cut by verdict: `denied` is what is in no other part. */
export const cutByVerdict = <S>(
  algebra: Parameters<typeof judged<S>>[0] & { readonly full: S },
  passing: Passing<S>,
): readonly { readonly set: S; readonly verdict: Verdict; readonly enforcement: Enforcement }[] => {
  const by = judged(algebra, passing)
  return [
    ...KINDS.map(([key, verdict, enforcement]) => ({ set: by[key], verdict, enforcement })),
    { set: algebra.subtract(algebra.full, passing.may), verdict: 'denied', enforcement: 'enforced' },
  ]
}

const addressEntries = ({ spaces, ground }: ClusterEngine, row: Row, zones: ZoneMap): readonly Entry[] => {
  const left = cutByVerdict(spaces.v4.algebra, row.v4)
  const right = cutByVerdict(spaces.v6.algebra, row.v6)
  return left.flatMap(({ set, verdict, enforcement }, i) => {
    const byTraffic = new Map<TrafficId, Addresses>()
    const put = (id: TrafficId, addresses: Addresses): void => {
      const known = byTraffic.get(id)
      byTraffic.set(id, known === undefined ? addresses : bothFamilies.union(known, addresses))
    }
    for (const { id, addresses } of spaces.v4.regions.boxesOf(set)) put(id, { v4: addresses, v6: addresses6.empty })
    for (const { id, addresses } of spaces.v6.regions.boxesOf((right[i] as (typeof right)[number]).set))
      put(id, { v4: addresses4.empty, v6: addresses })
    return [...byTraffic].flatMap(([traffic, addresses]) =>
      splitByZone(zones, bothFamilies.subtract(addresses, ground.own)).map(
        (part): Entry => ({ to: { kind: 'addresses', ...part }, traffic, verdict, enforcement }),
      ),
    )
  })
}

const podEntries = ({ spaces, table, selection: { bits } }: ClusterEngine, row: Row): readonly Entry[] =>
  bits.size === 0
    ? []
    : cutByVerdict(spaces.pods.algebra, row.pods).flatMap(({ set, verdict, enforcement }) =>
        [...set].flatMap(([traffic, members]): readonly Entry[] =>
          traffic === table.empty ? [] : [{ to: { kind: 'workloads', members }, traffic, verdict, enforcement }],
        ),
      )

const pointEntries = ({ table, ground }: ClusterEngine, row: Row): readonly Entry[] => {
  const points: readonly (readonly [Target, Passing<TrafficId>])[] = [
    [{ kind: 'nodes', nodes: 'own' }, row.ownNode],
    [{ kind: 'nodes', nodes: 'other' }, row.otherNode],
    ...(bothFamilies.isEmpty(ground.apiserver)
      ? []
      : [[{ kind: 'apiserver' }, row.apiserver] as const satisfies readonly [Target, unknown]]),
  ]
  return points.flatMap(([to, passing]) =>
    cutByVerdict(table, passing).flatMap(({ set, verdict, enforcement }): readonly Entry[] =>
      set === table.empty ? [] : [{ to, traffic: set, verdict, enforcement }],
    ),
  )
}
