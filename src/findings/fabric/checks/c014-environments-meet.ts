import type { Network, Subnet } from '../../../model/fabric.ts'
import type { Environment } from '../../../model/intent.ts'
import { compareText } from '../../../model/order.ts'
import type { AddressSet } from '../../../sets/address-set.ts'
import { addressesOfCidrs } from '../../../sets/addresses.ts'
import { type AnyAddress, type Family, printAddress } from '../../../sets/cidr.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
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
    const { fabric, approvals } = view
    const homes = fabric.networks.flatMap((network): readonly Home[] => {
      const environments = approvals.environmentsOf(network.id)
      return environments.length === 0 ? [] : [{ network, environments }]
    })
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

interface Home {
  readonly network: Network
  readonly environments: readonly Environment[]
}

/** No environment has both, and none sends its egress to an exit of the other’s. */
const areApart = ({ estate }: FabricView, from: Home, to: Home): boolean => {
  if (from.environments.some(one => to.environments.includes(one))) return false
  const namesOf = ({ environments }: Home): readonly string[] => environments.map(({ ref }) => ref.name)
  const [own, theirs] = [namesOf(from), namesOf(to)]
  const { patterns, exits } = estate.intents
  const sendsTo = (some: readonly string[], others: readonly string[]): boolean =>
    patterns.some(
      ({ environment, via, faults }) =>
        faults.length === 0 &&
        environment !== null &&
        some.includes(environment) &&
        exits.some(({ ref, environment: of }) => via.includes(ref.name) && of !== null && others.includes(of)),
    )
  return !sendsTo(own, theirs) && !sendsTo(theirs, own)
}

/** Subnets that nothing tells apart on the way out of them stand in for each other. */
const distinctIn = (view: FabricView, subnets: readonly Subnet[]): readonly Subnet[] => [
  ...new Map(
    subnets
      .toSorted((a, b) => compareText(b.id, a.id))
      .map(subnet => [JSON.stringify([view.tableOf(subnet)?.id, subnet.filters, subnet.zone]), subnet]),
  ).values(),
]

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

const exampleIn = ({ id, ranges }: Subnet): string => {
  const first: AnyAddress | undefined = ranges[0]
  return first === undefined ? shortOf(id) : printAddress(first)
}
