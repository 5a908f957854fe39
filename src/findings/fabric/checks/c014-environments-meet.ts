import type { Subnet } from '../../../model/fabric.ts'
import type { AddressSet } from '../../../sets/address-set.ts'
import { addressesOfCidrs } from '../../../sets/addresses.ts'
import type { Family } from '../../../sets/cidr.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { areApart, distinctIn, exampleIn, type Home, homesIn } from '../homes.ts'
import type { WayOutward } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { named, shortOf } from '../words.ts'

export const environmentsMeet: FabricCheck = {
  id: 'PST-C014',
  title: 'Network that reaches one of another environment',
  severity: 'medium',
  why: 'Environments are told apart so that what goes wrong in one stays there. A peering or a hub between their networks is a way for whoever is in the one to knock at the other, and propagation makes such ways without anybody writing a route.',
  remedy: 'Take the route or the propagation away, or say that they belong together.',
  references: [
    'docs/intents.md',
    'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html',
    'https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html',
  ],
  *run(view) {
    const { fabric } = view
    const homes = homesIn(view)
    if (new Set(homes.flatMap(({ environments }) => environments)).size < 2) return
    const subnetsOf = Map.groupBy(fabric.subnets, ({ network }) => network)
    for (const from of homes) {
      const others = homes.filter(to => areApart(view, from, to))
      const ways = waysToward(view, distinctIn(view, subnetsOf.get(from.network.id) ?? []), others)
      for (const to of others) {
        const found = ways.find(({ out }) => out.way.exit.id === to.network.id)
        if (found !== undefined) yield told(from, to, found)
      }
    }
  },
}

interface Between {
  readonly subnet: Subnet
  readonly out: WayOutward
}

/** All other networks are asked for at once; ranges may overlap, so that it is the way that tells whose address it is. */
const waysToward = (view: FabricView, starts: readonly Subnet[], others: readonly Home[]): readonly Between[] => {
  const { v4, v6 } = addressesOfCidrs(others.flatMap(({ network }) => network.ranges))
  const asked: readonly AddressSet<Family>[] = [v4, v6].filter(({ bounds }) => bounds.length > 0)
  return starts.flatMap(subnet =>
    asked.flatMap(addresses =>
      view.outward
        .toward({ kind: 'subnet', of: subnet }, addresses)
        .filter(({ way }) => way.exit.kind === 'peer-network' && way.verdict !== 'denied')
        .map(out => ({ subnet, out })),
    ),
  )
}

const told = (from: Home, to: Home, { subnet, out }: Between): FabricHit => {
  const [own, theirs] = [from, to].map(({ environments }) =>
    environments.map(({ ref }) => `\`${ref.name}\``).join(', '),
  )
  const over = out.way.hops.find(({ hop }) => hop === 'peering' || hop === 'gateway')
  const by = over === undefined ? '' : ` by \`${shortOf(over.id)}\``
  return hitOn(
    from.network,
    `from it (${own}) packets reach ${named(to.network)} (${theirs})${by}`,
    `take the way from \`${shortOf(from.network.id)}\` to \`${shortOf(to.network.id)}\`${by} out of the tables, or write both into one Environment`,
    {
      key: to.network.id,
      owner: ownerOf(from),
      witness: `${exampleIn(subnet)} -> ${out.packet}`,
      path: out.way.hops,
    },
  )
}

const ownerOf = ({ environments }: Home): string | null =>
  environments.find(({ owner }) => owner !== null)?.owner ?? null
