import type { Fabric, NetworkInterface, Subnet } from '../../model/fabric.ts'
import { addressesOf as setsOf } from '../../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Traffic } from '../../sets/traffic.ts'
import type { TrafficTable } from '../../sets/traffic-table.ts'
import { inFamily } from './filters.ts'
import { type Inbound, inboundIn } from './inbound.ts'
import { managedIn } from './managed.ts'
import { addressesOf } from './members.ts'
import { onwardIn } from './onward.ts'
import { notRead, placesIn, rangesHeld, said } from './places.ts'
import { type Return, returnsIn } from './returns.ts'
import type { Start } from './start.ts'
import { as, leaves, type Place, stops, type Way } from './ways.ts'

export interface Walker<F extends Family> {
  /** Follows packets of one family from where they begin to where they leave the fabric, or end. */
  readonly walk: (start: Start, asked: Region<F>) => readonly Way<F>[]
  /** What becomes of replies to some of the packets that took a way. */
  readonly returning: (way: Way<F>, region: Region<F>) => Return
  /** From where packets of some traffic reach an interface. */
  readonly inbound: (to: NetworkInterface, traffic: Traffic) => readonly Inbound<F>[]
}

export const walkIn = <F extends Family>(fabric: Fabric, family: F, table: TrafficTable): Walker<F>['walk'] =>
  walkerIn(fabric, family, table).walk

export const walkerIn = <F extends Family>(fabric: Fabric, family: F, table: TrafficTable): Walker<F> => {
  const places = placesIn(fabric)
  const { algebra, crossing, routed } = onwardIn(fabric, places, family, table)
  const everything = algebra.ofBoxes([{ addresses: setsOf(family).full, id: table.full }])
  const walk: Walker<F>['walk'] = (start, asked) =>
    start.kind === 'managed' ? ofManaged(start.of, asked) : fromNetwork(start, asked)
  const ofManaged = managedIn({ places, algebra }, (of, asked) => fromNetwork({ kind: 'interface', of }, asked))
  const fromNetwork = (start: Exclude<Start, { kind: 'managed' }>, asked: Region<F>): readonly Way<F>[] => {
    const sender = start.kind === 'interface' ? start.of : null
    const subnet = start.kind === 'interface' ? places.subnets.get(start.of.subnet) : start.of
    const hops = sender === null ? [] : [{ hop: 'interface', id: sender.id }]
    if (subnet === undefined)
      return [
        {
          region: asked,
          verdict: 'unknown',
          exit: { kind: 'unknown', id: null, sourceAddresses: [] },
          hops,
          grounds: [],
          unknowns: [notRead('the subnet', sender?.subnet ?? '')],
          edges: [],
          seen: bothFamilies.empty,
          home: '',
        },
      ]
    const place: Place = {
      subnet,
      sender,
      through: null,
      seen: seenOf(subnet, sender),
      home: subnet.network,
      isHidden: false,
      asked: [],
      met: null,
      isWhole: algebra.equals(asked, everything),
      edges: [],
      onlyRoutes: start.kind === 'subnet' && start.onlyRoutes === true,
      hops: [...hops, { hop: 'subnet', id: subnet.id }],
      grounds: [],
      unknowns: [],
    }
    const network = places.networks.get(subnet.network)
    const own = bothFamilies.union(subnet.ownServices, network?.ownServices ?? bothFamilies.empty)
    const served = algebra.within(asked, inFamily(own, family))
    const rest = algebra.subtract(asked, served)
    const isDumb =
      sender === null
        ? isWithout(subnet.ranges, family) && subnet.rangesAreKnown
        : isWithout(sender.addresses, family) && !sender.untold.includes(family)
    const sent = (region: Region<F>): readonly Way<F>[] =>
      isDumb
        ? stops(place, region, said(sender ?? subnet, `has no IPv${family} address`))
        : crossing.leaving(place, region, sender?.filters ?? subnet.memberFilters, routed)
    return [
      ...(algebra.isEmpty(served)
        ? []
        : leaves(as(place, said(network ?? subnet, OWN_SERVICES)), served, {
            kind: 'provider-managed',
            id: subnet.network,
            sourceAddresses: [],
          })),
      ...(algebra.isEmpty(rest) ? [] : sent(rest)),
    ]
  }
  const around = { places, algebra, crossing, table }
  return { walk, returning: returnsIn(around, walk), inbound: inboundIn(fabric, around, walk) }
}

/** Of what is not told, any address of the subnet. */
const seenOf = ({ ranges }: Subnet, sender: NetworkInterface | null): Addresses => {
  if (sender === null) return rangesHeld(ranges)
  const own = addressesOf(sender.addresses)
  if (sender.untold.length === 0) return own
  const [v4, v6] = [4, 6].map(family => sender.untold.includes(family as Family))
  const { v4: four, v6: six } = rangesHeld(ranges)
  return bothFamilies.union(own, { v4: v4 ? four : bothFamilies.empty.v4, v6: v6 ? six : bothFamilies.empty.v6 })
}

const isWithout = (all: readonly { readonly family: Family }[], family: Family): boolean =>
  all.every(one => one.family !== family)

const OWN_SERVICES = 'is a service of the provider itself, which no filter and no route keeps from anybody'
