import { siteKey } from '../../engine/fabric/site-key.ts'
import type { Start } from '../../engine/fabric/start.ts'
import { walkIn } from '../../engine/fabric/walk.ts'
import type { Way } from '../../engine/fabric/ways.ts'
import { exampleAddress, exampleOf, packetTo } from '../../engine/witness.ts'
import type { Fabric } from '../../model/fabric.ts'
import { sizeOf } from '../../sets/address-points.ts'
import { type AddressSet, addresses4, addresses6, addressesOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import { regions } from '../../sets/region.ts'
import { type TrafficId, trafficTable } from '../../sets/traffic-table.ts'
import { NOTHING_GIVEN, zonesOf } from '../../sets/zones.ts'

/** A way that some packets to the internet take. */
export interface WayOutward {
  readonly family: Family
  readonly way: Omit<Way<Family>, 'region'>
  /** Where on the internet they are for. */
  readonly addresses: AddressSet<Family>
  /** `1.1.1.1:443/TCP` */
  readonly packet: string
}

export interface Outward {
  /** From where packets begin: every way that some of them take, the widest first. */
  readonly from: (start: Start, family: Family) => readonly WayOutward[]
  /** The same of other addresses, worked out each time. */
  readonly toward: (start: Start, addresses: AddressSet<Family>) => readonly WayOutward[]
  readonly internet: (family: Family) => AddressSet<Family>
  /** The part of some addresses that is on the internet. */
  readonly internetIn: (addresses: AddressSet<Family>) => AddressSet<Family>
}

const zone = zonesOf(NOTHING_GIVEN).internet

type Walker = (start: Start, addresses: AddressSet<Family>) => readonly WayOutward[]

export const outwardIn = (fabric: Fabric): Outward => {
  const table = trafficTable()
  const internet = (family: Family): AddressSet<Family> => (family === 4 ? zone.v4 : zone.v6)
  const walker = <F extends Family>(family: F): Walker => {
    const algebra = regions<F, TrafficId>(family, table)
    const walk = walkIn(fabric, family, table)
    return (start, asked) =>
      walk(start, algebra.ofBoxes([{ addresses: asked as never, id: table.full }]))
        .map(({ region, ...way }): WayOutward => {
          const [box] = algebra.boxesOf(region)
          const addresses = algebra.addressesOf(region)
          const place = box === undefined ? null : exampleAddress(inBoth(box.addresses as never, family))
          const example = box === undefined ? null : exampleOf(table.trafficOf(box.id))
          return {
            family,
            way,
            addresses: addresses as AddressSet<Family>,
            packet: place === null || example === null ? '' : packetTo(place, example),
          }
        })
        .sort((a, b) => compareSizes(sizeOf(b.addresses), sizeOf(a.addresses)) || rankOf(a) - rankOf(b))
  }
  // Made where somebody asks, since most estates have no network.
  let walkers: Record<Family, Walker> | null = null
  const toward: Walker = (start, addresses) => {
    walkers ??= { 4: walker(4), 6: walker(6) }
    return walkers[addresses.family](start, addresses)
  }
  const known = new Map<string, readonly WayOutward[]>()
  return {
    toward,
    internet,
    internetIn: addresses => addressesOf(addresses.family).intersect(addresses, internet(addresses.family)),
    from: (start, family) => {
      const key = JSON.stringify([family, start.kind === 'interface' ? siteKey(start.of) : start.of.id])
      const before = known.get(key)
      if (before !== undefined) return before.map(way => startingAt(start, way))
      const made = toward(start, internet(family))
      known.set(key, made)
      return made
    },
  }
}

/** One that stands in for others is not what they begin at. */
const startingAt = (start: Start, { way, ...rest }: WayOutward): WayOutward =>
  start.kind === 'subnet' || way.hops[0]?.hop !== 'interface'
    ? { ...rest, way }
    : { ...rest, way: { ...way, hops: [{ hop: 'interface', id: start.of.id }, ...way.hops.slice(1)] } }

const inBoth = (set: never, family: Family) =>
  family === 4 ? { v4: set, v6: addresses6.empty } : { v4: addresses4.empty, v6: set }

/** Of packets to the same places some may be dropped for what they are: those that pass say where the others would go. */
const rankOf = ({ way }: WayOutward): number => (way.verdict === 'denied' ? 1 : 0)

const compareSizes = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Whether some addresses are more than half of others. */
export const isMost = (some: AddressSet<Family>, all: AddressSet<Family>): boolean => {
  return 2n * sizeOf(addressesOf(all.family).intersect(some, all)) > sizeOf(all)
}
