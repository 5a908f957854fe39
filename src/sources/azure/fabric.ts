import { compareNotes } from '../../model/coverage-order.ts'
import type {
  CloudObject,
  Endpoint,
  Filter,
  FlowLog,
  Gateway,
  Machine,
  ManagedWorkload,
  Network,
  Subnet,
} from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AwsReading } from '../aws/fabric.ts'
import { doubtOf } from '../aws/filter-rule.ts'
import { DIFFERS, type Merged, merge } from '../aws/lowered.ts'
import type { RawDocument } from '../files/read.ts'
import { lowerCluster } from './clusters.ts'
import { collect } from './collect.ts'
import { lowerFirewallPolicy, lowerPart } from './firewall-policies.ts'
import { classicFilter, lowerFirewall } from './firewalls.ts'
import { lowerFlowLog } from './flow-logs.ts'
import { groupFiltersIn } from './group-filters.ts'
import { applicationsIn, interfaceOf, roomIn } from './interfaces.ts'
import { type BalancerFact, gatewayOfBalancer, lowerBalancer } from './load-balancers.ts'
import { impliedNics, lowerMachine } from './machines.ts'
import { lowerContainerApp, lowerSite, nicOf } from './managed.ts'
import { gatewayOfNat, lowerNatGateway, type Nat } from './nat-gateways.ts'
import { doubtfulSubnet, lowerSubnetFact, lowerVnet, type SubnetFact } from './networks.ts'
import { type NicFact, nicFactsIn } from './nic-facts.ts'
import { lowerVnetGateway } from './on-premises.ts'
import { networkBehind, outwardsIn } from './outward.ts'
import { joinSides, type Peerings, sidesIn } from './peerings.ts'
import { endpointAddresses, endpointsOfNics, lowerPrivateEndpoint } from './private-endpoints.ts'
import { publicAddressesIn } from './public-addresses.ts'
import { doubtfulGroup, type Group, lowerGroup } from './security-rules.ts'
import { serviceEndpointsIn } from './service-endpoints.ts'
import { serviceTagsIn } from './service-tags.ts'
import { extentIn, surroundingsIn } from './surroundings.ts'
import { tableIdOf, tableOf } from './tables.ts'
import { tagsIn } from './tags.ts'
import { doubtfulTable, lowerUserTable, type UserTable } from './user-routes.ts'

/** As of the AWS command line. */
export type AzureReading = AwsReading

/**
 * What saved outputs of the Azure command line say of networks, in whatever order they come: each object once, and nothing that
 * was read without a trace. Errors: none, whatever the documents hold.
 */
