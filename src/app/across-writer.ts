import { cutByVerdict } from '../engine/entries.ts'
import { blockOf } from '../engine/ground.ts'
import type { Across, AcrossRow, EndReading } from '../engine/mesh.ts'
import type { Place } from '../engine/mesh-places.ts'
import type { Subject } from '../engine/population.ts'
import type { Passing, Stacks } from '../engine/verdict.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import { compareText } from '../model/order.ts'
import type { Enforcement, ReachEntry, ReachTarget, Unknown, Verdict } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type Bits, membersOf } from '../sets/bit-set.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { splitByZone } from '../sets/zones.ts'
import { decisionWords } from './decision-words.ts'
import { NO_FABRIC, pathOf, sourceOf, UNKNOWN_EXIT } from './entry-writer.ts'
import type { LoadedEstate } from './load.ts'
import type { Possible } from './possible.ts'
import { joined, type Reasons, type StageReasons } from './reasons.ts'

/** A region of a row in another cluster. */
export interface AcrossEntry {
  readonly row: AcrossRow
  /** Places. */
  readonly members: Bits
  readonly traffic: TrafficId
  readonly verdict: Verdict
  readonly enforcement: Enforcement
}

/** Why a region is as it is, and what each end says by itself. */
export interface Explained {
  readonly reasons: StageReasons
  readonly ends: Readonly<Record<Direction, Verdict>>
}

export const acrossEntries = ({ relations, from: { table } }: Across, row: AcrossRow): readonly AcrossEntry[] =>
  cutByVerdict(relations, row.both).flatMap(({ set, verdict, enforcement }) =>
    [...set].flatMap(([traffic, members]): readonly AcrossEntry[] =>
      traffic === table.empty ? [] : [{ row, members, traffic, verdict, enforcement }],
    ),
  )

/** The part of an entry at some places, and of some traffic; null where nothing is left. */
export const acrossWithin = (
  { bits, from: { table } }: Across,
  entry: AcrossEntry,
  members: Bits,
  traffic: TrafficId,
): AcrossEntry | null => {
  const [left, rest] = [bits.intersect(entry.members, members), table.intersect(entry.traffic, traffic)]
  return bits.isEmpty(left) || rest === table.empty ? null : { ...entry, members: left, traffic: rest }
}

