import { type Direction, partsOfPeer } from '../model/rule.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { bothFamilies } from '../sets/addresses.ts'
import type { AnyAddress } from '../sets/cidr.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { lazily } from './lazily.ts'
import type { Place } from './mesh-places.ts'
import type { AcrossSpaces } from './mesh-spaces.ts'
import type { MeshTerms } from './mesh-terms.ts'
import { everywhere } from './names.ts'
import type { PointSpace } from './node-space.ts'
import { type Column, columnsOf } from './pairs.ts'
import type { Subject } from './population.ts'
import { translation } from './translate.ts'
import { mapPassing, type Passing, passing, type Stacks, same } from './verdict.ts'

/** Each end of a way between clusters, by itself: what it lets pass to or from each place, in the ways it may see the other. */

export type SeenBy = 'labels' | 'addresses'

/** What an end says by each way to see the other cluster; worked out when it counts. */
export type Readings<T> = Readonly<Record<SeenBy, () => Passing<T>>>

/** How an end may see the other cluster. */
export const countingIn = ({ sender, receiver }: MeshTerms, direction: Direction): readonly SeenBy[] => {
  switch ((direction === 'egress' ? sender : receiver).knowsPods) {
    case 'yes':
      return ['labels']
    case 'no':
      return ['addresses']
    case 'unknown':
      return ['labels', 'addresses']
  }
}

/** What all let pass is certain. */
const either = (all: readonly Passing<TrafficId>[], { union, intersect }: TrafficTable): Passing<TrafficId> =>
  all.reduce((a, b) => ({
    must: intersect(a.must, b.must),
    lenient: intersect(a.lenient, b.lenient),
    may: union(a.may, b.may),
    written: intersect(a.written, b.written),
  }))

export const eitherColumn = (
  terms: MeshTerms,
  direction: Direction,
  readings: Readings<Column>,
  { union, intersect }: TrafficTable,
): Passing<Column> =>
  countingIn(terms, direction)
    .map(by => readings[by]())
    .reduce((a, b) => ({
      must: a.must.map((id, i) => intersect(id, b.must[i] as TrafficId)),
      lenient: a.lenient.map((id, i) => intersect(id, b.lenient[i] as TrafficId)),
      may: a.may.map((id, i) => union(id, b.may[i] as TrafficId)),
      written: a.written.map((id, i) => intersect(id, b.written[i] as TrafficId)),
    }))

const columnsFrom = (all: readonly Passing<TrafficId>[]): Passing<Column> => ({
  must: Uint32Array.from(all, one => one.must),
  lenient: Uint32Array.from(all, one => one.lenient),
  may: Uint32Array.from(all, one => one.may),
  written: Uint32Array.from(all, one => one.written),
})

/** What the sender's own policies let out to each place, once for each set of them. */
export const leavingIn = (
  from: ClusterEngine,
  to: ClusterEngine,
  places: readonly Place[],
  { egress }: AcrossSpaces,
): ((stacks: Stacks) => Readings<Column>) => {
  const known = new WeakMap<Stacks, Readings<Column>>()
  const { table, spaces } = from
  const byLabels = (stacks: Stacks): Passing<Column> => {
    const across = egress.stacks(stacks)
    const pods = columnsOf(passing(egress.pods, across), egress.bits.size)
    const node = passing(egress.nodes, across)
    return columnsFrom(
      places.map((place, i) => (place.kind === 'pods' ? mapPassing(pods, column => column[i] as TrafficId) : node)),
    )
  }
  const byAddresses = (stacks: Stacks): Passing<Column> => {
    const [left, right] = [passing(spaces.v4, stacks), passing(spaces.v6, stacks)]
    const at = (address: AnyAddress): Passing<TrafficId> =>
      address.family === 4
        ? mapPassing(left, region => spaces.v4.regions.idAt(region, address))
        : mapPassing(right, region => spaces.v6.regions.idAt(region, address))
    // A pod without an address will have one of its cluster's ranges.
    const unplaced = lazily(() => {
      const ranges = to.ground.podRanges ?? bothFamilies.full
      return either(
        [
          ...(addresses4.isEmpty(ranges.v4) ? [] : [everywhere(spaces.v4, stacks, ranges, table)]),
          ...(addresses6.isEmpty(ranges.v6) ? [] : [everywhere(spaces.v6, stacks, ranges, table)]),
        ],
        table,
      )
    })
    return columnsFrom(
      places.map(({ addresses }) => (addresses.length === 0 ? unplaced() : either(addresses.map(at), table))),
    )
  }
  return stacks => {
    const before = known.get(stacks)
    if (before !== undefined) return before
    const made = { labels: lazily(() => byLabels(stacks)), addresses: lazily(() => byAddresses(stacks)) }
    known.set(stacks, made)
    return made
  }
}

