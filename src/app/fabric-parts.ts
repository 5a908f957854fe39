import { reasonsFor } from '../engine/fabric/grounds.ts'
import type { Return } from '../engine/fabric/returns.ts'
import type { Start } from '../engine/fabric/start.ts'
import { walkerIn } from '../engine/fabric/walk.ts'
import type { Way } from '../engine/fabric/ways.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { AnswerPart } from '../model/answer.ts'
import { type AddressSet, addresses4, addresses6 } from '../sets/address-set.ts'
import { printAddresses } from '../sets/address-text.ts'
import type { Addresses } from '../sets/addresses.ts'
import { type Family, printAddress } from '../sets/cidr.ts'
import { regions } from '../sets/region.ts'
import type { Traffic } from '../sets/traffic.ts'
import { type TrafficId, trafficTable } from '../sets/traffic-table.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { NOTHING_GIVEN, splitByZone, zonesOf } from '../sets/zones.ts'
import { worded } from './fabric-cut.ts'
import type { LoadedEstate } from './load.ts'

/** Where a question starts; `variant` tells several places of one machine apart. */
export type Sender = Start & { readonly variant: string | null }

/** A region of the answer, and the way that it takes. */
export interface FabricPart {
  readonly way: Pick<Way<Family>, 'exit' | 'hops'>
  /** What becomes of replies. */
  readonly back: Return
  readonly part: AnswerPart
}

const zones = zonesOf(NOTHING_GIVEN)

/** What becomes of packets of one family, region by region. */
export const partsIn = <F extends Family>(
  { estate, lineOf }: LoadedEstate,
  start: Sender,
  family: F,
  addresses: Addresses,
  traffic: Traffic,
): readonly FabricPart[] => {
  const table = trafficTable()
  const algebra = regions<F, TrafficId>(family, table)
  const own = (family === 4 ? addresses.v4 : addresses.v6) as never
  const asked = algebra.ofBoxes([{ addresses: own, id: table.idOf(traffic) }])
  if (algebra.isEmpty(asked)) return []
  const source = sourceOf(start, family)
  const { walk, returning } = walkerIn(estate.fabric, family, table)
  return walk(start, asked).flatMap(way => {
    const back = returning(way, way.region)
    return algebra.boxesOf(way.region).flatMap(box => {
      const both = inBoth(box.addresses as never, family)
      return splitByZone(zones, both).map(({ zone, addresses: some }) => {
        const place = exampleAddress(some)
        const example = exampleOf(table.trafficOf(box.id))
        const part: AnswerPart = {
          variant: start.variant,
          to: { kind: 'addresses', zone, ranges: printAddresses(some) },
          traffic: trafficElements(table.trafficOf(box.id)),
          verdict: way.verdict,
          enforcement: 'enforced',
          exit: way.exit,
          because: reasonsFor(way.grounds, box.addresses as AddressSet<Family>).map(reason => worded(reason, lineOf)),
          unknowns: way.unknowns,
          witness: place === null || example === null ? null : `${source} -> ${packetTo(place, example)}`,
        }
        return { way, part, back }
      })
    })
  })
}

const inBoth = (set: never, family: Family): Addresses =>
  family === 4 ? { v4: set, v6: addresses6.empty } : { v4: addresses4.empty, v6: set }

const sourceOf = (start: Start, family: Family): string => {
  const own = start.kind === 'interface' ? start.of.addresses.find(one => one.family === family) : undefined
  return own === undefined ? start.of.id : printAddress(own)
}
