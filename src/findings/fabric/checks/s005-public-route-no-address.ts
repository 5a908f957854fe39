import type { Route } from '../../../model/fabric.ts'
import { addressesOf } from '../../../sets/address-set.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { leadsTo } from '../routes.ts'
import type { FabricView } from '../view.ts'
import { type PinnedWay, widestOfPinned } from '../ways-of-pinned.ts'
import { named, routeText, severalOf, shortOf } from '../words.ts'

export const publicRouteNoAddress: FabricCheck = {
  id: 'PST-S005',
  title: 'Function or app that is led to the internet and has no address for it',
  severity: 'low',
  why: 'A route to the internet is no way for what has no public address, and such workloads get none: what they send there is dropped without a word. Somebody put it there to let it out, and will next look for another way to do so.',
  remedy: 'Give it subnets that lead to NAT or a firewall, or a table without a route to the internet.',
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
    'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc',
  ],
  *run(view) {
    const lost = widestOfPinned(view).flatMap(way => {
      const route = publicRoute(view, way)
      return route === null ? [] : [{ ...way, route }]
    })
    for (const [, same] of Map.groupBy(lost, ({ workload, out }) => `${workload.id} ${out.family}`)) {
      const [first] = same
      if (first === undefined) continue
      const { workload, out, route } = first
      const subnets = severalOf(same.map(({ subnet }) => subnet))
      yield hitOn(
        workload,
        `what it sends to the internet from ${subnets} goes by ${routeText(route)} and is dropped there, since it has no public address`,
        `give ${named(workload)} subnets that lead to NAT or a firewall instead of ${subnets}`,
        {
          key: String(out.family),
          witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`,
          path: [{ hop: 'managed', id: workload.id }, ...out.way.hops],
        },
      )
    }
  },
}

/** The route to the internet at whose end packets are dropped; null: they are not, or filters do it before. */
const publicRoute = (view: FabricView, { one, subnet, out }: PinnedWay): Route | null => {
  const { way, addresses } = out
  const decider = way.grounds.at(-1)?.of?.id ?? null
  if (way.verdict !== 'denied' || (decider !== null && view.places.filters.has(decider))) return null
  const table = one.table === null ? view.tableOf(subnet) : (view.places.tables.get(one.table) ?? null)
  if (table === null || way.hops.at(-1)?.id !== table.id) {
    // Beyond the table it may have come to the gateway itself, and no further.
    const [gateway, ...more] = way.hops.filter(({ hop }) => hop === 'gateway')
    if (table === null || gateway === undefined || more.length > 0) return null
    if (view.places.gateways.get(gateway.id)?.kind !== 'internet') return null
  }
  const sets = addressesOf(addresses.family)
  const part = view
    .partOf(table, addresses.family)
    .find(each => !sets.isEmpty(sets.intersect(each.addresses as never, addresses)))
  if (part?.route == null) return null
  return part.route.next.kind === 'internet' || leadsTo(view, part.route)?.kind === 'internet' ? part.route : null
}
