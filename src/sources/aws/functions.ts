import type { ManagedWorkload, NetworkInterface } from '../../model/fabric.ts'
import { field, isObject, type Json } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { arnObject } from './arns.ts'
import type { Collected } from './collect.ts'
import { doubtOf } from './filter-rule.ts'
import type { Item } from './item.ts'
import { DIFFERS, differing, type Lowered } from './lowered.ts'
import { idsIn, sendingInto } from './managed-interfaces.ts'

/** A workload with the interfaces that stand for those it has. */
export interface Placed {
  readonly workload: Lowered<ManagedWorkload>
  readonly interfaces: readonly NetworkInterface[]
}

/**
 * A function that names subnets sends everything by them, with private addresses alone; of IPv6 only where it is allowed to. One that
 * names none leaves by the provider. Source: Lambda API Reference, FunctionConfiguration, VpcConfigResponse; Lambda Developer Guide,
 * “Giving Lambda functions access to resources in an Amazon VPC”, “Enable internet access for VPC-connected Lambda functions”.
 */
export const functionsIn = (collected: Collected): readonly Placed[] => {
  const items = collected.in('Functions')
  const disputed = differing(items, ({ body }) => [field(body, 'VpcConfig'), field(body, 'CapacityProviderConfig')])
  return items.map(item => lowerFunction(item, disputed.has(item.id)))
}

const lowerFunction = (item: Item, isDisputed: boolean): Placed => {
  const object = arnObject('Functions', item, 'FunctionName')
  const config = field(item.body, 'VpcConfig')
  const subnets = idsIn(config, 'SubnetIds')
  const groups = idsIn(config, 'SecurityGroupIds')
  const isPinned = subnets.ids.length > 0
  const untold: readonly Family[] = field(config, 'Ipv6AllowedForDualStack') === true ? [4, 6] : [4]
  const why = [
    ...(isDisputed ? [DIFFERS] : []),
    ...(isAbsent(config) || (isObject(config) && (isAbsent(field(config, 'SubnetIds')) || subnets.isWhole))
      ? []
      : ['which subnets it sends into cannot be read']),
    ...(isObject(field(item.body, 'CapacityProviderConfig'))
      ? ['it runs on machines of a capacity provider, whose network was not read']
      : []),
  ]
  const faults = isPinned && (!groups.isWhole || groups.ids.length === 0) ? ['its security groups were not read'] : []
  return {
    workload: {
      id: object.id,
      item,
      value: {
        ...object,
        kind: 'function',
        pinned: isPinned ? bothFamilies.full : bothFamilies.empty,
        doubts: why.map(doubtOf),
      },
      faults: [...why, ...faults],
    },
    interfaces: subnets.ids.map(subnet =>
      sendingInto(object, subnet, { groups: groups.isWhole ? groups.ids : null, untold }),
    ),
  }
}

const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null