const looksAtAddresses = ({ counting, written, others }: Stacks): boolean =>
  [counting, written, ...others.flatMap(world => [world.counting, world.written])].some(stack =>
    stack
      .flat(3)
      .some(run =>
        run.items.some(({ rule }) => rule.peers.flatMap(partsOfPeer).some(({ kind }) => !BY_LABELS.has(kind))),
      ),
  )

/** Peers that say of each sender outside the same. */
const BY_LABELS: ReadonlySet<string> = new Set(['everything', 'pods', 'nodes', 'unknown'])

interface Arrival {
  /** Equal where the readings are. */
  readonly key: string
  readonly readings: Readings<Column>
}

/** What the other end lets in from a subject. Places that the same policies guard are asked together. */
export const arrivingIn = (
  from: ClusterEngine,
  to: ClusterEngine,
  terms: MeshTerms,
  places: readonly Place[],
  { ingress, sourcesOf, anySource }: AcrossSpaces,
): ((subject: Subject, senders: readonly number[]) => Arrival) => {
  const { id } = translation(to.table, from.table)
  const { table } = from
  const guards = [...new Set(places.flatMap(place => place.ingress ?? []))]
  const guardOf = new Map(guards.map((stacks, i) => [stacks, i]))
  const related = new Map<Stacks, Passing<Relation<TrafficId>>>()
  const relation = (stacks: Stacks): Passing<Relation<TrafficId>> => {
    const made = related.get(stacks) ?? passing(ingress.pods, ingress.stacks(stacks))
    related.set(stacks, made)
    return made
  }
  // Where nobody looks at addresses, one sender outside is as good as another.
  const minds = guards.some(looksAtAddresses)
  const outside = new WeakMap<PointSpace, readonly Passing<TrafficId>[]>()
  const fromSource = (space: PointSpace): readonly Passing<TrafficId>[] => {
    const made = outside.get(space) ?? guards.map(stacks => mapPassing(passing(space, stacks), id))
    outside.set(space, made)
    return made
  }
  const fromAny = (spaces: readonly PointSpace[]): readonly Passing<TrafficId>[] => {
    const each = spaces.map(fromSource)
    return guards.map((_, i) =>
      either(
        each.map(one => one[i] as Passing<TrafficId>),
        table,
      ),
    )
  }
  const byLabels = (sender: number | null): readonly Passing<TrafficId>[] =>
    guards.map(stacks =>
      sender === null
        ? mapPassing(passing(ingress.nodes, ingress.stacks(stacks)), id)
        : mapPassing(relation(stacks), of => id(ingress.pods.relations.idAt(of, sender))),
    )
  const open = same(table.full)
  return (subject, senders) => {
    const all = senders.length === 0 ? [null] : senders
    const joined = (of: (sender: number | null) => readonly Passing<TrafficId>[]): readonly Passing<TrafficId>[] => {
      const each = all.map(of)
      return guards.map((_, i) =>
        either(
          each.map(one => one[i] as Passing<TrafficId>),
          table,
        ),
      )
    }
    const wanted = countingIn(terms, 'ingress')
    const labels = wanted.includes('labels') ? joined(byLabels) : []
    const [v4, v6] = wanted.includes('addresses')
      ? ([4, 6] as const).map(family =>
          joined(sender => fromAny(minds ? sourcesOf(family, subject, sender) : anySource(family))),
        )
      : [[], []]
    const spread = (of: (guard: number, place: Place) => Passing<TrafficId>): Passing<Column> =>
      columnsFrom(
        places.map(place => (place.ingress === null ? open : of(guardOf.get(place.ingress) as number, place))),
      )
    const byFamily = (guard: number, { addresses }: Place): Passing<TrafficId> => {
      const families = new Set(addresses.map(({ family }) => family))
      const [left, right] = [v4?.[guard] ?? open, v6?.[guard] ?? open]
      return families.size === 1 ? (families.has(4) ? left : right) : either([left, right], table)
    }
    return {
      key: [labels, v4, v6]
        .map(list => list?.map(({ must, lenient, may, written }) => [must, lenient, may, written].join()).join(' '))
        .join('|'),
      readings: {
        labels: lazily(() => spread(guard => labels[guard] ?? open)),
        addresses: lazily(() => spread(byFamily)),
      },
    }
  }
}
