import type { Fabric, Network, NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import type { Exit, Unknown } from '../../model/reach.ts'
import { type AddressSet, addressesOf as setsOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Traffic } from '../../sets/traffic.ts'
import { keptBy } from '../lazily.ts'
import type { Around } from './around.ts'
import { besideIn } from './beside.ts'
import { inFamily } from './filters.ts'
import { addressesOf } from './members.ts'
import { rangesHeld } from './places.ts'
import type { Start } from './start.ts'
import type { Way } from './ways.ts'

/** From where packets reach an interface, as far as the network says. `id`: of the network, or of the line. */
export interface Inbound<F extends Family> {
  readonly from: 'internet' | 'on-premises' | 'network'
  readonly id: string | null
  readonly addresses: AddressSet<F>
  readonly verdict: 'allowed' | 'unknown'
  readonly hops: readonly Hop[]
  readonly unknowns: readonly Unknown[]
}

/**
 * What comes from outside passes the filters inward and needs a way back; what comes from another network is followed from there.
 * From a network that hangs together with none of this one nothing comes.
 */
export const inboundIn = <F extends Family>(
  fabric: Fabric,
  { places, algebra, crossing, table }: Pick<Around<F>, 'places' | 'algebra' | 'crossing' | 'table'>,
  walk: (start: Start, asked: Region<F>) => readonly Way<F>[],
): ((to: NetworkInterface, traffic: Traffic) => readonly Inbound<F>[]) => {
  const { family } = algebra
  const full = algebra.ofBoxes([{ addresses: setsOf(family).full, id: table.full }])
  const beside = besideIn(fabric)

  const fromOutside = (to: NetworkInterface, subnet: Subnet, traffic: Traffic): readonly Inbound<F>[] => {
    const admitted = [to.filters, subnet.filters].map(filters =>
      crossing.admitted(filters, addressesOf(to.addresses), subnet.network),
    )
    const [must, may] = (['must', 'may'] as const).map(which =>
      admitted.map(one => one[which]).reduce(algebra.intersect, full),
    ) as [Region<F>, Region<F>]
    // Filters of the interface know replies by what they answer.
    return walk({ kind: 'interface', of: { ...to, filters: [] } }, full).flatMap((way): readonly Inbound<F>[] => {
      const from = outside(way.exit, to, subnet, family)
      if (from === null || way.verdict === 'denied') return []
      const asked = algebra.ofBoxes([{ addresses: algebra.addressesOf(way.region), id: table.idOf(traffic) }])
      const sure = way.verdict === 'allowed' ? algebra.intersect(asked, must) : algebra.empty
      const open = algebra.subtract(algebra.intersect(asked, may), sure)
      return [['allowed', sure] as const, ['unknown', open] as const].flatMap(([verdict, region]) =>
        algebra.isEmpty(region)
          ? []
          : [
              {
                from,
                id: way.exit.id,
                addresses: algebra.addressesOf(region),
                verdict,
                hops: way.hops.toReversed(),
                unknowns: verdict === 'allowed' ? [] : way.unknowns,
              },
            ],
      )
    })
  }

  /** Of subnets with the same routes and filters one speaks for all. */
  const subnetsOf = keptBy((network: string): readonly (readonly [Subnet, readonly Subnet[]])[] =>
    [
      ...Map.groupBy(places.subnetsOf(network), ({ table: own, filters, memberFilters, zoneNames }) =>
        JSON.stringify([own, filters, memberFilters, zoneNames]),
      ).values(),
    ].map(all => [all[0] as Subnet, all]),
  )

  const fromNetworks = (to: NetworkInterface, { network }: Subnet, traffic: Traffic): readonly Inbound<F>[] => {
    const asked = algebra.ofBoxes([{ addresses: inFamily(addressesOf(to.addresses), family), id: table.idOf(traffic) }])
    if (algebra.isEmpty(asked)) return []
    return beside(network).flatMap((id: Network['id']) =>
      subnetsOf(id).flatMap(([of, all]) =>
        walk({ kind: 'subnet', of }, asked).flatMap((way): readonly Inbound<F>[] =>
          way.verdict === 'denied' || way.exit.kind !== 'peer-network' || way.exit.id !== network
            ? []
            : [
                {
                  from: 'network',
                  id,
                  addresses: setsOf(family).unionOfMany(all.map(({ ranges }) => inFamily(rangesHeld(ranges), family))),
                  verdict: way.verdict,
                  hops: way.hops,
                  unknowns: way.unknowns,
                },
              ],
        ),
      ),
    )
  }

  return (to, traffic) => {
    const subnet = places.subnets.get(to.subnet)
    return subnet === undefined ? [] : [...fromOutside(to, subnet, traffic), ...fromNetworks(to, subnet, traffic)]
  }
}

/** Where the other end of such a way is, if packets from there find the interface; null: they do not. */
const outside = (
  { kind }: Exit,
  to: NetworkInterface,
  { outward }: Subnet,
  family: Family,
): Inbound<Family>['from'] | null => {
  if (kind === 'on-premises') return 'on-premises'
  const isPublic = to.publicAddresses.some(({ seenAs }) => seenAs.family === family)
  const isOwn = isPublic || (family === 6 && outward.length === 0)
  if (kind === 'internet-gateway') return isOwn ? 'internet' : null
  // At a provider's own edge replies leave by the address that was asked, whoever gives one to what begins inside.
  return isPublic && outward.length > 0 && AT_EDGE.has(kind) ? 'internet' : null
}

const AT_EDGE: ReadonlySet<Exit['kind']> = new Set(['nat', 'load-balancer-outbound', 'provider-managed'])
