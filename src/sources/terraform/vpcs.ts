import type { Json, JsonObject } from '../../model/json.ts'
import { field, text } from '../../model/json.ts'
import type { Linking } from './link.ts'
import { UNTOLD } from './permissions.ts'
import { attributeOf, isTrue, isUnknown, listOf, type Resource, wordOf } from './resource.ts'
import { type Supply, tagsOf } from './supply.ts'
import { idOf, type World } from './world.ts'

/** A network of the plan or the state, with what others ask of it. */
export interface Vpc {
  readonly id: string
  readonly of: Resource
  /** null: one that is not known before it is applied. */
  readonly ranges4: readonly (string | null)[]
  readonly ranges6: readonly (string | null)[]
}

export const vpcsIn = (world: World, linking: Linking, supply: Supply): ReadonlyMap<string, Vpc> => {
  const more4 = associated(world, linking, supply, 'aws_vpc_ipv4_cidr_block_association', 'cidr_block')
  const more6 = associated(world, linking, supply, 'aws_vpc_ipv6_cidr_block_association', 'ipv6_cidr_block')
  const vpcs = new Map<string, Vpc>()
  for (const resource of ['aws_vpc', 'aws_default_vpc'].flatMap(world.ofType).concat(world.dataOf('aws_vpc'))) {
    const id = idOf(resource)
    if (vpcs.has(id)) continue
    const listed = listOf(resource, 'cidr_block_associations').flatMap(one => text(field(one, 'cidr_block')) ?? [])
    const vpc = {
      id,
      of: resource,
      ranges4: [...new Set([...rangeOf(resource, 'cidr_block'), ...listed, ...(more4.get(id) ?? [])])],
      ranges6: [...new Set([...ranges6Of(resource), ...(more6.get(id) ?? [])])],
    }
    vpcs.set(id, vpc)
    supply.put('Vpcs', id, bodyOf(vpc), resource)
  }
  return vpcs
}

/** Source: EC2 API Reference, Vpc. */
const bodyOf = ({ id, of: resource, ranges4, ranges6 }: Vpc): JsonObject => ({
  VpcId: id,
  OwnerId: attributeOf(resource, 'owner_id'),
  CidrBlock: wordOf(resource, 'cidr_block'),
  CidrBlockAssociationSet: ranges4.map(
    (range): Json => ({ CidrBlock: range ?? UNTOLD, CidrBlockState: { State: 'associated' } }),
  ),
  Ipv6CidrBlockAssociationSet: ranges6.map(
    (range): Json => ({ Ipv6CidrBlock: range ?? UNTOLD, Ipv6CidrBlockState: { State: 'associated' } }),
  ),
  ...tagsOf(resource),
})

const rangeOf = (resource: Resource, key: string): readonly (string | null)[] => {
  const word = wordOf(resource, key)
  return word !== null ? [word] : isUnknown(resource, key) ? [null] : []
}

/** A VPC asks for a block of IPv6, or has none, whatever the provider leaves open. Source: AWS provider, `aws_vpc`. */
const ranges6Of = (resource: Resource): readonly (string | null)[] => {
  const asks =
    isTrue(resource, 'assign_generated_ipv6_cidr_block') || attributeOf(resource, 'ipv6_ipam_pool_id') !== null
  const isOpen = isUnknown(resource, 'assign_generated_ipv6_cidr_block') || isUnknown(resource, 'ipv6_ipam_pool_id')
  const word = wordOf(resource, 'ipv6_cidr_block')
  return word !== null ? [word] : isUnknown(resource, 'ipv6_cidr_block') && (asks || isOpen) ? [null] : []
}

/** Blocks that are resources of their own. */
const associated = (
  world: World,
  linking: Linking,
  supply: Supply,
  type: string,
  key: string,
): ReadonlyMap<string, readonly (string | null)[]> => {
  const found = new Map<string, (string | null)[]>()
  for (const resource of world.ofType(type)) {
    const vpc = linking.link(resource, 'vpc_id', 'vpc')
    supply.part(resource, vpc.kind === 'open' ? [vpc.why] : [])
    if (vpc.kind !== 'none')
      for (const { id } of vpc.kind === 'id' ? [vpc] : vpc.among) {
        const ranges = found.get(id) ?? []
        found.set(id, ranges)
        ranges.push(vpc.kind === 'id' ? (wordOf(resource, key) ?? null) : null)
      }
  }
  return found
}