export const azureFabric = (documents: readonly RawDocument[]): AzureReading => {
  const collected = collect(documents)
  const serviceTags = serviceTagsIn(collected.serviceTags)
  const seen = publicAddressesIn(collected)

  const vnets = merge<Network>(collected.in('microsoft.network/virtualnetworks').map(lowerVnet))
  const networks = byId(vnets.values)
  const subnetFacts = merge<SubnetFact>(
    collected.in('microsoft.network/virtualnetworks/subnets').map(lowerSubnetFact),
    doubtfulSubnet,
  )
  const subnetsById = byId(subnetFacts.values)
  const networkOf = (subnet: string): string | null => subnetsById.get(subnet)?.network ?? null
  const sides = sidesIn(collected)
  const peerings = joinSides(sides.values)
  const tables = merge<UserTable>(
    collected.in('microsoft.network/routetables').map(item => lowerUserTable(item, serviceTags)),
    doubtfulTable,
  )
  const tablesById = byId(tables.values)
  const writtenFor = ({ table }: SubnetFact): UserTable | null | undefined =>
    table === null ? null : tablesById.get(table)
  const groups = merge<Group>(collected.in('microsoft.network/networksecuritygroups').map(lowerGroup), doubtfulGroup)

  const sites = collected.in('microsoft.web/sites').map(lowerSite)
  const apps = collected.in('microsoft.app/containerapps').map(item => lowerContainerApp(item, collected))
  const managed = merge<ManagedWorkload>([...sites, ...apps].map(({ lowered }) => lowered))
  const machines = merge<Machine>(
    [
      ...collected.in('microsoft.compute/virtualmachines'),
      ...collected.in('microsoft.compute/virtualmachinescalesets/virtualmachines'),
    ].map(item => lowerMachine(item, collected)),
  )
  const readNics = nicFactsIn(collected, seen)
  const endpointOwners = endpointsOfNics(collected)
  const owned = readNics.values.map(nic => {
    const endpoint = nic.privateEndpoint ?? endpointOwners.get(nic.id) ?? null
    return endpoint === null ? nic : { ...nic, of: endpoint, privateEndpoint: endpoint }
  })
  const nics = sorted<NicFact>([
    ...new Map(
      [
        ...[...sites, ...apps].flatMap(nicOf),
        ...impliedNics(collected, new Set(owned.flatMap(({ of }) => of ?? [])), seen),
        ...owned,
      ].map(nic => [nic.id, nic]),
    ).values(),
  ])

  const endpoints = merge<Endpoint>(collected.in('microsoft.network/privateendpoints').map(lowerPrivateEndpoint))
  const vnetGateways = merge<Gateway>(
    collected.in('microsoft.network/virtualnetworkgateways').map(lowerVnetGateway),
    () => null,
  )
  const nats = merge<Nat>(
    collected.in('microsoft.network/natgateways').map(item => lowerNatGateway(item, seen)),
    () => null,
  )
  const balancers = merge<BalancerFact>(
    collected.in('microsoft.network/loadbalancers').map(item => lowerBalancer(item, seen)),
    () => null,
  )
  const firewallItems = collected.in('microsoft.network/azurefirewalls')
  const firewalls = merge<Gateway>(
    firewallItems.map(item => lowerFirewall(item, collected, seen)),
    () => null,
  )
  const policies = merge<Filter>(
    collected
      .in('microsoft.network/firewallpolicies')
      .map(item => lowerFirewallPolicy(item, { collected, serviceTags })),
    kept => ({ ...kept, doubts: [...kept.doubts, doubtOf(DIFFERS)] }),
  )
  const classics = firewallItems
    .filter(item => collected.get(item.id) === item)
    .flatMap(item => classicFilter(item, { collected, serviceTags }) ?? [])
  const flowLogs = merge<FlowLog>(
    collected.in('microsoft.network/networkwatchers/flowlogs').map(lowerFlowLog),
    () => null,
  )
  const parts = merge<CloudObject>([
    ...PARTS_OF_OTHERS.flatMap(type => collected.in(type)).map(lowerPart),
    ...collected.in('microsoft.containerservice/managedclusters').map(item => lowerCluster(item, subnetsById)),
  ])

  const around = surroundingsIn({
    collected,
    networks,
    subnets: subnetFacts.values,
    tables: tablesById,
    peerings,
    gateways: vnetGateways.values,
    nics,
    endpoints: endpointAddresses(collected, nics, subnetsById),
    serviceTags,
  })
  const inSubnets = subnetFacts.values.map(subnet => {
    const surroundings = around(subnet)
    const written = writtenFor(subnet)
    return { subnet, written, surroundings, extent: extentIn(subnet, written, surroundings) }
  })
  const filters = groupFiltersIn(byId(groups.values), new Map(inSubnets.map(one => [one.subnet.id, one])), nics, {
    serviceTags,
    applications: applicationsIn(nics),
    room: roomIn(vnets.values, nics, networkOf),
  })
  const outwardOf = outwardsIn({ nats: nats.values, balancers: balancers.values, nics, collected })
  const subnets = inSubnets.map(({ subnet, written }): Subnet => {
    const { outward, doubts } = outwardOf(subnet)
    return {
      id: subnet.id,
      name: subnet.name,
      account: subnet.account,
      region: subnet.region,
      origin: subnet.origin,
      at: subnet.at,
      network: subnet.network,
      zone: null,
      zoneNames: {},
      ranges: subnet.ranges,
      rangesAreKnown: subnet.rangesAreKnown,
      ownServices: filters.ownServicesOf(subnet.id),
      unrouted: bothFamilies.empty,
      table: tableIdOf(subnet, written ?? null),
      filters: [],
      // Source: learn.microsoft.com, “Virtual network traffic routing”, the sample’s route `Within-Subnet1`.
      routesInside: true,
      memberFilters: subnet.group === null ? [] : [filters.idFor(subnet.group, subnet.id)],
      outward,
      internetDoubts: doubts,
    }
  })
  const all: readonly Merged<unknown>[] = [
    vnets,
    subnetFacts,
    sides,
    tables,
    groups,
    managed,
    machines,
    readNics,
    seen.merged,
    endpoints,
    vnetGateways,
    nats,
    balancers,
    firewalls,
    policies,
    flowLogs,
    parts,
  ]
  const ways = [...endpoints.values, ...serviceEndpointsIn(subnetFacts.values)]
  return {
    fabric: {
      networks: vnets.values,
      subnets,
      tables: sorted(inSubnets.map(({ subnet, written, surroundings }) => tableOf(subnet, written, surroundings))),
      filters: sorted([...filters.values, ...policies.values, ...classics]),
      gateways: sorted([
        ...vnetGateways.values.map(gateway => ({ ...gateway, serves: borrowersOf(gateway.network, peerings) })),
        ...nats.values.map(gatewayOfNat),
        ...firewalls.values,
        ...balancers.values.flatMap(one => gatewayOfBalancer(one, networkBehind(one, nics, networkOf)) ?? []),
      ]),
      peerings: peerings.values,
      interfaces: nics.map(nic => interfaceOf(nic, subnetsById.get(nic.subnet), filters, balancers.values)),
      attachments: [],
      hubTables: [],
      machines: machines.values,
      managed: managed.values,
      flowLogs: flowLogs.values.length > 0 ? flowLogs.values : null,
      exclusions: [],
      endpoints: ways.length > 0 ? sorted(ways) : null,
      hubDefaults: [],
      defaultFilters: new Set(),
      tags: tagsIn(collected),
    },
    notes: [...collected.notes, ...all.flatMap(({ notes }) => notes)].sort(compareNotes),
    diagnostics: [],
    counts: {
      understood: collected.counts.understood + sum(all.map(({ understood }) => understood)),
      ignorable: collected.counts.ignorable,
      partly: sum(all.map(({ partly }) => partly)),
      notImplemented: collected.counts.notImplemented,
      unrecognised: collected.counts.unrecognised,
    },
  }
}

