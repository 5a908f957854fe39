import type { CloudObject, Fabric } from '../model/fabric.ts'
import { compareText } from '../model/order.ts'

/** The networks of several clouds as one. Their ids never meet, since each begins with the name of its cloud. */
export const joinedFabrics = ([first, ...more]: readonly [Fabric, ...Fabric[]]): Fabric => more.reduce(joined, first)

const joined = (a: Fabric, b: Fabric): Fabric => ({
  networks: both(a.networks, b.networks),
  subnets: both(a.subnets, b.subnets),
  tables: both(a.tables, b.tables),
  filters: both(a.filters, b.filters),
  gateways: both(a.gateways, b.gateways),
  peerings: both(a.peerings, b.peerings),
  interfaces: both(a.interfaces, b.interfaces),
  attachments: both(a.attachments, b.attachments),
  hubTables: both(a.hubTables, b.hubTables),
  machines: both(a.machines, b.machines),
  managed: both(a.managed, b.managed),
  flowLogs: bothRead(a.flowLogs, b.flowLogs),
  exclusions: both(a.exclusions, b.exclusions),
  endpoints: bothRead(a.endpoints, b.endpoints),
  hubDefaults: both(a.hubDefaults, b.hubDefaults),
  defaultFilters: new Set([...a.defaultFilters, ...b.defaultFilters]),
  tags: new Map([...a.tags, ...b.tags]),
})

const both = <T extends CloudObject>(a: readonly T[], b: readonly T[]): readonly T[] =>
  a.length === 0 ? b : b.length === 0 ? a : [...a, ...b].sort((one, other) => compareText(one.id, other.id))

const bothRead = <T extends CloudObject>(a: readonly T[] | null, b: readonly T[] | null): readonly T[] | null =>
  a === null ? b : b === null ? a : both(a, b)
