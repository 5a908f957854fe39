import type { MeshGrant, MeshView } from '../model/mesh.ts'
import { addressesOf } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { portSets } from '../sets/port-set.ts'
import { TCP } from '../sets/protocol.ts'
import type { Box, Region, RegionAlgebra } from '../sets/region.ts'
import { portTraffic, type Traffic } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { splitByZone, type ZoneMap } from '../sets/zones.ts'
import type { Entry } from './entries.ts'
import type { Spaces } from './spaces.ts'

/**
 * What a proxy beside the sender refuses of what policies let out, toward addresses. `refused ⊆ truth ⊆ refused ∪ open`. It is
 * cooperative: the sender can leave past it, so an entry that it refuses stays allowed, at that level.
 */
export interface CooperativeRegions {
  readonly refused: FamilyRegions
  /** Refused or not: nobody can tell from the documents. */
  readonly open: FamilyRegions
}

export interface FamilyRegions {
  readonly v4: Region<4>
  readonly v6: Region<6>
}

/** The algebras of both families: nothing else of the spaces is asked. */
export type FamilySpaces = { readonly [family in 'v4' | 'v6']: Pick<Spaces[family], 'regions'> }

export type MeshWord = 'refused' | 'open' | 'passed'

/** Whether a view says anything at all about a packet that policies let out. */
export const saysSomething = ({ otherwise, detours }: MeshView): boolean => otherwise !== 'passed' || detours.length > 0

/** Whether what a grant speaks of is reached whatever its names resolve to, and in every version. */
export const passesThere = ({ holds }: MeshGrant): boolean => holds === 'certainly' || holds === 'if-named'

export const cooperativeRegions = (spaces: FamilySpaces, table: TrafficTable, view: MeshView): CooperativeRegions => {
  const v4 = regionsOf(spaces.v4.regions, table, view)
  const v6 = regionsOf(spaces.v6.regions, table, view)
  return { refused: { v4: v4.refused, v6: v6.refused }, open: { v4: v4.open, v6: v6.open } }
}

const regionsOf = <F extends Family>(
  regions: RegionAlgebra<F, TrafficId>,
  table: TrafficTable,
  { otherwise, gaps, grants }: MeshView,
): { readonly refused: Region<F>; readonly open: Region<F> } => {
  if (otherwise === 'passed') return { refused: regions.empty, open: regions.empty }
  const own = (addresses: Addresses) =>
    (regions.family === 4 ? addresses.v4 : addresses.v6) as unknown as Box<F, TrafficId>['addresses']
  const union = (parts: readonly { readonly addresses: Addresses; readonly traffic: Traffic }[]): Region<F> =>
    regions.ofBoxes(parts.map(({ addresses, traffic }) => ({ addresses: own(addresses), id: table.idOf(traffic) })))
  const everything = regions.ofBoxes([{ addresses: addressesOf(regions.family).full, id: table.idOf(CAPTURED) }])
  const certainGap = union(gaps.filter(({ doubt }) => doubt === null))
  const passed = union(grants.filter(passesThere))
  const may = regions.subtract(everything, regions.union(certainGap, passed))
  if (otherwise === 'unknown') return { refused: regions.empty, open: may }
  const maybeGap = union(gaps)
  const maybePassed = union(grants)
  const refused = regions.subtract(everything, regions.union(maybeGap, maybePassed))
  return { refused, open: regions.subtract(may, refused) }
}

/** An entry after the cut; `as`: the level at which policies let it out, which is what explains it. */
export interface CutEntry {
  readonly entry: Entry
  readonly as: Entry['enforcement']
}

/**
 * Entries toward addresses, cut where the proxy refuses. What is left is put together again by traffic, so that two regions which
 * differed only in what is refused are one. Other entries are left as they are.
 */
