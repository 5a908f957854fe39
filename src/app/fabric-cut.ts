import type { Entry } from '../engine/entries.ts'
import { reasonsFor } from '../engine/fabric/grounds.ts'
import type { FabricReason } from '../engine/fabric/places.ts'
import type { Return } from '../engine/fabric/returns.ts'
import type { Way } from '../engine/fabric/ways.ts'
import { pathText } from '../model/provenance.ts'
import type { Because, Exit, ReachEntry, Unknown, Verdict } from '../model/reach.ts'
import { type AddressSet, addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type RegionAlgebra, regions } from '../sets/region.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { ZoneMap } from '../sets/zones.ts'
import { NO_FABRIC } from './entry-writer.ts'
import type { Both, FabricWays, Partition } from './fabric-ways.ts'
import type { LoadedEstate } from './load.ts'
import { joined } from './reasons.ts'

/** A part of a region, and the way that it takes. */
export interface PartWithWay {
  readonly entry: Entry
  readonly way: WayTold
}

/** Or why the network says nothing of it; null: it does not leave the cluster. */
export type WayTold = Outcome | Unsaid | null

export interface Unsaid {
  readonly unsaid: Unknown
}

export interface Outcome extends Omit<Way<Family>, 'region' | 'grounds'> {
  /** What decided, as of this part. */
  readonly because: () => readonly FabricReason[]
  /** What becomes of replies, worked out when it is asked for. */
  readonly back: () => readonly Return[]
}

/** Cuts regions of a row by their ways. `own`: addresses of the senders, of which a site may have more. */
export const fabricCutIn = (
  table: TrafficTable,
  zones: ZoneMap,
  ways: { readonly 4: FabricWays<4>; readonly 6: FabricWays<6> },
) => {
  const algebras = { 4: regions<4, TrafficId>(4, table), 6: regions<6, TrafficId>(6, table) }
  return (both: Both, own: ReadonlySet<string>, entry: Entry): readonly PartWithWay[] => {
    const { to, traffic } = entry
    const asked = to.kind === 'addresses' ? to.addresses : to.kind === 'names' ? zones.internet : null
    if (asked === null) return [{ entry, way: null }]
    const found = new Map<string, Piece>()
    for (const piece of [
      ...piecesOf(algebras[4], ways[4], both[4], asked.v4, traffic, v4 => ({ v4, v6: addresses6.empty })),
      ...piecesOf(algebras[6], ways[6], both[6], asked.v6, traffic, v6 => ({ v4: addresses4.empty, v6 })),
    ]) {
      const key = JSON.stringify([piece.traffic, piece.way.verdict, piece.way.exit, piece.way.hops, piece.way.unknowns])
      const known = found.get(key)
      found.set(
        key,
        known === undefined
          ? piece
          : {
              ...known,
              addresses: bothFamilies.union(known.addresses, piece.addresses),
              way: {
                ...known.way,
                because: () => [...known.way.because(), ...piece.way.because()],
                back: () => [...known.way.back(), ...piece.way.back()],
              },
            },
      )
    }
    const pieces = [...found.values()].map(piece => ({ ...piece, way: seenOf(piece.way, own) }))
    if (to.kind === 'addresses')
      return pieces.map(({ addresses, traffic: id, way }) => ({
        entry: { ...entry, to: { ...to, addresses }, traffic: id },
        way,
      }))
    // A name is an address that nobody knows: told where all of them go one way.
    const [only, ...more] = pieces
    return [{ entry, way: only !== undefined && more.length === 0 ? only.way : NAME_OPEN }]
  }
}

interface Piece {
  readonly addresses: Addresses
  readonly traffic: TrafficId
  readonly way: Outcome
}

const piecesOf = <F extends Family>(
  algebra: RegionAlgebra<F, TrafficId>,
  { returning }: FabricWays<F>,
  partition: Partition<F>,
  asked: AddressSet<F>,
  traffic: TrafficId,
  inBoth: (of: AddressSet<F>) => Addresses,
): readonly Piece[] => {
  const region = algebra.ofBoxes([{ addresses: asked, id: traffic }])
  if (algebra.isEmpty(region)) return []
  return partition.flatMap(way =>
    algebra.boxesOf(algebra.intersect(region, way.region)).map(box => ({
      addresses: inBoth(box.addresses),
      traffic: box.id,
      way: {
        ...way,
        because: () => reasonsFor(way.grounds, box.addresses as AddressSet<Family>),
        back: () => [returning(way, algebra.ofBoxes([box]))],
      },
    })),
  )
}

/** Of the addresses that a site has, those of the senders themselves. */
const seenOf = (way: Outcome, own: ReadonlySet<string>): Outcome => {
  const { sourceAddresses } = way.exit
  const seen = OWN_SEEN.includes(way.exit.kind) ? sourceAddresses.filter(address => own.has(address)) : sourceAddresses
  return { ...way, exit: { ...way.exit, sourceAddresses: seen } }
}

/** Where the world sees the sender's own address, or the one that stands for it. */
const OWN_SEEN: readonly Exit['kind'][] = ['internet-gateway', 'egress-only-gateway']

/** A region of a row with the way that the network takes. An enforced denial of either decides; else what cannot tell. */
export const withWay = (entry: ReachEntry, way: WayTold, lineOf: LoadedEstate['lineOf']): ReachEntry => {
  if (way === null) return entry
  if (!isOutcome(way)) return withUnsaid(entry, way.unsaid)
  // Where a gateway sends from is not where its senders are.
  if (entry.exit.kind === 'egress-gateway') return entry
  const reasons = joined([
    { because: entry.because, unknowns: entry.unknowns.filter(one => one !== NO_FABRIC) },
    { because: way.because().map(reason => worded(reason, lineOf)), unknowns: way.unknowns },
  ])
  return {
    ...entry,
    ...reasons,
    verdict: worse(entry.verdict, way.verdict),
    enforcement: entry.verdict !== 'denied' && way.verdict === 'denied' ? 'enforced' : entry.enforcement,
    path: [...entry.path, ...way.hops],
    exit: way.exit,
  }
}

export const isOutcome = (way: WayTold): way is Outcome => way !== null && !('unsaid' in way)

const withUnsaid = (entry: ReachEntry, unsaid: Unknown): ReachEntry =>
  unsaid !== NO_FABRIC && entry.unknowns.includes(NO_FABRIC)
    ? { ...entry, unknowns: entry.unknowns.map(one => (one === NO_FABRIC ? unsaid : one)) }
    : entry

const NAME_OPEN: Unsaid = {
  unsaid: {
    stage: 'fabric',
    why: 'not assessed: which way it takes hangs on the address that the name resolves to',
    settledBy: 'the address itself, or DNS answers that were seen',
  },
}

export const worse = (a: Verdict, b: Verdict): Verdict =>
  [a, b].includes('denied') ? 'denied' : [a, b].includes('unknown') ? 'unknown' : 'allowed'

export const worded = ({ of, at, says }: FabricReason, lineOf: LoadedEstate['lineOf']): Because => ({
  kind: of === null ? 'default' : 'rule',
  object: of?.id ?? null,
  file: of?.origin.file ?? null,
  line: of === null ? null : lineOf(of.origin, at),
  rule: of === null ? null : pathText(at),
  says,
})
