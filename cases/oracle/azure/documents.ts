import { type Address, type Block, inBlock, readAddress, readBlock } from '../ip.ts'
import { at, isList, isObject, list, text } from '../json.ts'
import type { Json, Tri } from '../types.ts'

/** Printed resources, one each, and the ranges of service tags. */
export type Bodies = readonly Json[]

/** A resource or a part of one, without `properties` around what it says. */
export type Resource = { readonly [key: string]: Json }

export interface World {
  readonly all: readonly Resource[]
  /** By id in small letters. */
  readonly byId: ReadonlyMap<string, Resource>
  /** Blocks by the name of a tag in small letters; null: not read. */
  readonly tags: ReadonlyMap<string, readonly Block[]> | null
  /** What a gateway learned, by its id. */
  readonly learned: ReadonlyMap<string, readonly Json[]>
}

/** The API prints what a resource says under `properties`, the command line beside its id. */
const flat = (value: Json): Json => {
  if (isList(value)) return value.map(flat)
  if (!isObject(value)) return value
  const { properties, ...rest } = value
  const inside = isObject(properties) ? properties : {}
  return Object.fromEntries(Object.entries({ ...rest, ...inside }).map(([key, part]) => [key, flat(part)]))
}

export const worldOf = (bodies: Bodies): World => {
  const flattened = bodies.map(flat)
  const tagged = flattened.find(one => at(one, 'cloud') !== undefined && at(one, 'values') !== undefined)
  const all = flattened.filter((one): one is Resource => text(at(one, 'id')) !== undefined && one !== tagged)
  const withParts = all.flatMap(one => [one, ...partsOf(one)])
  return {
    all: withParts,
    byId: new Map(withParts.map(one => [idOf(one), one])),
    tags:
      tagged === undefined
        ? null
        : new Map(
            list(at(tagged, 'values')).map(one => [
              (text(at(one, 'name')) ?? '').toLowerCase(),
              blocksOf(list(at(one, 'addressPrefixes'))),
            ]),
          ),
    learned: new Map(
      flattened.flatMap(one => {
        const gateway = text(at(one, 'virtualNetworkGateway'))
        return gateway === undefined ? [] : [[gateway.toLowerCase(), list(at(one, 'value'))] as const]
      }),
    ),
  }
}

/** Subnets stand in their network. */
const partsOf = (one: Resource): readonly Resource[] =>
  list(at(one, 'subnets')).filter(
    (part): part is Resource =>
      isObject(part) &&
      at(part, 'addressPrefix', 'x') === undefined &&
      (at(part, 'addressPrefix') !== undefined || at(part, 'addressPrefixes') !== undefined),
  )

export const idOf = (one: Json | undefined): string => (text(at(one, 'id')) ?? '').toLowerCase()
/** The id that a field refers to, in small letters; null: it refers to nothing. */
export const refOf = (one: Json | undefined, ...path: readonly string[]): string | null =>
  text(at(one, ...path, 'id'))?.toLowerCase() ?? null
export const nameOf = (id: string): string => id.split('/').at(-1) ?? ''

/** Of a type, as it stands in an id: `virtualnetworks`. */
export const ofType = (world: World, type: string): readonly Resource[] =>
  world.all.filter(one => idOf(one).split('/').at(-2) === type)

export const blocksOf = (values: readonly (Json | undefined)[]): readonly Block[] =>
  values.map(value => blockOf(value)).filter(one => one !== null)

export const blockOf = (value: Json | undefined): Block | null => {
  const written = text(value) ?? ''
  const single = readAddress(written)
  return single === null ? readBlock(written) : oneAddress(single)
}

export const oneAddress = (address: Address): Block => ({ ...address, length: address.family === 4 ? 32 : 128 })
export const isIn = (address: Address, blocks: readonly Block[]): boolean => blocks.some(one => inBlock(address, one))
/** Whether all, some or none of the addresses of one block lie in another. */
export const liesIn = (inner: Block, outer: Block): Tri => {
  if (inner.family !== outer.family) return 'no'
  if (inner.length >= outer.length) return inBlock(inner, outer) ? 'yes' : 'no'
  return inBlock(outer, inner) ? 'unknown' : 'no'
}
export const isSame = (a: Address, b: Address): boolean => a.family === b.family && a.bits === b.bits

/** One block, or several where there are two families. Source: REST API, Subnet: addressPrefix, addressPrefixes. */
export const blocksOfSubnet = (subnet: Resource): readonly Block[] =>
  blocksOf([at(subnet, 'addressPrefix'), ...list(at(subnet, 'addressPrefixes'))])
export const blocksOfVnet = (vnet: Resource): readonly Block[] =>
  blocksOf(list(at(vnet, 'addressSpace', 'addressPrefixes')))
/** The network of a subnet, by its id. */
export const vnetIdOf = (subnet: Resource): string => idOf(subnet).split('/subnets/')[0] ?? ''

export const configsOf = (nic: Resource): readonly Json[] => list(at(nic, 'ipConfigurations'))
export const addressesOf = (nic: Resource): readonly Address[] =>
  configsOf(nic).flatMap(
    one => readAddress(text(at(one, 'privateIPAddress') ?? at(one, 'privateIpAddress')) ?? '') ?? [],
  )
export const subnetIdOf = (nic: Resource): string => configsOf(nic).flatMap(one => refOf(one, 'subnet') ?? [])[0] ?? ''
export const nicsIn = (world: World, vnet: string): readonly Resource[] =>
  ofType(world, 'networkinterfaces').filter(nic => subnetIdOf(nic).startsWith(`${vnet}/subnets/`))
export const nicsAt = (world: World, vnet: string, address: Address): readonly Resource[] =>
  nicsIn(world, vnet).filter(nic => addressesOf(nic).some(own => isSame(own, address)))
/** Applications that an interface takes part in. */
export const applicationsOf = (nic: Resource): readonly string[] =>
  configsOf(nic).flatMap(one => list(at(one, 'applicationSecurityGroups')).map(idOf))

/** The text of a public address; null: it was not read. */
export const publicText = (world: World, id: string): string | null => text(at(world.byId.get(id), 'ipAddress')) ?? null
