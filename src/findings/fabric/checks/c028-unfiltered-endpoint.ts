import type { NetworkInterface, Subnet } from '../../../model/fabric.ts'
import { compareText } from '../../../model/order.ts'
import { addressesOfCidrs } from '../../../sets/addresses.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { areApart, distinctIn, exampleIn, homesIn } from '../homes.ts'
import type { WayOutward } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { named, severalOf } from '../words.ts'

export const unfilteredEndpoint: FabricCheck = {
  id: 'PST-C028',
  title: 'Private endpoints without a filter, in reach of another environment',
  severity: 'medium',
  why: 'A private endpoint is a door to a database or a store. Where filters do not hold for it, whatever has a route to it may knock, and the routes between environments are made for other things.',
  remedy: 'Let filters hold for private endpoints in their subnet, and let in who needs them.',
  references: ['https://learn.microsoft.com/en-us/azure/private-link/disable-private-endpoint-network-policy'],
  *run(view) {
    const endpoints = new Set((view.fabric.endpoints ?? []).map(({ id }) => id))
    const bare = view.fabric.interfaces.flatMap(one => {
      const subnet = view.places.subnets.get(one.subnet)
      const isBare = one.of !== null && endpoints.has(one.of) && one.filters.length === 0
      return isBare && subnet?.filters?.length === 0 && one.addresses.length > 0 ? [{ one, subnet }] : []
    })
    const bySubnet = [...Map.groupBy(bare, ({ subnet }) => subnet)].sort(([a], [b]) => compareText(a.id, b.id))
    for (const [subnet, same] of bySubnet)
      yield* hitsIn(
        view,
        subnet,
        same.map(({ one }) => one),
      )
  },
}

function* hitsIn(view: FabricView, subnet: Subnet, doors: readonly NetworkInterface[]): Iterable<FabricHit> {
  const homes = homesIn(view)
  const own = homes.find(({ network }) => network.id === subnet.network)
  if (own === undefined) return
  const [door] = doors as [NetworkInterface]
  for (const from of homes.filter(other => areApart(view, other, own))) {
    const found = distinctIn(view, view.places.subnetsOf(from.network.id)).flatMap(start =>
      reaching(view, start, doors).map(out => ({ start, out })),
    )[0]
    if (found === undefined) continue
    const { start, out } = found
    yield hitOn(
      subnet,
      `no filter holds for its private endpoints (${severalOf(doors.map(({ of, id }) => ({ id: of ?? id })))}), and ${named(from.network)} (${from.environments.map(({ ref }) => `\`${ref.name}\``).join(', ')}) reaches them`,
      `in ${named(subnet)}: let filters hold for private endpoints, and let in who needs them`,
      {
        key: from.network.id,
        witness: `${exampleIn(start)} -> ${out.packet}`,
        path:
          out.way.hops.at(-1)?.hop === 'interface'
            ? out.way.hops
            : [...out.way.hops, { hop: 'interface', id: door.id }],
      },
    )
  }
}

const reaching = (view: FabricView, start: Subnet, doors: readonly NetworkInterface[]): readonly WayOutward[] => {
  const texts = doors.flatMap(({ addresses }) => addresses)
  const { v4, v6 } = addressesOfCidrs(
    texts.map(one => (one.family === 4 ? { ...one, prefix: 32 } : { ...one, prefix: 128 })),
  )
  return [v4, v6]
    .filter(({ bounds }) => bounds.length > 0)
    .flatMap(asked => view.outward.toward({ kind: 'subnet', of: start }, asked))
    .filter(
      ({ way }) =>
        way.verdict !== 'denied' && (way.exit.kind === 'peer-network' || way.exit.kind === 'private-endpoint'),
    )
}
