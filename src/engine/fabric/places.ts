import type {
  Attachment,
  CloudObject,
  Endpoint,
  Fabric,
  Filter,
  Gateway,
  HubTable,
  Network,
  NetworkInterface,
  Peering,
  RouteTable,
  Subnet,
} from '../../model/fabric.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Unknown } from '../../model/reach.ts'
import { type Addresses, addressesOfCidrs } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { lazily } from '../lazily.ts'

/** The objects of a fabric by id. */
export interface Places {
  readonly networks: ReadonlyMap<string, Network>
  readonly subnets: ReadonlyMap<string, Subnet>
  readonly tables: ReadonlyMap<string, RouteTable>
  readonly filters: ReadonlyMap<string, Filter>
  readonly gateways: ReadonlyMap<string, Gateway>
  readonly peerings: ReadonlyMap<string, Peering>
  readonly interfaces: ReadonlyMap<string, NetworkInterface>
  readonly hubTables: ReadonlyMap<string, HubTable>
  /** null in the fabric is none here. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Interfaces of whoever has them. */
  readonly interfacesOf: (owner: string) => readonly NetworkInterface[]
  readonly subnetsOf: (network: string) => readonly Subnet[]
  readonly attachmentsOf: (hub: string) => readonly Attachment[]
  /** The side of it that hangs on this hub. */
  readonly attachmentAt: (hub: string, id: string) => Attachment | undefined
}

export const placesIn = (fabric: Fabric): Places => {
  const subnets = Map.groupBy(fabric.subnets, ({ network }) => network)
  const attachments = Map.groupBy(fabric.attachments, ({ hub }) => hub)
  const owners = lazily(() => Map.groupBy(fabric.interfaces, ({ of }) => of))
  const attachmentsOf = (hub: string | null): readonly Attachment[] => attachments.get(hub) ?? []
  return {
    networks: byId(fabric.networks),
    subnets: byId(fabric.subnets),
    tables: byId(fabric.tables),
    filters: byId(fabric.filters),
    gateways: byId(fabric.gateways),
    peerings: byId(fabric.peerings),
    interfaces: byId(fabric.interfaces),
    hubTables: byId(fabric.hubTables),
    endpoints: byId(fabric.endpoints ?? []),
    interfacesOf: owner => owners().get(owner) ?? [],
    subnetsOf: network => subnets.get(network) ?? [],
    attachmentsOf,
    attachmentAt: (hub, id) => [...attachmentsOf(hub), ...attachmentsOf(null)].find(one => one.id === id),
  }
}

const byId = <T extends CloudObject>(objects: readonly T[]): ReadonlyMap<string, T> =>
  new Map(objects.map(one => [one.id, one]))

/** What decided, with its place in a document; `of` null where no document says it. */
export interface FabricReason {
  readonly of: CloudObject | null
  readonly at: DocumentPath
  readonly says: string
}

export const said = (of: CloudObject, says: string): FabricReason => ({ of, at: of.at, says })

export const notRead = (what: string, id: string): Unknown => ({
  stage: 'fabric',
  why: `${what} \`${id}\` was not read`,
  settledBy: `the document of \`${id}\``,
})

/** What each block of a list holds together; the same list is asked again and again. */
export const rangesHeld = (ranges: readonly AnyCidr[]): Addresses => {
  const known = held.get(ranges)
  if (known !== undefined) return known
  const made = addressesOfCidrs(ranges)
  held.set(ranges, made)
  return made
}

const held = new WeakMap<readonly AnyCidr[], Addresses>()
