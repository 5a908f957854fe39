import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { readNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import { type Region, regions } from '../sets/region.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import { type TrafficId, trafficTable } from '../sets/traffic-table.ts'
import { NOTHING_GIVEN, zonesOf } from '../sets/zones.ts'
import type { Declared } from './declared.ts'

/** Places with the traffic to each: addresses, or names. */
export interface Places {
  readonly addresses: Addresses
  readonly names: readonly string[]
  readonly traffic: Traffic
}

/** What of some places is declared, and what is left: together exactly these places. */
export const splitDeclared = (
  declared: Declared,
  wanted: Places,
): { readonly known: readonly Places[]; readonly left: readonly Places[] } => {
  const addresses = splitAddresses(declared, wanted)
  const names = splitNames(declared, wanted)
  return { known: [...addresses.known, ...names.known], left: [...addresses.left, ...names.left] }
}

const splitAddresses = (declared: Declared, { addresses, traffic }: Places) => {
  const table = trafficTable()
  const inFamily = <F extends Family>(
    family: F,
    pick: (of: Addresses) => unknown,
    whole: (of: unknown) => Addresses,
  ) => {
    const algebra = regions<F, TrafficId>(family, table)
    const asked = algebra.ofBoxes([{ addresses: pick(addresses) as never, id: table.idOf(traffic) }])
    const told = algebra.ofBoxes(
      declared.addresses.map(one => ({ addresses: pick(one.addresses) as never, id: table.idOf(one.traffic) })),
    )
    const placesIn = (region: Region<F>): readonly Places[] =>
      algebra
        .boxesOf(region)
        .map(box => ({ addresses: whole(box.addresses), names: [], traffic: table.trafficOf(box.id) }))
    return {
      known: placesIn(algebra.intersect(asked, told)),
      left: placesIn(algebra.subtract(asked, told)),
    }
  }
  const v4 = inFamily(
    4,
    of => of.v4,
    of => ({ v4: of as Addresses['v4'], v6: addresses6.empty }),
  )
  const v6 = inFamily(
    6,
    of => of.v6,
    of => ({ v4: addresses4.empty, v6: of as Addresses['v6'] }),
  )
  return { known: joined([...v4.known, ...v6.known]), left: joined([...v4.left, ...v6.left]) }
}

/** The families together where their traffic is one. */
const joined = (all: readonly Places[]): readonly Places[] =>
  [...Map.groupBy(all, ({ traffic }) => traffic.bounds.join(',')).values()].map(same => ({
    addresses: same.map(one => one.addresses).reduce(bothFamilies.union),
    names: [],
    traffic: (same[0] as Places).traffic,
  }))

const splitNames = (declared: Declared, { names, traffic }: Places) => {
  const known: Places[] = []
  const left: Places[] = []
  for (const name of names) {
    const told = traffics.intersect(traffic, declaredTrafficTo(declared, name))
    const rest = traffics.subtract(traffic, told)
    if (!traffics.isEmpty(told)) known.push({ addresses: bothFamilies.empty, names: [name], traffic: told })
    if (!traffics.isEmpty(rest)) left.push({ addresses: bothFamilies.empty, names: [name], traffic: rest })
  }
  return { known, left }
}

const algebra = nameSets()
const { internet } = zonesOf(NOTHING_GIVEN)

/** What is declared toward names of a pattern: by a pattern that includes it, or as a part of a whole internet. */
export const declaredTrafficTo = (declared: Declared, pattern: string): Traffic => {
  const read = readNamePattern(pattern)
  if (read.kind === 'refused') return traffics.empty
  const wanted = algebra.ofPatterns([read.value])
  return declared.names
    .filter(one => algebra.isSubset(wanted, algebra.ofPatterns(one.patterns)) === 'yes')
    .map(one => one.traffic)
    .reduce(traffics.union, everywhereBy(declared))
}

const everywhere = new WeakMap<Declared, Traffic>()

/** What is declared toward every address of the internet, by however many entries. */
const everywhereBy = (declared: Declared): Traffic => {
  const known = everywhere.get(declared)
  if (known !== undefined) return known
  const { left } = splitAddresses(declared, { addresses: internet, names: [], traffic: traffics.full })
  const made = left.reduce((all, { traffic }) => traffics.subtract(all, traffic), traffics.full)
  everywhere.set(declared, made)
  return made
}
