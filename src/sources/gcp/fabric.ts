import type { CoverageNote, Diagnostic, SupportState } from '../../model/coverage.ts'
import { compareNotes } from '../../model/coverage-order.ts'
import type { Fabric, NetworkInterface, Subnet, Tags } from '../../model/fabric.ts'
import { field, textMap } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { DIFFERS } from '../aws/lowered.ts'
import type { RawDocument } from '../files/read.ts'
import { type Collected, cloudObject, collect, type Fault, textOf } from './collect.ts'
import { connectorsIn } from './connectors.ts'
import { learnedIn, neighboursIn } from './dynamic-routes.ts'
import { filtersIn } from './filters.ts'
import { flowLogsIn } from './flow-logs.ts'
import { lowerInstance, type Nic, nicsOf } from './instances.ts'
import { linesIn } from './lines.ts'
import { idIn } from './links.ts'
import { natsIn } from './nat.ts'
import { lowerNetwork, networkFaults, OWN_SERVICES, rangesByNetwork, subnetFacts } from './networks.ts'
import { peeringsIn } from './peerings.ts'
import { policyRoutesIn } from './policy-routes.ts'
import { type HopContext, readRoute, routeFaults } from './routes.ts'
import { pseudoInterface, serverlessIn } from './serverless.ts'
import { tablesIn } from './tables.ts'
import { ANYBODY, type Who } from './who.ts'

export interface GcpReading {
  readonly fabric: Fabric
  readonly notes: readonly CoverageNote[]
  readonly diagnostics: readonly Diagnostic[]
  /** Objects by how well they were understood, each once. */
  readonly counts: Readonly<Record<SupportState, number>>
}

/**
 * What saved outputs of gcloud say of networks, in whatever order they come: each object once, and nothing that was read without a
 * trace. Errors: none, whatever the documents hold.
 */
export const gcpFabric = (documents: readonly RawDocument[]): GcpReading => {
  const collected = collect(documents)
  const connectors = connectorsIn(collected)
  const read = collected.in('subnet').map(item => ({ item, facts: subnetFacts(item) }))
  const hidden = [...connectors.all.values()].flatMap(one => (one.hidden === null ? [] : [one.hidden]))
  const subnets = [...read.flatMap(({ facts }) => (facts === null ? [] : [facts])), ...hidden]
  const machines = collected.in('instance').map(nicsOf)
  const nics = machines.flatMap(one => one.nics)
  const peerings = peeringsIn(collected, subnets)
  const context = hopContext(collected, nics, peerings.called)
  const routes = collected.in('route').map(item => ({ item, fact: readRoute(item, context) }))
  const facts = routes.flatMap(({ fact }) => (fact === null ? [] : [fact]))
  const learned = learnedIn(collected, context)
  const policyRoutes = policyRoutesIn(collected)
  const tables = tablesIn(collected, { subnets, routes: facts, learned, policyRoutes: policyRoutes.routes, peerings })
  const filters = filtersIn(collected, rangesByNetwork(collected, subnets), nics)
  const nats = natsIn(collected)
  const lines = linesIn(collected, [...facts, ...learned.routes])
  const serverless = serverlessIn(collected)
  const flowLogs = flowLogsIn(collected.in('subnet'))
  const bySubnet = new Map(subnets.map(one => [one.item.id, one]))
  /** Where something with these tags stands: its filter, and its table where that is another than the subnet’s. */
  const placed = (
    subnet: string,
    network: string,
    who: Who,
  ): Pick<NetworkInterface, 'subnet' | 'filters' | 'table'> => {
    const facts = bySubnet.get(subnet)
    const filter = filters.idOf(facts?.network ?? network, facts?.region ?? null, who)
    if (facts === undefined) return { subnet, filters: [filter], table: null }
    const [table, plain] = [tables.idOf(facts, who.tags), tables.idOf(facts, null)]
    return { subnet, filters: [filter], table: table === plain ? null : table }
  }
  const interfaces: readonly NetworkInterface[] = [
    ...nics.map(nic => ({ ...nic.interface, ...placed(nic.subnet, nic.network, nic.who) })),
    ...serverless.all.flatMap(one =>
      one.joined.map(({ by, who }, i) => {
        const connector = by.kind === 'connector' ? connectors.all.get(by.id) : undefined
        return {
          ...pseudoInterface(one, i, by.kind === 'subnet' ? bySubnet.get(by.id)?.ranges : undefined),
          ...placed(connector?.subnet ?? by.id, connector?.network ?? '', connector?.who ?? who),
        }
      }),
    ),
  ]
  const lowered = subnets.map(
    (facts): Subnet => ({
      ...cloudObject(facts.item),
      network: facts.network,
      zone: null,
      zoneNames: {},
      ranges: facts.ranges,
      rangesAreKnown: facts.faults.length === 0,
      ownServices: OWN_SERVICES,
      unrouted: bothFamilies.empty,
      table: tables.idOf(facts, null),
      filters: [],
      // Source: cloud.google.com, VPC, “Routes”, Routing order: policy-based routes come before those of subnets.
      routesInside: true,
      memberFilters: [filters.idOf(facts.network, facts.region, ANYBODY)],
      outward: [{ kind: 'own' }, ...nats.outwardOf(facts)],
      internetDoubts: [],
    }),
  )
  const networks = collected.in('network').map(item => lowerNetwork(item, subnets))
  const faults: readonly Fault[] = [
    ...read.flatMap(({ item: { id }, facts }) =>
      facts === null ? [{ id, why: 'it names no network' }] : facts.faults.map(why => ({ id, why })),
    ),
    ...collected.in('network').flatMap(networkFaults),
    ...machines.flatMap(one => one.faults),
    ...routes.flatMap(({ item, fact }) => routeFaults(item, fact)),
    ...[connectors, peerings, learned, policyRoutes, filters, nats, lines, serverless, flowLogs].flatMap(
      one => one.faults,
    ),
    ...lacking(collected),
  ]
  const told = noted(collected, faults)
  return {
    fabric: {
      networks: sorted(networks),
      subnets: sorted(lowered),
      tables: tables.made(),
      filters: filters.made(),
      gateways: sorted([...nats.gateways, ...lines.gateways]),
      peerings: peerings.values,
      interfaces: sorted(interfaces),
      attachments: [],
      hubTables: [],
      machines: sorted(collected.in('instance').map(lowerInstance)),
      managed: sorted(serverless.all.map(({ workload }) => workload)),
      flowLogs: collected.in('subnet').length === 0 ? null : sorted(flowLogs.values),
      exclusions: [],
      endpoints: null,
      hubDefaults: [],
      defaultFilters: new Set(),
      tags: tagsIn(collected),
    },
    notes: told.notes,
    diagnostics: [],
    counts: { ...collected.counts, ignorable: 0, understood: told.understood, partly: told.partly },
  }
}

