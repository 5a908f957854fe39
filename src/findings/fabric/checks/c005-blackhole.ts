import { inFamily } from '../../../engine/fabric/filters.ts'
import type { Route, RouteTable } from '../../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../../sets/address-set.ts'
import { addressesOfCidrs } from '../../../sets/addresses.ts'
import type { Family } from '../../../sets/cidr.ts'
import { several } from '../../check.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { hasFamily, type NodeSubnet } from '../nodes.ts'
import { packetBy } from '../packets.ts'
import { hiddenBy, takenBy } from '../routes.ts'
import type { FabricView } from '../view.ts'
import { destinationOf, routeText, severalOf, shortOf } from '../words.ts'

export const blackhole: FabricCheck = {
  id: 'PST-C005',
  title: 'Route to a target that is gone, which still takes packets',
  severity: 'medium',
  why: 'A route whose target was deleted stays in its table and keeps winning: what it takes is dropped, although another route would know a way. When somebody removes it to make things work again, those packets take the other way, which nobody has looked at for a while.',
  remedy: 'Decide where these packets are to go, and remove the route or give it a target that is there.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html',
  ],
  *run(view) {
    for (const { table, subnets } of view.nodeTables) {
      const lost = table.routes.flatMap(route => {
        const taken = route.next.kind === 'nowhere' ? takenBy(view, table, route) : null
        if (taken === null) return []
        const losing = subnets.flatMap(one => losingAt(view, one, taken) ?? [])
        return losing.length === 0 ? [] : [{ route, losing }]
      })
      for (const same of Map.groupBy(lost, ({ route: { next } }) => ('id' in next ? next.id : null)).values())
        yield told(view, table, same)
    }
  },
}

interface Losing {
  readonly at: NodeSubnet
  readonly addresses: AddressSet<Family>
}

/** What nodes in a subnet send by a route. Inside of a subnet no route is asked, and who has no address of a family sends none. */
const losingAt = ({ places }: FabricView, at: NodeSubnet, taken: AddressSet<Family>): Losing | null => {
  const { subnet } = at
  const sets = addressesOf(taken.family)
  const near = [addressesOfCidrs(subnet.ranges), subnet.ownServices, subnet.unrouted]
    .concat(places.networks.get(subnet.network)?.ownServices ?? [])
    .map(one => inFamily(one, taken.family))
  const addresses = sets.subtract(taken, sets.unionOfMany(near))
  return hasFamily(at, taken.family) && !sets.isEmpty(addresses) ? { at, addresses } : null
}

interface Lost {
  readonly route: Route
  readonly losing: readonly Losing[]
}

/** One for each target that is gone. */
const told = (view: FabricView, table: RouteTable, lost: readonly Lost[]): FabricHit => {
  const [{ route, losing }] = lost as readonly [Lost]
  const [first] = losing as readonly [Losing]
  const subnets = lost.flatMap(one => one.losing.map(({ at }) => at.subnet))
  const routes = lost.map(one => one.route)
  const { next } = route
  const target = !('id' in next) || next.id === null ? 'its target' : `\`${shortOf(next.id)}\``
  const destinations = several(routes.map(destinationOf))
  const hidden = hiddenBy(view, table, routes).flatMap(one =>
    one === null || one.next.kind === 'nowhere' ? [] : [one],
  )
  const other =
    hidden[0] === undefined
      ? 'no other route would take it'
      : `without that route ${hidden.slice(0, 2).map(routeText).join(' and ')} would`
  return hitOn(
    table,
    `what subnets of nodes (${severalOf(subnets)}) send to ${destinations} is dropped, since ${target} is gone: ${other}`,
    `in \`${shortOf(table.id)}\`: remove the route for ${destinations}, or lead it to a target that is there`,
    {
      at: route.at,
      key: target,
      severity: hidden.length === 0 ? 'low' : null,
      ...packetBy([first.at], table, onInternet(view, first.addresses), null),
    },
  )
}

/** Where some of it is on the internet, a packet to there says most. */
const onInternet = (view: FabricView, taken: AddressSet<Family>): AddressSet<Family> => {
  const outside = view.outward.internetIn(taken)
  return addressesOf(taken.family).isEmpty(outside) ? taken : outside
}
