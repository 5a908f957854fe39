import type { CoverageNote, Diagnostic, SupportState } from '../../model/coverage.ts'
import { compareNotes } from '../../model/coverage-order.ts'
import type {
  CloudObject,
  Endpoint,
  Exclusion,
  Fabric,
  Filter,
  FlowLog,
  Gateway,
  HubDefaults,
  Machine,
  ManagedWorkload,
  Network,
  NetworkInterface,
  NextHop,
  Peering,
  RouteTable,
  Subnet,
} from '../../model/fabric.ts'
import { field, list } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { RawDocument } from '../files/read.ts'
import { associationsIn } from './associations.ts'
import { type Collected, collect, isBlocking, type Supplied } from './collect.ts'
import { servicesIn, tasksIn } from './containers.ts'
import { elasticAddressesIn } from './elastic-addresses.ts'
import { endpointsIn } from './endpoints.ts'
import { lowerExclusion } from './exclusions.ts'
import { doubtOf } from './filter-rule.ts'
import { firewallsIn } from './firewalls.ts'
import { lowerFlowLog } from './flow-logs.ts'
import { functionsIn, type Placed } from './functions.ts'
import { lowerEgressOnlyGateway, lowerInternetGateway, lowerVpcEndpoint, lowerVpnGateway } from './gateways.ts'
import { doubtfulInterface, interfacesIn } from './interfaces.ts'
import { idFor, wordIn } from './item.ts'
import { DIFFERS, type Lowered, type Merged, merge } from './lowered.ts'
import { lowerInstance } from './machines.ts'
import { lowerNatGateway } from './nat-gateways.ts'
import { lowerNetworkAcl } from './network-acls.ts'
import { lowerSubnet, lowerVpc } from './networks.ts'
import { lowerPeering } from './peerings.ts'
import { prefixListsIn } from './prefix-lists.ts'
import { lowerRouteTable, openRoute } from './routes.ts'
import type { CollectionName } from './schema.ts'
import { agreeing, doubtfulRule, groupsOfRules, lowerGroupRule } from './security-group-rules.ts'
import { lowerSecurityGroup } from './security-groups.ts'
import { tagsIn } from './tags.ts'
import { lowerAttachments } from './transit-attachments.ts'
import { attachmentFactsIn } from './transit-facts.ts'
import { hubDefaultsIn, lowerTransitGateway } from './transit-gateways.ts'
import { lowerTransitTables } from './transit-tables.ts'

export interface AwsReading {
  readonly fabric: Fabric
  readonly notes: readonly CoverageNote[]
  readonly diagnostics: readonly Diagnostic[]
  /** Objects by how well they were understood, each once. */
  readonly counts: Readonly<Record<SupportState, number>>
}

/**
 * What saved outputs of the AWS command line say of networks, in whatever order they come: each object once, and nothing that
 * was read without a trace. Errors: none, whatever the documents hold.
 */