const hopContext = (collected: Collected, nics: readonly Nic[], peeringOf: HopContext['peeringOf']): HopContext => {
  const byInstance = Map.groupBy(nics, ({ instance }) => instance)
  const rules = new Map(collected.in('forwarding-rule').map(({ id, body }) => [id, textOf(field(body, 'IPAddress'))]))
  return {
    interfacesOf: (instance, network) =>
      (byInstance.get(instance) ?? []).flatMap(nic => (nic.network === network ? [nic.interface.id] : [])),
    peeringOf,
    neighbourOf: neighboursIn(collected),
    balancerOf: id => rules.get(id) ?? null,
  }
}

/** What is read for what it is, and not further. */
const lacking = (collected: Collected): readonly Fault[] => [
  ...collected.in('cluster').map(({ id }) => ({ id, why: 'of a cluster its labels alone are read' })),
  ...(['firewall', 'subnet', 'router', 'route'] as const).flatMap(noun =>
    collected
      .in(noun)
      .flatMap(({ id, body, link }) =>
        idIn(field(body, 'network'), 'networks', link) === null && noun === 'firewall'
          ? [{ id, why: 'it names no network' }]
          : [],
      ),
  ),
]

const noted = (
  { all, notes }: Collected,
  faults: readonly Fault[],
): { readonly notes: readonly CoverageNote[]; readonly understood: number; readonly partly: number } => {
  const byId = Map.groupBy(faults, ({ id }) => id)
  const told = all.map(({ id, origin, isDisputed }) => {
    const whys = [...(isDisputed ? [DIFFERS] : []), ...(byId.get(id) ?? []).map(({ why }) => why)]
    return [...new Set(whys)].map(
      (why): CoverageNote => ({ state: 'partly', object: id, file: origin.file, line: origin.line, why }),
    )
  })
  const partly = told.filter(one => one.length > 0).length
  return { notes: [...notes, ...told.flat()].sort(compareNotes), understood: all.length - partly, partly }
}

/** Labels, which clusters call otherwise. */
const tagsIn = (collected: Collected): ReadonlyMap<string, Tags> =>
  new Map(
    collected.all.flatMap(({ id, body }) => {
      const labels = new Map([
        ...textMap(field(body, 'labels')),
        ...textMap(field(body, 'resourceLabels')),
        ...textMap(field(field(body, 'metadata'), 'labels')),
      ])
      return labels.size > 0 ? [[id, labels] as const] : []
    }),
  )

const sorted = <T extends { readonly id: string }>(values: readonly T[]): readonly T[] =>
  [...new Map(values.map(value => [value.id, value])).values()].sort((a, b) => compareText(a.id, b.id))
