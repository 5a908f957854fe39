import type { Enforcement, Verdict } from '../model/reach.ts'
import type { Service } from '../model/service.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { splitByZone, type Zone, type ZoneMap } from '../sets/zones.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { namedReachOf } from './names.ts'
import type { Subject } from './population.ts'
import { type ServiceEnd, servicePorts, serviceReach } from './services.ts'
import type { Item } from './stack.ts'
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
  | { readonly kind: 'service'; readonly service: Service; readonly ends: readonly ServiceEnd[] }
  | { readonly kind: 'names'; readonly patterns: readonly string[]; readonly item: Item }

const KINDS = [
  ['allowed', 'allowed', 'enforced'],
  ['notEnforced', 'allowed', 'not-enforced'],
  ['open', 'unknown', 'undefined'],
  ['unknown', 'unknown', 'unknown'],
] as const satisfies readonly (readonly [keyof Judged<unknown>, Verdict, Enforcement])[]

/** The regions of a row by verdict, merged: no two overlap, and those that share traffic and verdict are one. */
export const entriesOf = (engine: ClusterEngine, subject: Subject, row: Row, zones: ZoneMap): readonly Entry[] => [
  ...sharedEntries(engine, subject, row, zones),
  ...ownEntries(engine, row),
]

/** Regions that every subject of the same egress policies has. */
export const sharedEntries = (engine: ClusterEngine, subject: Subject, row: Row, zones: ZoneMap): readonly Entry[] => [
  ...addressEntries(engine, row, zones),
  ...pointEntries(engine, row),
  ...nameEntries(engine, subject, zones),
]

/** Regions where the other end is asked, too. */
export const ownEntries = (engine: ClusterEngine, row: Row): readonly Entry[] => [
  ...podEntries(engine, row),
  ...serviceEntries(engine, row),
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
      splitByZone(
        zones,
        bothFamilies.subtract(addresses, verdict === 'allowed' ? ground.own : ground.ownOrLoopback),
      ).map((part): Entry => ({ to: { kind: 'addresses', ...part }, traffic, verdict, enforcement })),
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

const pieces = ({ table }: ClusterEngine, to: Target, passing: Passing<TrafficId>): readonly Entry[] =>
  cutByVerdict(table, passing).flatMap(({ set, verdict, enforcement }): readonly Entry[] =>
    set === table.empty ? [] : [{ to, traffic: set, verdict, enforcement }],
  )

/** Only the ports of a Service are its own: to others nothing listens, and nothing is said. */
const serviceEntries = (engine: ClusterEngine, row: Row): readonly Entry[] =>
  engine.cluster.services.flatMap(service => {
    const { passing, ends } = serviceReach(engine, row, service)
    const asked = servicePorts(engine, service)
    return pieces(engine, { kind: 'service', service, ends }, passing).flatMap((entry): readonly Entry[] => {
      const traffic = engine.table.intersect(entry.traffic, asked)
      return traffic === engine.table.empty ? [] : [{ ...entry, traffic }]
    })
  })

/** A name that no rule allows is an address like any other: only what rules allow is told. */
const nameEntries = (engine: ClusterEngine, subject: Subject, zones: ZoneMap): readonly Entry[] =>
  namedReachOf(engine.stacksOf(subject, 'egress'), [engine.spaces.v4, engine.spaces.v6], zones.internet, engine.table)
    .flatMap(({ patterns, item, passing }) => pieces(engine, { kind: 'names', patterns, item }, passing))
    .filter(entry => entry.verdict !== 'denied')

const pointEntries = (engine: ClusterEngine, row: Row): readonly Entry[] => {
  const points: readonly (readonly [Target, Passing<TrafficId>])[] = [
    [{ kind: 'nodes', nodes: 'own' }, row.ownNode],
    [{ kind: 'nodes', nodes: 'other' }, row.otherNode],
    ...(bothFamilies.isEmpty(engine.ground.apiserver)
      ? []
      : [[{ kind: 'apiserver' }, row.apiserver] as const satisfies readonly [Target, unknown]]),
  ]
  return points.flatMap(([to, passing]) => pieces(engine, to, passing))
}
