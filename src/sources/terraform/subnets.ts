import type { Json } from '../../model/json.ts'
import type { Linking } from './link.ts'
import { UNTOLD } from './permissions.ts'
import { isUnknown, type Resource, wordOf } from './resource.ts'
import { type Supply, tagsOf } from './supply.ts'
import { idOf, type World } from './world.ts'

export interface SubnetOf {
  readonly id: string
  readonly of: Resource
  readonly vpc: string | null
}

/** Source: AWS provider, `aws_subnet`; EC2 API Reference, Subnet. */
export const subnetsIn = (world: World, linking: Linking, supply: Supply): ReadonlyMap<string, SubnetOf> => {
  const subnets = new Map<string, SubnetOf>()
  for (const resource of ['aws_subnet', 'aws_default_subnet']
    .flatMap(world.ofType)
    .concat(world.dataOf('aws_subnet'))) {
    const id = idOf(resource)
    if (subnets.has(id)) continue
    const link = linking.link(resource, 'vpc_id', 'vpc')
    if (link.kind === 'open') supply.say(resource, link.why)
    const vpc = link.kind === 'id' ? link.id : null
    subnets.set(id, { id, of: resource, vpc })
    const [range, range6] = [wordOf(resource, 'cidr_block'), wordOf(resource, 'ipv6_cidr_block')]
    supply.put(
      'Subnets',
      id,
      {
        SubnetId: id,
        VpcId: vpc,
        OwnerId: wordOf(resource, 'owner_id'),
        AvailabilityZone: wordOf(resource, 'availability_zone'),
        // A block that is not known yet is there, and none can read it.
        ...(range !== null || isUnknown(resource, 'cidr_block') ? { CidrBlock: range ?? UNTOLD } : {}),
        Ipv6CidrBlockAssociationSet:
          range6 !== null || isUnknown(resource, 'ipv6_cidr_block')
            ? [{ Ipv6CidrBlock: range6 ?? UNTOLD, Ipv6CidrBlockState: { State: 'associated' } } as Json]
            : [],
        ...tagsOf(resource),
      },
      resource,
    )
  }
  return subnets
}