export const awsFabric = (documents: readonly RawDocument[], supplied: readonly Supplied[] = []): AwsReading => {
  const collected = collect(documents, supplied)
  const isBlocked = documents.some(({ body }) => isBlocking(body)) || supplied.some(one => one.isBlocked)
  const hops = new Map(supplied.flatMap(one => [...one.hops]))
  const prefixLists = prefixListsIn(collected)
  const associations = associationsIn(collected)
  const elastic = elasticAddressesIn(collected, interfaceIdsIn(collected))
  const interfaces = merge<NetworkInterface>(interfacesIn(collected, elastic), doubtfulInterface)
  const placed = placedIn(collected, interfaces.values)
  const managed = merge<ManagedWorkload>(placed.map(({ workload }) => workload))
  // They stand for interfaces that nobody showed, so that they are no objects that were read.
  const standIns = merge<NetworkInterface>(
    placed.flatMap(({ workload, interfaces }) =>
      interfaces.map(value => ({ id: value.id, item: workload.item, value, faults: [] })),
    ),
    doubtfulInterface,
  )
  const context = { prefixLists, interfacesOf: interfacesByOwner(interfaces.values) }
  const networks = merge<Network>(
    collected
      .in('Vpcs')
      .map(item => lowerVpc(item, associations, { tablesAreCut: collected.cut.has('RouteTables'), isBlocked })),
  )
  const subnets = merge<Subnet>(collected.in('Subnets').map(item => lowerSubnet(item, associations)))
  const tables = merge<RouteTable>(
    collected.in('RouteTables').map(item => leading(lowerRouteTable(item, context), hops)),
    table => ({ ...table, routes: [...table.routes, openRoute(DIFFERS, table.at)] }),
  )
  const rules = merge(
    collected.in('SecurityGroupRules').map(item => lowerGroupRule(item, prefixLists)),
    doubtfulRule,
  )
  const groups = collected.in('SecurityGroups').map(item => lowerSecurityGroup(item, prefixLists))
  const ruleGroups = groupsOfRules(
    rules.values,
    new Set(groups.map(({ id }) => id)),
    collected.cut.has('SecurityGroupRules'),
  )
  const filters = merge<Filter>(
    [...agreeing(groups, rules.values), ...ruleGroups, ...collected.in('NetworkAcls').map(lowerNetworkAcl)],
    filter => ({ ...filter, doubts: [...filter.doubts, doubtOf(DIFFERS)] }),
  )
  const firewalls = firewallsIn(collected, prefixLists)
  const policies = merge<Filter>(firewalls.filters, filter => ({
    ...filter,
    doubts: [...filter.doubts, doubtOf(DIFFERS)],
  }))
  const endpointsOfFirewalls = new Map(
    firewalls.gateways.flatMap(({ value }) => (value === null ? [] : [[value.id, value] as const])),
  )
  const shown = new Set(collected.in('VpcEndpoints').map(({ id }) => idFor('VpcEndpoints', id)))
  // Where packets go from one of which documents differ is as open as if it had not been read.
  const gateways = merge<Gateway>(
    [
      ...collected.in('InternetGateways').map(lowerInternetGateway),
      ...collected.in('EgressOnlyInternetGateways').map(lowerEgressOnlyGateway),
      ...collected.in('NatGateways').map(lowerNatGateway),
      ...collected.in('VpnGateways').map(lowerVpnGateway),
      ...collected.in('VpcEndpoints').map(item => lowerVpcEndpoint(item, endpointsOfFirewalls)),
      ...firewalls.gateways.filter(({ id }) => !shown.has(id)),
      ...collected.in('TransitGateways').map(item => lowerTransitGateway(item, collected)),
    ],
    () => null,
  )
  const peerings = merge<Peering>(collected.in('VpcPeeringConnections').map(lowerPeering), () => null)
  const facts = attachmentFactsIn(collected)
  const attachments = lowerAttachments(facts, collected)
  const hubTables = lowerTransitTables(collected, { facts, networks: networks.values, prefixLists })
  const machines = merge<Machine>(collected.in('Reservations').map(lowerInstance), machine => ({
    ...machine,
    metadata: null,
  }))
  const flowLogs = merge<FlowLog>(collected.in('FlowLogs').map(lowerFlowLog), () => null)
  const exclusions = merge<Exclusion>(collected.in('VpcBlockPublicAccessExclusions').map(lowerExclusion), () => null)
  // Counted and noted as what they are above; here documents that differ make nothing more of it.
  const endpoints = merge<Endpoint>(collected.in('VpcEndpoints').flatMap(endpointsIn), one => ({
    ...one,
    policy: null,
  }))
  const hubDefaults = merge<HubDefaults>(collected.in('TransitGateways').flatMap(hubDefaultsIn), () => null)
  const wholly = <T>(key: CollectionName, values: readonly T[]): readonly T[] | null =>
    collected.read.has(key) && !collected.cut.has(key) ? values : null
  const others = merge<CloudObject>([
    ...prefixLists.objects,
    ...elastic.objects,
    ...firewalls.objects,
    ...unlowered(collected),
  ])
  const all: readonly Merged<unknown>[] = [
    networks,
    subnets,
    tables,
    rules,
    filters,
    gateways,
    peerings,
    interfaces,
    attachments.read,
    hubTables,
    machines,
    flowLogs,
    exclusions,
    managed,
    others,
  ]
  const parts = supplied.map(({ counts }) => counts)
  return {
    fabric: {
      networks: networks.values,
      subnets: subnets.values,
      tables: tables.values,
      filters: byId([...filters.values, ...policies.values]),
      gateways: gateways.values,
      peerings: peerings.values,
      interfaces: byId([...interfaces.values, ...standIns.values]),
      attachments: attachments.all,
      hubTables: hubTables.values,
      machines: machines.values,
      managed: managed.values,
      flowLogs: wholly('FlowLogs', flowLogs.values),
      exclusions: exclusions.values,
      endpoints: wholly('VpcEndpoints', endpoints.values),
      hubDefaults: hubDefaults.values,
      defaultFilters: defaultGroupsIn(collected),
      tags: tagsIn(collected),
    },
    notes: [
      ...collected.notes,
      ...supplied.flatMap(({ notes }) => notes),
      ...[...all, standIns].flatMap(({ notes }) => notes),
    ].sort(compareNotes),
    diagnostics: collected.diagnostics,
    counts: {
      understood: sum([...all, ...parts].map(({ understood }) => understood)),
      ignorable: sum(parts.map(({ ignorable }) => ignorable)),
      partly: sum([...all, ...parts].map(({ partly }) => partly)),
      notImplemented: sum([collected.counts, ...parts].map(({ notImplemented }) => notImplemented)),
      unrecognised: sum([collected.counts, ...parts].map(({ unrecognised }) => unrecognised)),
    },
  }
}