/** Writes regions of another cluster as results of the sender's. `told`: addresses that stand elsewhere in the answer. */
export const acrossWriter = (possible: Possible, across: Across, { lineOf }: LoadedEstate, told: Addresses) => {
  const { from, to, places, bits, relations, spaces } = across
  const leaving = decisionWords(from, lineOf)
  const arriving = decisionWords(to, lineOf)
  const clusters = [from.cluster.name, to.cluster.name] as const

  const endVerdict = ({ must, may }: Passing<Relation<TrafficId>>, { members, traffic }: AcrossEntry): Verdict => {
    const region = relations.ofBoxes([{ members, id: traffic }])
    return relations.isSubset(region, must)
      ? 'allowed'
      : relations.isEmpty(relations.intersect(region, may))
        ? 'denied'
        : 'unknown'
  }
  const held = ({ enforcement }: AcrossEntry, stacks: Stacks): boolean =>
    enforcement !== 'not-enforced' || stacks.written === stacks.counting
  const egressBy = (subject: Subject, entry: AcrossEntry, { by }: EndReading): Reasons => {
    const stacks = from.stacksOf(subject, 'egress')
    const isHeld = held(entry, stacks)
    const here = placesIn(entry)
    if (by === 'addresses') {
      const { v4, v6 } = from.spaces
      const addresses = addressesIn(here, to.ground.podRanges)
      return joined([
        leaving('egress', v4, stacks, v4.regions.ofBoxes([{ addresses: addresses.v4, id: entry.traffic }]), isHeld),
        leaving('egress', v6, stacks, v6.regions.ofBoxes([{ addresses: addresses.v6, id: entry.traffic }]), isHeld),
      ])
    }
    const { pods, bits: identities, nodes } = spaces.egress
    const among = spaces.egress.stacks(stacks)
    const numbers = [...membersOf(entry.members)].filter(member => places[member]?.kind === 'pods')
    const region = pods.relations.ofBoxes([{ members: identities.of(numbers), id: entry.traffic }])
    return joined([
      ...(numbers.length > 0 ? [leaving('egress', pods, among, region, isHeld)] : []),
      ...(numbers.length < here.length ? [leaving('egress', nodes, among, entry.traffic, isHeld)] : []),
    ])
  }
  const ingressBy = (subject: Subject, entry: AcrossEntry, { by }: EndReading): Reasons => {
    const traffic = to.table.idOf(from.table.trafficOf(entry.traffic))
    const senders = across.sendersIn(subject)
    const guarded = Map.groupBy(
      placesIn(entry).filter(place => place.ingress !== null),
      place => place.ingress as Stacks,
    )
    const worded = [...guarded].slice(0, MOST_OTHER_ENDS).map(([stacks, here]): Reasons => {
      const isHeld = held(entry, stacks)
      if (by === 'addresses')
        return joined(
          familiesOf(here).flatMap(family =>
            (senders.length === 0 ? [null] : senders).flatMap(sender =>
              spaces
                .sourcesOf(family, subject, sender)
                .map(source => arriving('ingress', source, stacks, traffic, isHeld)),
            ),
          ),
        )
      const { pods, bits: identities, nodes } = spaces.ingress
      const among = spaces.ingress.stacks(stacks)
      return senders.length === 0
        ? arriving('ingress', nodes, among, traffic, isHeld)
        : arriving(
            'ingress',
            pods,
            among,
            pods.relations.ofBoxes([{ members: identities.of(senders), id: traffic }]),
            isHeld,
          )
    })
    return joined(worded)
  }
  const placesIn = ({ members }: AcrossEntry): readonly Place[] =>
    [...membersOf(members)].flatMap(member => places[member] ?? [])

  const unknownsOf = (entry: AcrossEntry, already: readonly Unknown[]): readonly Unknown[] => {
    if (entry.verdict !== 'unknown') return []
    const disagree = (direction: Direction): boolean =>
      new Set(entry.row.readings(direction).map(({ passing }) => endVerdict(passing, entry))).size > 1
    const outside = entry.row.readings('ingress').find(({ by }) => by === 'addresses')
    const own = [
      ...(disagree('egress')
        ? [meshOpen('pod-policy', clusters)]
        : disagree('ingress')
          ? [meshOpen('peer-policy', clusters)]
          : []),
      ...(bits.meets(entry.members, across.taken) ? [ADDRESS_TAKEN] : []),
      ...(outside !== undefined && endVerdict(outside.passing, entry) === 'unknown' ? [SOURCE_OPEN] : []),
    ]
    return own.length + already.length > 0 ? own : [NOT_ALIKE]
  }
  const known = new WeakMap<AcrossEntry, readonly Told[]>()
  const targetsOf = (entry: AcrossEntry): readonly Told[] => {
    const before = known.get(entry)
    if (before !== undefined) return before
    const here = placesIn(entry)
    const ids = [...new Set(here.flatMap(place => place.workloads))].sort(compareText)
    const nodes = here.filter(place => place.kind === 'node')
    const atNodes =
      nodes.length === 0 ? [] : splitByZone(possible.zones, bothFamilies.subtract(addressesIn(nodes, null), told))
    const made: readonly Told[] = [
      ...(ids.length === 0 ? [] : [{ target: { kind: 'workloads', ids } as const, example: ids[0] ?? null }]),
      ...atNodes.map(({ zone, addresses }) => ({
        target: { kind: 'addresses', zone, ranges: printAddresses(addresses) } as const,
        example: exampleAddress(addresses),
      })),
    ]
    known.set(entry, made)
    return made
  }
  const explain = (subject: Subject, entry: AcrossEntry): Explained => {
    const say = (direction: Direction): Reasons =>
      joined(
        entry.row
          .readings(direction)
          .map(reading => (direction === 'egress' ? egressBy : ingressBy)(subject, entry, reading)),
      )
    const [egress, ingress] = [say('egress'), say('ingress')]
    const own = unknownsOf(entry, [...egress.unknowns, ...ingress.unknowns])
    return {
      reasons: { egress: { ...egress, unknowns: [...egress.unknowns, ...own] }, ingress },
      ends: {
        egress: endVerdict(entry.row.end('egress'), entry),
        ingress: endVerdict(entry.row.end('ingress'), entry),
      },
    }
  }
  const write = (subject: Subject, entry: AcrossEntry, reasons: StageReasons): readonly ReachEntry[] => {
    const { because, unknowns } = joined([reasons.egress, reasons.ingress])
    const traffic = from.table.trafficOf(entry.traffic)
    const packet = exampleOf(traffic)
    return targetsOf(entry).map(({ target, example }) => ({
      to: target,
      traffic: trafficElements(traffic),
      verdict: entry.verdict,
      enforcement: entry.enforcement,
      path: pathOf(subject),
      exit: UNKNOWN_EXIT,
      because,
      unknowns: entry.verdict === 'denied' ? unknowns : [...unknowns, NO_FABRIC],
      witness: example === null || packet === null ? null : `${sourceOf(subject)} -> ${packetTo(example, packet)}`,
    }))
  }
  return { explain, write }
}

/** What is told as a destination, with an example of it. */
interface Told {
  readonly target: ReachTarget
  readonly example: string | null
}

const addressesIn = (places: readonly Place[], otherwise: Addresses | null): Addresses => {
  const all = addressesOfCidrs(places.flatMap(place => place.addresses.map(blockOf)))
  return otherwise === null || places.every(place => place.addresses.length > 0)
    ? all
    : bothFamilies.union(all, otherwise)
}

const familiesOf = (places: readonly Place[]): readonly (4 | 6)[] => {
  const found = new Set(
    places.flatMap(({ addresses }) => (addresses.length === 0 ? [4, 6] : addresses.map(({ family }) => family))),
  )
  return ([4, 6] as const).filter(family => found.has(family))
}

/** Of the sets of policies that stand at the other end, as many are explained. */
const MOST_OTHER_ENDS = 5

const meshOpen = (stage: string, [from, to]: readonly [string, string]): Unknown => ({
  stage,
  why: `whether clusters \`${from}\` and \`${to}\` share a mesh is not shown: in one, policies know pods of the other by their labels, and without by their addresses`,
  settledBy: 'an Environment document that names both clusters in one mesh',
})

export const ADDRESS_TAKEN: Unknown = {
  stage: 'pod-policy',
  why: 'the address is ambiguous: another cluster of the estate has it, too, and nobody can tell where packets to it arrive',
  settledBy: 'pod ranges that do not overlap, or documents of the network between the clusters',
}

const SOURCE_OPEN: Unknown = {
  stage: 'peer-policy',
  why: 'which address the packets carry when they arrive is open: the pod’s own, or that of its node',
  settledBy: 'the masquerade settings of the network plugin, and the Node documents',
}

const NOT_ALIKE: Unknown = {
  stage: 'pod-policy',
  why: 'the addresses or pods that this is about are not treated alike',
  settledBy: 'a question about one of them',
}
