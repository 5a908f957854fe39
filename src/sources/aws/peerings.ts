import type { Peering } from '../../model/fabric.ts'
import { at, field, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { cidrIn, cloudObject, type Item, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'

/**
 * Both ends are named, whether the other network was read or not. Only an active one lets anything pass.
 * Source: EC2 API Reference, VpcPeeringConnection, VpcPeeringConnectionStateReason; VPC Peering Guide, “VPC peering connection lifecycle”.
 */
export const lowerPeering = (item: Item): Lowered<Peering> => {
  const object = cloudObject('VpcPeeringConnections', item)
  const ends = ['RequesterVpcInfo', 'AccepterVpcInfo'].map(key => field(item.body, key))
  const [one, other] = ends.map(end => idIn('Vpcs', end, 'VpcId')).toSorted((a, b) => compareText(a ?? '', b ?? ''))
  const status = text(at(item.body, 'Status', 'Code'))
  const isWhole = typeof one === 'string' && typeof other === 'string'
  return {
    id: object.id,
    item,
    value: isWhole
      ? {
          ...object,
          account: ofBoth(ends.map(end => wordIn(end, 'OwnerId'))),
          region: ofBoth(ends.map(end => wordIn(end, 'Region'))),
          networks: [one, other],
          ranges: ends.flatMap(rangesOf),
          takesForwarded: [],
          isUp: status === undefined || status === 'active',
        }
      : null,
    faults: [
      ...(isWhole ? [] : ['it does not name both of its VPCs']),
      ...(status === undefined ? ['its status is not told'] : []),
    ],
  }
}

/** Blocks that cannot be read are no reason to doubt: they only say where something may be. */
const rangesOf = (end: Json | undefined): readonly AnyCidr[] => {
  const sets = [...list(field(end, 'CidrBlockSet')), ...list(field(end, 'Ipv6CidrBlockSet'))]
  return [end, ...sets].flatMap(one =>
    ['CidrBlock', 'Ipv6CidrBlock'].flatMap(key => {
      const read = cidrIn(one, key)
      return read.kind === 'read' ? [read.value] : []
    }),
  )
}

/** What both ends have in common; null where they differ. */
const ofBoth = ([one, other]: readonly (string | null)[]): string | null => (one === other ? (one ?? null) : null)
