import { type Address, type Block, inBlock, readAddress } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'
import {
  addressesOf,
  blockOf,
  blocksOf,
  blocksOfVnet,
  idOf,
  isIn,
  isSame,
  liesIn,
  nicsIn,
  oneAddress,
  type Resource,
  refOf,
  vnetIdOf,
  type World,
} from './documents.ts'
import { gatewayOf, peersOf } from './networks.ts'
import type { Broken } from './types.ts'

/** Where a route leads. `open`: nobody can tell. */
export type Target =
  | { readonly kind: 'local' | 'drop' | 'internet' | 'open' }
  | { readonly kind: 'peer'; readonly network: string }
  | { readonly kind: 'gateway'; readonly id: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'endpoint'; readonly network: string }
  | { readonly kind: 'appliance'; readonly address: Address }

interface Candidate {
  readonly block: Block
  readonly by: 'user' | 'learned' | 'system'
  readonly target: Target
  /** It goes before what is learned, whatever its length. */
  readonly isFirst: boolean
  /** Of a service tag: a written prefix of the same length goes first. */
  readonly isTag?: boolean
}

const RANK = { user: 3, learned: 2, system: 1 }
const OPEN: Target = { kind: 'open' }

/**
 * Every route that may be the one. Longest prefix; of one prefix the user’s, then the learned one, then the platform’s; routes of
 * networks, peers and service endpoints before what is learned. Source: Azure Virtual Network, "Virtual network traffic routing",
 * How Azure selects a route.
 */
export const routed = (world: World, subnet: Resource, to: Address, broken: Broken): readonly Target[] => {
  const vnet = world.byId.get(vnetIdOf(subnet))
  if (vnet === undefined) return [OPEN]
  const table = tableOf(world, subnet)
  if (table === 'unread') {
    // Where its subnet has no policies, no route of a user counts before an endpoint’s.
    const system = systemRoutes(world, vnet, subnet, to, 'any', broken)
    return system === 'open' || !system.some(one => one.target.kind === 'endpoint') ? [OPEN] : best(system, to, broken)
  }
  const user =
    table === null || broken.has('the routes of a user are of its subnet')
      ? []
      : userRoutes(world, vnet, table, to, broken)
  if (user === 'open') return [OPEN]
  const takesLearned =
    at(table ?? undefined, 'disableBgpRoutePropagation') !== true ||
    broken.has('a table may take nothing from gateways')
  const gateway = takesLearned ? gatewayOf(world, vnet, broken) : null
  const system = systemRoutes(world, vnet, subnet, to, user, broken)
  if (system === 'open') return [OPEN]
  const learned: readonly Candidate[] =
    gateway === null || gateway === 'unread'
      ? []
      : gateway.behind.map(block => ({
          block,
          by: 'learned',
          isFirst: false,
          target: { kind: 'gateway', id: gateway.id },
        }))
  const sure = best([...user, ...system, ...learned], to, broken)
  if (gateway === null || (gateway !== 'unread' && gateway.isWhole)) return sure
  // Anything may be learned, but what the platform prefers, and what a user wrote in full.
  const isSafe =
    system.some(one => one.isFirst && inBlock(to, one.block)) ||
    user.some(one => one.block.length >= oneAddress(to).length && inBlock(to, one.block))
  // What is learned more goes to the same gateway.
  const more: Target = gateway === 'unread' ? OPEN : { kind: 'gateway', id: gateway.id }
  return isSafe ? sure : [...sure, more]
}

const best = (all: readonly Candidate[], to: Address, broken: Broken): readonly Target[] => {
  const fitting = all.filter(one => inBlock(to, one.block))
  const isPreferred = fitting.some(one => one.isFirst) && !broken.has('networks and peers before what is learned')
  const counted = fitting.filter(one => !isPreferred || one.by !== 'learned')
  const sorted = counted.toSorted((a, b) => compare(b, a, broken))
  const [first] = sorted
  if (first === undefined) return [{ kind: 'drop' }]
  const equal = sorted.filter(one => compare(one, first, broken) === 0).map(({ target }) => target)
  return [...new Map(equal.map(one => [JSON.stringify(one, asText), one])).values()]
}

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

const compare = (a: Candidate, b: Candidate, broken: Broken): number =>
  (broken.has('the longest prefix') ? 0 : a.block.length - b.block.length) ||
  (broken.has('user before learned before system') ? RANK[b.by] - RANK[a.by] : RANK[a.by] - RANK[b.by]) ||
  Number(b.isTag ?? false) - Number(a.isTag ?? false)

export const tableOf = (world: World, subnet: Resource): Resource | null | 'unread' => {
  const id = refOf(subnet, 'routeTable')
  return id === null ? null : (world.byId.get(id) ?? 'unread')
}

/** Blocks that a route of a user names: a prefix, or those of a service tag; null: of a tag that was not read. */
export const destinationsOf = (world: World, route: Json): readonly Block[] | null => {
  const written = text(at(route, 'addressPrefix')) ?? ''
  const block = blockOf(written)
  return block === null ? (world.tags?.get(written.toLowerCase()) ?? null) : [block]
}

const userRoutes = (
  world: World,
  vnet: Resource,
  table: Resource,
  to: Address,
  broken: Broken,
): readonly Candidate[] | 'open' => {
  const found: Candidate[] = []
  for (const route of list(at(table, 'routes'))) {
    const blocks = destinationsOf(world, route)
    // What a service has is of the internet.
    if (blocks === null && isPrivate(to)) continue
    if (blocks === null) return 'open'
    const isTag = blockOf(at(route, 'addressPrefix')) === null
    for (const block of blocks)
      found.push({ block, by: 'user', isFirst: false, isTag, target: targetOf(world, vnet, route, broken) })
  }
  return found
}

