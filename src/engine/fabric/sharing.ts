import type { Gateway, RouteTable, Subnet } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { TrafficId } from '../../sets/traffic-table.ts'
import { keptBy } from '../lazily.ts'
import type { Around } from './around.ts'
import { groupedBy } from './routes.ts'
import { type Met, noting, type Place, type ReplyEdge, type Way } from './ways.ts'

/** What was found once: for whom, and whose routes were asked. */
interface Found<F extends Family> {
  readonly from: Place
  readonly ways: readonly Way<F>[]
  readonly met: Met
  /** What of the ways one kind of traffic takes. */
  readonly cuts: Map<TrafficId, readonly Way<F>[]>
}

/** What was found at one place, by the answers to all that was ever asked about a sender there. */
interface Known<F extends Family> {
  readonly questions: Met['questions']
  readonly found: Map<string, readonly Found<F>[]>
}

/**
 * Many senders come to one place. What becomes there of all that a hub leads to it is worked out once for those whom nothing
 * on the way tells apart, and each takes of it what it sends.
 */
export const sharingIn = <F extends Family>({
  places,
  algebra,
  table,
  routed,
}: Pick<Around<F>, 'places' | 'algebra' | 'table' | 'routed'>): Around<F>['shared'] => {
  const sets = addressesOf(algebra.family)
  const knownAt = keptBy((_subnet: Subnet) =>
    keptBy((_cover: AddressSet<F>) =>
      keptBy((_through: Gateway | null): Known<F> => ({ questions: new Set(), found: new Map() })),
    ),
  )
  const isIn = (met: Met, network: string): boolean => places.subnetsOf(network).some(({ id }) => met.asked.has(id))
  const holdsFor = ({ from, met }: Found<F>, place: Place): boolean =>
    askedBefore(met, from) === askedBefore(met, place) && (from.home === place.home || !isIn(met, place.home))
  const find = (place: Place, cover: AddressSet<F>): Found<F> => {
    const met: Met = { seen: place.seen, asked: new Set(), questions: new Set() }
    // The last hop stays: what comes next is told only where it is another one.
    const from: Place = { ...place, hops: place.hops.slice(-1), grounds: [], unknowns: [], edges: [], met }
    return { from, met, cuts: new Map(), ways: routed(from, algebra.ofBoxes([{ addresses: cover, id: table.full }])) }
  }
  const keep = ({ questions, found }: Known<F>, one: Found<F>): void => {
    // Senders of one network come one after the other: those of long ago are let go.
    const all = [...[...found.values()].flat().slice(1 - HELD), one]
    for (const question of one.met.questions) questions.add(question)
    found.clear()
    for (const each of all) {
      const answers = answersOf(each.from, questions)
      found.set(answers, [...(found.get(answers) ?? []), each])
    }
  }
  /** What goes on by different routes there is shared apart: most of it hangs on nothing that a sender is asked. */
  const partsOf = (place: Place, cover: AddressSet<F>): readonly AddressSet<F>[] => {
    const table = places.tables.get(place.subnet.table ?? places.networks.get(place.subnet.network)?.mainTable ?? '')
    return table === undefined ? [cover] : cutBy(table)(cover)
  }
  const cutBy = keptBy((table: RouteTable) =>
    keptBy((cover: AddressSet<F>) =>
      groupedBy(table, algebra.family)
        .map(({ addresses }) => sets.intersect(cover, addresses))
        .filter(part => !sets.isEmpty(part)),
    ),
  )
  return (place, region, cover) =>
    place.isWhole
      ? partsOf(place, cover).flatMap(part => shared(place, algebra.within(region, part), part))
      : routed(place, region)

  function shared(place: Place, region: Region<F>, cover: AddressSet<F>): readonly Way<F>[] {
    if (algebra.isEmpty(region)) return []
    const here = knownAt(place.subnet)(cover)(place.through)
    const before = here.found.get(answersOf(place, here.questions))?.find(one => holdsFor(one, place))
    const found = before ?? find(place, cover)
    const { from, met, ways } = found
    // What comes back to where it began, or hides who began it, holds for this one alone.
    if (before === undefined && !isIn(met, place.home) && ways.every(way => isPlain(way, place.seen))) keep(here, found)
    if (place.met !== null) {
      for (const one of met.asked) place.met.asked.add(one)
      for (const question of met.questions) noting(place, question)
    }
    return takenBy(found, region, cover).map(way => after(place, from, way))
  }

  /** Most senders send one kind of traffic to all of it: what becomes of that is cut once. */
  function takenBy({ ways, cuts }: Found<F>, region: Region<F>, cover: AddressSet<F>): readonly Way<F>[] {
    const [only, ...more] = ways
    if (only !== undefined && more.length === 0) return [{ ...only, region }]
    const id = (region.ids[0] === table.empty ? region.ids[1] : region.ids[0]) as TrafficId
    const isOneKind =
      region.ids.length <= cover.bounds.length + 1 &&
      isBox(region, id) &&
      sets.equals(algebra.addressesOf(region), cover)
    const before = isOneKind ? cuts.get(id) : undefined
    if (before !== undefined) return before
    const made = ways.flatMap(way => {
      const own = algebra.intersect(way.region, region)
      return algebra.isEmpty(own) ? [] : [{ ...way, region: own }]
    })
    if (isOneKind && cuts.size < KINDS) cuts.set(id, made)
    return made
  }
}

/** How many are held at one place. */
const HELD = 4

/** Few kinds are sent by many, and each is held as long as the network is. */
const KINDS = 4

/** Nothing, or one kind of traffic. */
const isBox = ({ ids }: Region<Family>, id: number): boolean => {
  const other = ids[0] === id ? (ids[1] ?? id) : ids[0]
  for (let i = 0; i < ids.length; i++) if (ids[i] !== id && ids[i] !== other) return false
  return true
}

/** What a sender answers to all of them, in one word. */
const answersOf = (place: Place, questions: Met['questions']): string => {
  let all = ''
  for (const question of questions) all += `${question(place)};`
  return all
}

/** Which of them were asked before, in one word: there the way is a circle. */
const askedBefore = (met: Met, { asked }: Place): string =>
  asked.flatMap(({ key }) => (met.asked.has(key) ? [key] : [])).join('\n')

/** What the other end sees is the sender, or something else altogether. */
const isPlain = <F extends Family>({ seen, edges }: Way<F>, own: Addresses): boolean =>
  [seen, ...edges.flatMap(({ toward }) => toward ?? [])].every(
    one => one === own || bothFamilies.isEmpty(bothFamilies.intersect(one, own)),
  )

/** A way, after the one that led to where it begins. */
const after = <F extends Family>(place: Place, from: Place, way: Way<F>): Way<F> => {
  const isOwn = way.seen === from.seen
  const edgeOf = (edge: ReplyEdge): ReplyEdge => (edge.toward === from.seen ? { ...edge, toward: place.seen } : edge)
  return {
    region: way.region,
    verdict: way.verdict === 'allowed' && place.unknowns.length > 0 ? 'unknown' : way.verdict,
    exit: way.exit,
    hops: [...place.hops.slice(0, -1), ...way.hops],
    grounds: [...place.grounds, ...way.grounds],
    unknowns:
      way.verdict === 'denied' || place.unknowns.length === 0 ? way.unknowns : [...place.unknowns, ...way.unknowns],
    edges: way.edges.length === 0 ? place.edges : [...place.edges, ...way.edges.map(edgeOf)],
    seen: isOwn ? place.seen : way.seen,
    home: isOwn ? place.home : way.home,
  }
}
