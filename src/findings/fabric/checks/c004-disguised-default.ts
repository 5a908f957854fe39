import type { Gateway, Route } from '../../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../../sets/address-set.ts'
import { type AnyCidr, type Family, printCidr, readCidr } from '../../../sets/cidr.ts'
import { several } from '../../check.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import { hasFamily } from '../nodes.ts'
import { isMost } from '../outward.ts'
import { packetBy } from '../packets.ts'
import { isPublic, leadsTo } from '../routes.ts'
import type { FabricView, NodeTable } from '../view.ts'
import { destinationOf, routeText, severalOf, shortOf } from '../words.ts'

export const disguisedDefault: FabricCheck = {
  id: 'PST-C004',
  title: 'Default route in disguise to a public gateway',
  severity: 'high',
  why: 'Routes for parts that together are most of the internet do what a default route does, and win over one that leads to the firewall, since they are longer. A guardrail that looks for `0.0.0.0/0` and `::/0` sees none of them.',
  remedy: 'Remove the parts, and let the default route say where the internet is.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html',
  ],
  *run(view) {
    for (const each of view.nodeTables) for (const family of [4, 6] as const) yield* hitsIn(view, each, family)
  },
}

function* hitsIn(view: FabricView, { table, subnets }: NodeTable, family: Family): Iterable<FabricHit> {
  const concerned = subnets.filter(one => hasFamily(one, family) && !isKeptOff(view, one.subnet.id))
  if (concerned.length === 0) return
  const parts = view.partOf(table, family).flatMap(({ addresses, route }) => {
    const gateway = route === null ? null : leadsTo(view, route)
    return route === null || gateway === null || !isPublic(gateway) ? [] : [{ addresses, route, gateway }]
  })
  const sets = addressesOf(family)
  for (const [gateway, same] of Map.groupBy(parts, part => part.gateway)) {
    // Where it is the default’s own exit, nothing is hidden: everybody sees that it leads there.
    const isTold = table.routes.some(
      ({ destination, next }) =>
        destination?.prefix === 0 && destination.family === family && next.kind === 'gateway' && next.id === gateway.id,
    )
    if (isTold || (family === 6 && gateway.kind === 'nat')) continue
    const taken = view.outward.internetIn(
      sets.unionOfMany(same.map(({ addresses }) => addresses as AddressSet<Family>)),
    )
    if (isMost(taken, view.outward.internet(family))) yield told({ table, subnets: concerned }, gateway, same, taken)
  }
  if (family === 6) yield* translated({ table, subnets: concerned }, parts)
}

interface Part {
  readonly addresses: AddressSet<Family>
  readonly route: Route
  readonly gateway: Gateway
}

const told = (
  { table, subnets }: NodeTable,
  gateway: Gateway,
  parts: readonly Part[],
  taken: AddressSet<Family>,
): FabricHit => {
  const routes = [...new Set(parts.map(({ route }) => destinationOf(route)))]
  const usual = table.routes.find(({ destination }) => destination?.prefix === 0 && destination.family === taken.family)
  const against = usual === undefined ? 'and the table has no default route' : `and win over ${routeText(usual)}`
  return hitOn(
    table,
    `${several(routes)} together are most of the internet: they lead subnets of nodes (${severalOf(subnets.map(({ subnet }) => subnet))}) to \`${shortOf(gateway.id)}\`, ${against}`,
    `in \`${shortOf(table.id)}\`: remove the routes for ${several(routes)}, or write a default route that says so`,
    {
      at: (parts[0] as Part).route.at,
      key: `${taken.family} ${gateway.id}`,
      severity: usual === undefined && gateway.kind === 'nat' ? 'medium' : null,
      ...packetBy(subnets, table, taken, gateway),
    },
  )
}

/** All of IPv4 behind a block of IPv6. Where IPv4 leaves by the same gateway it says nothing new. */
function* translated({ table, subnets }: NodeTable, parts: readonly Part[]): Iterable<FabricHit> {
  for (const { route, gateway, addresses } of parts) {
    if (gateway.kind !== 'nat' || route.destination === null || !isAll(route.destination)) continue
    const usual = table.routes.find(({ destination }) => destination?.family === 4 && destination.prefix === 0)
    if (usual?.next.kind === 'gateway' && usual.next.id === gateway.id) continue
    const against =
      usual === undefined ? 'while IPv4 itself has no default route' : `while IPv4 itself goes by ${routeText(usual)}`
    yield hitOn(
      table,
      `\`${printCidr(route.destination)}\` leads to all of IPv4 by \`${shortOf(gateway.id)}\`, ${against}`,
      `in \`${shortOf(table.id)}\`: remove the route for \`${printCidr(route.destination)}\`, or lead it where IPv4 goes`,
      {
        at: route.at,
        key: `64:ff9b::/96 ${gateway.id}`,
        ...packetBy(subnets, table, addresses, gateway),
      },
    )
  }
}

/** Source: RFC 6052, 2.1. */
const NAT64 = readCidr('64:ff9b::/96')

const isAll = (cidr: AnyCidr): boolean =>
  NAT64.kind === 'read' && cidr.family === 6 && printCidr(cidr) === printCidr(NAT64.value)