/** Source: "Virtual network traffic routing", User-defined, Next hop types across Azure tools. */
const targetOf = (world: World, vnet: Resource, route: Json, broken: Broken): Target => {
  switch (text(at(route, 'nextHopType'))?.toLowerCase()) {
    case 'vnetlocal':
      return { kind: 'local' }
    case 'internet':
      return { kind: 'internet' }
    case 'none':
      return { kind: 'drop' }
    case 'virtualnetworkgateway': {
      const gateway = gatewayOf(world, vnet, broken)
      return gateway === null ? { kind: 'drop' } : gateway === 'unread' ? OPEN : { kind: 'gateway', id: gateway.id }
    }
    case 'virtualappliance': {
      const address = readAddress(text(at(route, 'nextHopIpAddress')) ?? '')
      return address === null ? OPEN : { kind: 'appliance', address }
    }
    default:
      return OPEN
  }
}

/** Source: "Virtual network traffic routing", Default. */
const DROPPED = blocksOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'])
const isPrivate = (to: Address): boolean => isIn(to, [...DROPPED, ...blocksOf(['fc00::/7'])])
const EVERYTHING = blocksOf(['0.0.0.0/0', '::/0'])

const systemRoutes = (
  world: World,
  vnet: Resource,
  subnet: Resource,
  to: Address,
  user: readonly Candidate[] | 'any',
  broken: Broken,
): readonly Candidate[] | 'open' => {
  const own = blocksOfVnet(vnet)
  const peers = peersOf(world, vnet, broken)
  const system = (block: Block, target: Target, isFirst: boolean): Candidate => ({
    block,
    by: 'system',
    target,
    isFirst,
  })
  const services = broken.has('service endpoints have routes') ? [] : serviceRoutes(world, subnet)
  // Where a tag was not read, an address of the internet may be the service’s.
  if (services === null && !isPrivate(to)) return 'open'
  const endpoints = broken.has('private endpoints have routes')
    ? []
    : endpointRoutes(
        world,
        vnet,
        peers.map(({ network }) => network),
        to,
        user,
        broken,
      )
  return [
    ...own.map(block => system(block, { kind: 'local' }, true)),
    ...peers.flatMap(({ network, blocks }) => blocks.map(block => system(block, { kind: 'peer', network }, true))),
    ...EVERYTHING.map(block => system(block, { kind: 'internet' }, false)),
    ...(broken.has('private blocks are dropped')
      ? []
      : DROPPED.filter(block => own.every(one => one.length !== block.length || !inBlock(one, block))).map(block =>
          system(block, { kind: 'drop' }, false),
        )),
    ...(services ?? []).map(({ block, service }) => system(block, { kind: 'service', service }, true)),
    ...endpoints.map(network => system(oneAddress(to), { kind: 'endpoint', network }, true)),
  ]
}

/** The prefixes of the tag of the service. Source: "Virtual network service tags", note on service endpoints. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['microsoft.storage', 'storage'],
  ['microsoft.keyvault', 'azurekeyvault'],
  ['microsoft.sql', 'sql'],
])
const serviceRoutes = (
  world: World,
  subnet: Resource,
): readonly { readonly block: Block; readonly service: string }[] | null => {
  const named = list(at(subnet, 'serviceEndpoints')).map(one => (text(at(one, 'service')) ?? '').toLowerCase())
  if (named.length === 0) return []
  if (world.tags === null) return null
  return named.flatMap(service =>
    (world.tags?.get(SERVICES.get(service) ?? '') ?? []).map(block => ({ block, service })),
  )
}

/**
 * A private endpoint is a route of one address, in its network and in those beside it; a user’s route counts before it where its
 * subnet has policies for routes and the route is at least as long as the network’s own block.
 * Source: Azure Private Link, "Manage network policies for private endpoints".
 */
const endpointRoutes = (
  world: World,
  vnet: Resource,
  peers: readonly string[],
  to: Address,
  user: readonly Candidate[] | 'any',
  broken: Broken,
): readonly string[] =>
  [idOf(vnet), ...peers].filter(network =>
    nicsIn(world, network).some(nic => {
      if (endpointOf(world, nic) === null || !addressesOf(nic).some(own => isSame(own, to))) return false
      const policies = policiesOf(world, nic)
      const hasPolicies =
        policies === 'enabled' ||
        policies === 'routetableenabled' ||
        broken.has('user routes of private endpoints by policy')
      const other = world.byId.get(network)
      const blocks = other === undefined ? [] : blocksOfVnet(other)
      return !(
        hasPolicies &&
        (user === 'any' ||
          user.some(
            one => inBlock(to, one.block) && blocks.some(own => inBlock(to, own) && liesIn(one.block, own) === 'yes'),
          ))
      )
    }),
  )

/** The private endpoint that an interface is of. */
export const endpointOf = (world: World, nic: Resource): string | null => {
  const told = refOf(nic, 'privateEndpoint')
  if (told !== null) return told
  const found = world.all.find(
    one =>
      idOf(one).split('/').at(-2) === 'privateendpoints' &&
      list(at(one, 'networkInterfaces')).some(part => idOf(part) === idOf(nic)),
  )
  return found === undefined ? null : idOf(found)
}

export const policiesOf = (world: World, nic: Resource): string => {
  const [config] = list(at(nic, 'ipConfigurations'))
  return (
    text(at(world.byId.get(refOf(config, 'subnet') ?? ''), 'privateEndpointNetworkPolicies')) ?? 'disabled'
  ).toLowerCase()
}
