import type { Direction } from '../model/rule.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import type { Addresses } from '../sets/addresses.ts'
import { type BitAlgebra, type Bits, bitSets } from '../sets/bit-set.ts'
import type { AnyAddress } from '../sets/cidr.ts'
import { type Relation, type RelationAlgebra, relations } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { arrivingIn, countingIn, eitherColumn, leavingIn, type Readings, type SeenBy } from './mesh-ends.ts'
import { finely, identityFinder, type Place, placesIn } from './mesh-places.ts'
import { type AcrossSpaces, acrossSpaces } from './mesh-spaces.ts'
import type { MeshTerms } from './mesh-terms.ts'
import { type Column, joinColumns, relationOf } from './pairs.ts'
import type { Subject } from './population.ts'
import { mapPassing, type Passing, type Stacks } from './verdict.ts'

/**
 * What the subjects of one cluster may send to the pods and nodes of another. Each end is asked by itself, as in one cluster;
 * an end that knows the other's pods sees them by their labels, one that does not sees addresses outside. Where an end may be
 * either, both readings count: what both let pass is certain, what one does is possible.
 */
export interface Across {
  readonly from: ClusterEngine
  readonly to: ClusterEngine
  readonly terms: MeshTerms
  readonly places: readonly Place[]
  /** Places at addresses that something else has, too: nothing is certain there. */
  readonly taken: Bits
  readonly bits: BitAlgebra
  /** Over places, with traffic of the sender's table. */
  readonly relations: RelationAlgebra<TrafficId>
  readonly spaces: AcrossSpaces
  /** Subjects that are answered alike share a row. */
  readonly rowOf: (subject: Subject) => AcrossRow
  /** The identities by which the other end tells the subject's pods apart; none: they are nodes. */
  readonly sendersIn: (subject: Subject) => readonly number[]
}

export interface AcrossRow {
  readonly both: Passing<Relation<TrafficId>>
  readonly end: (direction: Direction) => Passing<Relation<TrafficId>>
  /** The readings of one end, each with what passes by it alone. */
  readonly readings: (direction: Direction) => readonly EndReading[]
}

export interface EndReading {
  readonly by: SeenBy
  readonly passing: Passing<Relation<TrafficId>>
}

export interface AcrossOptions {
  readonly terms: MeshTerms
  /** Packets go to these addresses only; null: to whichever a place has. */
  readonly only: Addresses | null
  /** Whether an address is something else's, too, so that nobody can tell whose packets to it are. */
  readonly isTaken: (address: AnyAddress) => boolean
}

export const acrossOf = (from: ClusterEngine, to: ClusterEngine, { terms, only, isTaken }: AcrossOptions): Across => {
  const { table } = from
  const receivers = finely(to, from)
  const senders = finely(from, to)
  const places = placesIn(to, receivers).map(
    (place): Place =>
      only === null ? place : { ...place, addresses: place.addresses.filter(address => holds(only, address)) },
  )
  const bits = bitSets(places.length)
  const algebra = relations(bits, table, table.full)
  const spaces = acrossSpaces(from, to, terms, receivers, senders)
  const taken = bits.of(places.flatMap(({ addresses }, i) => (addresses.some(isTaken) ? [i] : [])))
  const finder = identityFinder(senders.subjects)
  const sendersIn = (subject: Subject): readonly number[] => {
    const found = subject.identity === null ? [] : finder(subject)
    if (subject.identity !== null && found.length === 0) throw new Error('a subject of another cluster')
    return found
  }
  const leaving = leavingIn(from, to, places, spaces)
  const arriving = arrivingIn(from, to, terms, places, spaces)
  const rows = new Map<Stacks, Map<string, AcrossRow>>()
  const rowOf = (subject: Subject): AcrossRow => {
    const stacks = from.stacksOf(subject, 'egress')
    const arrival = arriving(subject, sendersIn(subject))
    const alike = rows.get(stacks) ?? new Map<string, AcrossRow>()
    rows.set(stacks, alike)
    const row = alike.get(arrival.key) ?? rowFrom(leaving(stacks), arrival.readings)
    alike.set(arrival.key, row)
    return row
  }
  const rowFrom = (out: Readings<Column>, into: Readings<Column>): AcrossRow => {
    const readings = { egress: out, ingress: into }
    const ends = {
      egress: eitherColumn(terms, 'egress', out, table),
      ingress: eitherColumn(terms, 'ingress', into, table),
    }
    const asRelation = (column: Column): Relation<TrafficId> => relationOf(column, bits)
    const join = (part: keyof Passing<unknown>): Relation<TrafficId> =>
      joinColumns(ends.egress[part], ends.ingress[part], table, bits)
    const open = algebra.ofBoxes([{ members: taken, id: table.full }])
    const certain = (part: 'must' | 'lenient'): Relation<TrafficId> =>
      bits.isEmpty(taken) ? join(part) : algebra.subtract(join(part), open)
    return {
      both: { must: certain('must'), lenient: certain('lenient'), may: join('may'), written: join('written') },
      end: direction => mapPassing(ends[direction], asRelation),
      readings: direction =>
        countingIn(terms, direction).map(by => ({ by, passing: mapPassing(readings[direction][by](), asRelation) })),
    }
  }
  return { from, to, terms, places, taken, bits, relations: algebra, spaces, rowOf, sendersIn }
}

const holds = ({ v4, v6 }: Addresses, address: AnyAddress): boolean =>
  address.family === 4 ? addresses4.contains(v4, address) : addresses6.contains(v6, address)