export const cutByMesh = (
  spaces: FamilySpaces,
  zones: ZoneMap,
  { refused }: CooperativeRegions,
  entries: readonly Entry[],
): readonly CutEntry[] => {
  const rest: CutEntry[] = []
  const levels = new Map<Entry['enforcement'], AddressEntry[]>()
  for (const entry of entries) {
    if (!isCut(entry)) rest.push({ entry, as: entry.enforcement })
    else levels.set(entry.enforcement, [...(levels.get(entry.enforcement) ?? []), entry])
  }
  const cut = [...levels].map(([as, same]) => {
    const v4 = cutFamily(spaces.v4.regions, refused.v4, same)
    const v6 = cutFamily(spaces.v6.regions, refused.v6, same)
    return { as, refused: { v4: v4.refused, v6: v6.refused }, passed: { v4: v4.passed, v6: v6.passed } }
  })
  const written = (
    part: FamilyRegions,
    enforcement: Entry['enforcement'],
    as: Entry['enforcement'],
  ): readonly CutEntry[] =>
    byTraffic(spaces, part).flatMap(([traffic, addresses]) =>
      splitByZone(zones, addresses).map(
        (place): CutEntry => ({
          entry: { to: { kind: 'addresses', ...place }, traffic, verdict: 'allowed', enforcement },
          as,
        }),
      ),
    )
  const together = cut
    .map(one => one.refused)
    .reduce<FamilyRegions>(
      (a, b) => ({ v4: spaces.v4.regions.union(a.v4, b.v4), v6: spaces.v6.regions.union(a.v6, b.v6) }),
      { v4: spaces.v4.regions.empty, v6: spaces.v6.regions.empty },
    )
  // What nobody enforces besides is told with the rest of the reasons.
  const as = cut.some(one => one.as === 'not-enforced' && !isNothing(spaces, one.refused)) ? 'not-enforced' : 'enforced'
  return [...rest, ...written(together, 'cooperative', as), ...cut.flatMap(one => written(one.passed, one.as, one.as))]
}

const isNothing = ({ v4, v6 }: FamilySpaces, part: FamilyRegions): boolean =>
  v4.regions.isEmpty(part.v4) && v6.regions.isEmpty(part.v6)

type AddressEntry = Entry & { readonly to: Extract<Entry['to'], { kind: 'addresses' }> }

const isCut = (entry: Entry): entry is AddressEntry => entry.to.kind === 'addresses' && entry.verdict === 'allowed'

const cutFamily = <F extends Family>(
  regions: RegionAlgebra<F, TrafficId>,
  refused: Region<F>,
  entries: readonly AddressEntry[],
): { readonly refused: Region<F>; readonly passed: Region<F> } => {
  const all = regions.ofBoxes(
    entries.map(({ to: { addresses }, traffic }) => ({
      addresses: (regions.family === 4 ? addresses.v4 : addresses.v6) as unknown as Box<F, TrafficId>['addresses'],
      id: traffic,
    })),
  )
  return { refused: regions.intersect(all, refused), passed: regions.subtract(all, refused) }
}

const byTraffic = ({ v4, v6 }: FamilySpaces, part: FamilyRegions): readonly (readonly [TrafficId, Addresses])[] => {
  const found = new Map<TrafficId, Addresses>()
  const put = (id: TrafficId, addresses: Addresses): void => {
    const known = found.get(id)
    found.set(id, known === undefined ? addresses : bothFamilies.union(known, addresses))
  }
  for (const { id, addresses } of v4.regions.boxesOf(part.v4)) put(id, { ...bothFamilies.empty, v4: addresses })
  for (const { id, addresses } of v6.regions.boxesOf(part.v6)) put(id, { ...bothFamilies.empty, v6: addresses })
  return [...found]
}

/** What the proxy makes of an entry toward addresses, whatever policies say. */
export const meshWordOn = (
  spaces: FamilySpaces,
  { refused, open }: CooperativeRegions,
  { addresses, traffic }: { readonly addresses: Addresses; readonly traffic: TrafficId },
): MeshWord => {
  const v4 = spaces.v4.regions
  const v6 = spaces.v6.regions
  const asked = {
    v4: v4.ofBoxes([{ addresses: addresses.v4, id: traffic }]),
    v6: v6.ofBoxes([{ addresses: addresses.v6, id: traffic }]),
  }
  if (v4.isSubset(asked.v4, refused.v4) && v6.isSubset(asked.v6, refused.v6)) return 'refused'
  const meets = (part: FamilyRegions): boolean =>
    !v4.isEmpty(v4.intersect(asked.v4, part.v4)) || !v6.isEmpty(v6.intersect(asked.v6, part.v6))
  return meets(open) || meets(refused) ? 'open' : 'passed'
}

/** Proxies redirect TCP and nothing else. */
const CAPTURED: Traffic = portTraffic(TCP, portSets.full)
