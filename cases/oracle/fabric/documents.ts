import { type Address, type Block, inBlock, readAddress, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json, Tri } from '../types.ts'

/** Saved bodies of the command line, each an object with its list under a key of its own. */
export type Bodies = readonly Json[]

/** All objects under a key, of every body that has it. */
export const allOf = (bodies: Bodies, key: string): readonly Json[] => bodies.flatMap(body => list(at(body, key)))

export const named = (bodies: Bodies, key: string, idKey: string, id: string): Json | undefined =>
  allOf(bodies, key).find(one => at(one, idKey) === id)

/** What is neither told nor wrong counts as there. */
export const isState = (state: Json | undefined, ...fine: readonly string[]): boolean =>
  state === undefined || fine.some(one => one === state)

export const blockOf = (value: Json | undefined): Block | null => readBlock(text(value) ?? '')

export const blocksOf = (values: readonly (Json | undefined)[]): readonly Block[] =>
  values.map(blockOf).filter(one => one !== null)

/**
 * A network’s blocks of both families, as it or a peering tells them. Source: EC2 API, Vpc: CidrBlockAssociationSet,
 * Ipv6CidrBlockAssociationSet; VpcPeeringConnectionVpcInfo: CidrBlockSet, Ipv6CidrBlockSet.
 */
export const blocksOfVpc = (vpc: Json): readonly Block[] => {
  const four = list(at(vpc, 'CidrBlockAssociationSet'))
    .filter(one => isState(at(one, 'CidrBlockState', 'State'), 'associated'))
    .map(one => at(one, 'CidrBlock'))
  const told = [
    ...list(at(vpc, 'CidrBlockSet')).map(one => at(one, 'CidrBlock')),
    ...list(at(vpc, 'Ipv6CidrBlockSet')).map(one => at(one, 'Ipv6CidrBlock')),
  ]
  return blocksOf([at(vpc, 'CidrBlock'), ...four, ...sixOf(vpc), ...told])
}

export const blocksOfSubnet = (subnet: Json): readonly Block[] => blocksOf([at(subnet, 'CidrBlock'), ...sixOf(subnet)])

const sixOf = (one: Json): readonly (Json | undefined)[] =>
  list(at(one, 'Ipv6CidrBlockAssociationSet'))
    .filter(block => isState(at(block, 'Ipv6CidrBlockState', 'State'), 'associated'))
    .map(block => at(block, 'Ipv6CidrBlock'))

export const isIn = (address: Address, blocks: readonly Block[]): boolean => blocks.some(one => inBlock(address, one))

/** Whether all, some or none of the addresses of one block lie in another. */
export const liesIn = (inner: Block, outer: Block): Tri => {
  if (inner.family !== outer.family) return 'no'
  if (inner.length >= outer.length) return inBlock(inner, outer) ? 'yes' : 'no'
  return inBlock(outer, inner) ? 'unknown' : 'no'
}

export const oneAddress = (address: Address): Block => ({ ...address, length: address.family === 4 ? 32 : 128 })

/** The blocks of a prefix list; null: it was not read. Source: EC2 API, PrefixList and GetManagedPrefixListEntries. */
export const blocksOfPrefixList = (bodies: Bodies, id: string): readonly Block[] | null => {
  const provider = named(bodies, 'PrefixLists', 'PrefixListId', id)
  if (provider !== undefined) return blocksOf(list(at(provider, 'Cidrs')))
  const wrapped = bodies.find(body => at(body, 'PrefixListId') === id && at(body, 'Entries') !== undefined)
  return wrapped === undefined ? null : blocksOf(list(at(wrapped, 'Entries')).map(entry => at(entry, 'Cidr')))
}

/** The private addresses of an interface, of both families. */
export const addressesOf = (one: Json): readonly Address[] =>
  [
    ...list(at(one, 'PrivateIpAddresses')).map(address => at(address, 'PrivateIpAddress')),
    ...list(at(one, 'Ipv6Addresses')).map(address => at(address, 'Ipv6Address')),
  ]
    .map(address => readAddress(text(address) ?? ''))
    .filter(address => address !== null)

export const groupsOf = (one: Json): readonly string[] =>
  list(at(one, 'Groups')).flatMap(group => text(at(group, 'GroupId')) ?? [])

/** The interfaces that have an address in a network, as far as they were read. */
export const interfacesAt = (bodies: Bodies, vpc: string, address: Address): readonly Json[] =>
  allOf(bodies, 'NetworkInterfaces').filter(
    one => at(one, 'VpcId') === vpc && addressesOf(one).some(own => isIn(own, [oneAddress(address)])),
  )
