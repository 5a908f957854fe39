import type { CloudObject } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import { DIFFERS, type Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item, within } from './item.ts'
import { addressIn, itemsIn, prop, readBlock, word } from './property.ts'
import type { ServiceTags } from './service-tags.ts'

/** A table as its owner wrote it: it holds for a subnet together with the routes that the platform makes there. */
export interface UserTable extends CloudObject {
  readonly routes: readonly UserRoute[]
  /** Whether routes that gateways learn come into subnets that have it. */
  readonly propagates: boolean
  /** Not null: it may hold more than these. */
  readonly isOpen: string | null
}

export interface UserRoute {
  /** null: blocks of a service that no document tells. */
  readonly destination: AnyCidr | null
  /** Whether it was written as a block: it goes before the same block of a service. */
  readonly isExplicit: boolean
  readonly hop: UserHop
  readonly at: DocumentPath
}

export type UserHop =
  | { readonly kind: 'network' | 'internet' | 'drop' | 'on-premises' }
  | { readonly kind: 'address'; readonly address: AnyAddress }
  | { readonly kind: 'unknown'; readonly why: string }

/** Source: Azure REST API Reference, RouteTable, Route, RouteNextHopType; “Virtual network traffic routing”, User-defined. */
export const lowerUserTable = (item: Item, tags: ServiceTags): Lowered<UserTable> => {
  const hasRoutes = Array.isArray(prop(item.body, 'routes'))
  const read = itemsIn(item.body, 'routes').map(({ body, at }) => lowerUserRoute(body, within(item, at), tags))
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      routes: read.flatMap(({ routes }) => routes),
      propagates: prop(item.body, 'disableBgpRoutePropagation') !== true,
      isOpen: hasRoutes ? null : 'its routes were not read',
    },
    faults: [...read.flatMap(({ faults }) => faults), ...(hasRoutes ? [] : ['its routes were not read'])],
  }
}

export const doubtfulTable = (kept: UserTable): UserTable => ({ ...kept, isOpen: DIFFERS })

const lowerUserRoute = (
  route: Json,
  at: DocumentPath,
  tags: ServiceTags,
): { readonly routes: readonly UserRoute[]; readonly faults: readonly string[] } => {
  const hop = hopOf(route)
  const faults = hop.kind === 'unknown' ? [hop.why] : []
  const written = word(route, 'addressPrefix')
  const open: UserRoute = { destination: null, isExplicit: false, hop, at }
  if (written === null) return { routes: [open], faults: [...faults, 'a route does not say what it is for'] }
  const read = readBlock(written)
  if (read.kind === 'read') return { routes: [{ ...open, destination: read.value, isExplicit: true }], faults }
  const isTag = /^[a-z][a-z0-9._]*$/i.test(written)
  const blocks = isTag ? tags.get(written) : null
  if (blocks !== null) return { routes: blocks.map(destination => ({ ...open, destination })), faults }
  const why = isTag
    ? `a route is for \`${written}\`, whose blocks were not read`
    : `the destination of a route cannot be read: ${read.why}`
  return { routes: [open], faults: [...faults, why] }
}

const hopOf = (route: Json): UserHop => {
  const type = word(route, 'nextHopType')
  switch (type?.toLowerCase()) {
    case 'vnetlocal':
      return { kind: 'network' }
    case 'internet':
      return { kind: 'internet' }
    case 'none':
      return { kind: 'drop' }
    case 'virtualnetworkgateway':
      return { kind: 'on-premises' }
    case 'virtualappliance': {
      const address = addressIn(route, 'nextHopIpAddress')
      return address === null
        ? { kind: 'unknown', why: 'a route to an appliance does not tell an address that can be read' }
        : { kind: 'address', address }
    }
    default:
      return { kind: 'unknown', why: `a route of the type \`${type ?? ''}\` is not evaluated` }
  }
}