/** Routes whose targets have no id yet lead where their source says, or to what it says is not known. */
const leading = (lowered: Lowered<RouteTable>, hops: ReadonlyMap<string, NextHop>): Lowered<RouteTable> => {
  if (lowered.value === null || hops.size === 0) return lowered
  const faults = new Set(lowered.faults)
  const routes = lowered.value.routes.map(route => {
    const hop = hops.get(route.next.kind === 'unknown' ? (route.next.id ?? '').replace(/^aws:route-target\//, '') : '')
    if (hop === undefined || route.next.kind !== 'unknown') return route
    faults.delete(route.next.why)
    if (hop.kind === 'unknown') faults.add(hop.why)
    return { ...route, next: hop }
  })
  return { ...lowered, value: { ...lowered.value, routes }, faults: [...faults] }
}

/** What runs without machines of its own, where the interfaces are known that were read. */
const placedIn = (collected: Collected, interfaces: readonly NetworkInterface[]): readonly Placed[] => {
  const subnetsOf = Map.groupBy(interfaces, ({ of }) => of)
  const ids = new Set(interfaces.map(({ id }) => id))
  return [
    ...functionsIn(collected),
    ...servicesIn(collected, owner => (subnetsOf.get(owner) ?? []).map(({ subnet }) => subnet)),
    ...tasksIn(collected, id => ids.has(id)),
  ]
}

const byId = <T extends CloudObject>(objects: readonly T[]): readonly T[] =>
  objects.toSorted((a, b) => compareText(a.id, b.id))

/** What is there to be named, or to tell of others: no objects of the model. */
const unlowered = (collected: Collected): readonly Lowered<CloudObject>[] =>
  (Object.keys(UNLOWERED) as (keyof typeof UNLOWERED)[]).flatMap(key =>
    collected.in(key).map(item => ({ id: idFor(key, item.id), item, value: null, faults: UNLOWERED[key] })),
  )

/** By collection: what of it is not evaluated. */
const UNLOWERED = {
  TransitGatewayPolicyTables: ['its rules are not evaluated'],
  taskDefinition: [],
  cluster: ['what it says of its network is not evaluated: nodes are machines, and clusters tell of themselves'],
  fargateProfile: ['its subnets are not evaluated: pods on Fargate are seen by their interfaces alone'],
} as const satisfies Partial<Record<CollectionName, readonly string[]>>

/** Every VPC has one, which nobody can delete. Source: VPC User Guide, “Default security groups for your VPCs”. */
const defaultGroupsIn = (collected: Collected): ReadonlySet<string> =>
  new Set(
    collected
      .in('SecurityGroups')
      .filter(({ body }) => wordIn(body, 'GroupName') === 'default')
      .map(({ id }) => idFor('SecurityGroups', id)),
  )

const interfaceIdsIn = (collected: Collected): ReadonlySet<string> =>
  new Set([
    ...collected.in('NetworkInterfaces').map(({ id }) => id),
    ...collected
      .in('Reservations')
      .flatMap(({ body }) =>
        list(field(body, 'NetworkInterfaces')).flatMap(one => wordIn(one, 'NetworkInterfaceId') ?? []),
      ),
  ])

const interfacesByOwner = (interfaces: readonly NetworkInterface[]): ((owner: string) => readonly string[]) => {
  const owned = Map.groupBy(interfaces, ({ of }) => of)
  return owner => (owned.get(owner) ?? []).map(({ id }) => id)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
