import type { Gateway, Network } from '../../model/fabric.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Collected } from './collect.ts'
import { shownAt } from './effective-routes.ts'
import { type Extent, extentOf } from './extents.ts'
import type { SubnetFact } from './networks.ts'
import type { NicFact } from './nic-facts.ts'
import { type Behind, behindOf, LEARNED_READ } from './on-premises.ts'
import { isOpenTo, type Peerings } from './peerings.ts'
import type { EndpointAddress } from './private-endpoints.ts'
import { blocksOfEndpoint, endpointIdOf, servicesIdOf } from './service-endpoints.ts'
import type { ServiceTags } from './service-tags.ts'
import type { Peer, Reached, Surroundings } from './system-routes.ts'
import type { UserTable } from './user-routes.ts'

/** What the estate holds that routes and tags of subnets hang on. */
export interface Estate {
  readonly collected: Collected
  readonly networks: ReadonlyMap<string, Network>
  readonly subnets: readonly SubnetFact[]
  readonly tables: ReadonlyMap<string, UserTable>
  readonly peerings: Peerings
  readonly gateways: readonly Gateway[]
  readonly nics: readonly NicFact[]
  readonly endpoints: readonly EndpointAddress[]
  readonly serviceTags: ServiceTags
}

export const surroundingsIn = (estate: Estate): ((subnet: SubnetFact) => Surroundings) => {
  const { collected, networks, peerings, endpoints, serviceTags } = estate
  const gatewaysOf = reachedIn(estate)
  const nicsOf = Map.groupBy(estate.nics, ({ subnet }) => subnet)
  return subnet => {
    const { network } = subnet
    const peers = peersOf(estate, network)
    const shown = (nicsOf.get(subnet.id) ?? []).flatMap(({ id }) => shownAt(collected, id)?.services ?? [])
    return {
      ranges: networks.get(network)?.ranges ?? null,
      peers,
      ...gatewaysOf(network),
      endpoints: endpoints.flatMap(({ address, network: its }): Surroundings['endpoints'] => {
        if (its === network) return [{ address, by: null }]
        const over = peerings.of(network).find(({ side }) => side.remote === its)
        // Without access its range is open, and so is what stands in it.
        return over === undefined || !isOpenTo(over) ? [] : [{ address, by: over.peering.id }]
      }),
      services:
        shown.length > 0
          ? [{ id: servicesIdOf(subnet), name: 'services', blocks: shown }]
          : subnet.serviceEndpoints.map(one => ({
              id: endpointIdOf(subnet, one),
              name: one.service,
              blocks: blocksOfEndpoint(one, serviceTags),
            })),
    }
  }
}

const peersOf = ({ networks, peerings }: Estate, network: string): readonly Peer[] =>
  peerings.of(network).map(joined => ({
    ...joined,
    ranges:
      joined.side.remoteRanges.length > 0 ? joined.side.remoteRanges : (networks.get(joined.side.remote)?.ranges ?? []),
  }))

type ReachedGateways = Pick<Surroundings, 'gateways' | 'unreadGateways'>

/** Gateways of a network itself, and those that a peer lends it: both halves have to want that. */
const reachedIn = (estate: Estate): ((network: string) => ReachedGateways) => {
  const { collected, peerings, subnets, tables } = estate
  const own = Map.groupBy(estate.gateways, ({ network }) => network)
  const nicsOf = Map.groupBy(estate.nics, ({ subnet }) => subnet)
  const subnetsOf = Map.groupBy(subnets, ({ network }) => network)
  const subnetNamed = (network: string, name: string): SubnetFact | undefined =>
    subnetsOf.get(network)?.find(({ id }) => id.endsWith(`/${name}`))
  /** What interfaces in subnets that let it in were shown to have learned; null: none of these was read. */
  const learnedIn = (network: string): readonly AnyCidr[] | null => {
    const shown = (subnetsOf.get(network) ?? [])
      .filter(({ table }) => table === null || tables.get(table)?.propagates === true)
      .flatMap(({ id }) => nicsOf.get(id) ?? [])
      .flatMap(({ id }) => shownAt(collected, id) ?? [])
    return shown.length === 0 ? null : shown.flatMap(({ learned }) => learned)
  }
  const behind = (gateway: string, networks: readonly string[]): Behind => {
    const item = collected.get(gateway)
    const written = item === undefined ? { prefixes: [], isWhole: false } : behindOf(item, collected)
    if (written.isWhole) return written
    const [learned] = networks.flatMap(network => {
      const here = learnedIn(network)
      return here === null ? [] : [here]
    })
    return learned === undefined ? written : { prefixes: learned, isWhole: true }
  }
  const ofNetwork = (network: string, asked: readonly string[]): ReachedGateways => {
    const gateways: readonly Reached[] = (own.get(network) ?? []).map(({ id }) => ({ id, behind: behind(id, asked) }))
    const stands = gateways.length === 0 && subnetNamed(network, 'gatewaysubnet')?.isUsed === true
    return { gateways, unreadGateways: stands ? [`the gateway of \`${network}\` was not read`] : [] }
  }
  const reached = (network: string): ReachedGateways => {
    const mine = ofNetwork(network, [network])
    const lent = peerings
      .of(network)
      .filter(({ side, other }) => side.usesGateway && (other === null || other.lendsGateway))
      .map(({ side }) => {
        const its = ofNetwork(side.remote, [network, side.remote])
        return its.gateways.length + its.unreadGateways.length > 0
          ? its
          : { gateways: [], unreadGateways: [`the gateway of \`${side.remote}\` was not read`] }
      })
    const server = subnetNamed(network, 'routeserversubnet')
    return {
      gateways: [...mine.gateways, ...lent.flatMap(({ gateways }) => gateways)],
      unreadGateways: [
        ...mine.unreadGateways,
        ...lent.flatMap(({ unreadGateways }) => unreadGateways),
        ...(server?.isUsed === true ? [`what the route server of \`${network}\` learns is not evaluated`] : []),
      ],
    }
  }
  // Every subnet of a network asks the same.
  const known = new Map<string, ReachedGateways>()
  return network => {
    const made = known.get(network) ?? reached(network)
    known.set(network, made)
    return made
  }
}

/** What tags of groups mean in a subnet. */
export const extentIn = (subnet: SubnetFact, written: UserTable | null | undefined, around: Surroundings): Extent => {
  const open = openIn(written, around)
  return extentOf({
    own: around.ranges ?? subnet.ranges,
    peers: around.peers.filter(isOpenTo).flatMap(({ ranges }) => ranges),
    behind: around.gateways.flatMap(({ behind }) => behind.prefixes),
    routed: (written?.routes ?? []).flatMap(({ destination }) => destination ?? []),
    isOpen:
      open === undefined
        ? null
        : { why: `what \`VirtualNetwork\` holds is not known: ${open}`, settledBy: LEARNED_READ },
  })
}

const openIn = (written: UserTable | null | undefined, around: Surroundings): string | undefined =>
  [
    ...(around.ranges === null ? ['the network was not read'] : []),
    ...around.peers
      .filter(({ ranges }) => ranges.length === 0)
      .map(({ side }) => `the ranges of \`${side.remote}\` were not read`),
    ...around.unreadGateways,
    ...around.gateways.filter(({ behind }) => !behind.isWhole).map(({ id }) => `what \`${id}\` learns was not read`),
    ...(written === undefined ? ['its route table was not read'] : []),
    ...(written?.isOpen != null ? [written.isOpen] : []),
    ...(written?.routes.some(({ destination }) => destination === null) === true
      ? ['a route is for unknown addresses']
      : []),
  ][0]