/** What others are made of, and no object of the model by itself. */
const PARTS_OF_OTHERS = [
  'microsoft.network/applicationsecuritygroups',
  'microsoft.network/localnetworkgateways',
  'microsoft.network/connections',
  'microsoft.network/firewallpolicies/rulecollectiongroups',
  'microsoft.network/ipgroups',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.app/managedenvironments',
] as const

const byId = <T extends CloudObject>(values: readonly T[]): ReadonlyMap<string, T> =>
  new Map(values.map(value => [value.id, value]))

const sorted = <T extends CloudObject>(values: readonly T[]): readonly T[] =>
  values.toSorted((a, b) => compareText(a.id, b.id))

/** Networks that leave by a gateway of another. Source: “Create, change, or delete a virtual network peering”, gateway transit. */
const borrowersOf = (network: string | null, { of, networks }: Peerings): NonNullable<Gateway['serves']> => {
  const own = of(network ?? '').filter(({ side }) => side.lendsGateway)
  const theirs = networks.flatMap(of).filter(({ side }) => side.usesGateway && side.remote === network)
  return {
    must: own.flatMap(({ side, other }) => (other?.usesGateway ? [side.remote] : [])),
    may: [
      ...own.flatMap(({ side, other }) => (other === null ? [side.remote] : [])),
      ...theirs.flatMap(({ side, other }) => (other === null ? [side.network] : [])),
    ],
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
