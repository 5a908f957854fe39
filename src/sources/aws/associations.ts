import { at, field, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { Collected } from './collect.ts'
import { idFor, idIn } from './item.ts'

/** Which table and which filters belong to what, as tables and filters tell it. */
export interface Associations {
  /** undefined: none names the subnet. Two names together are a name that nothing has: which one holds, nobody can tell. */
  readonly tableOf: (subnet: string) => string | undefined
  readonly mainTableOf: (network: string) => string | undefined
  readonly aclOf: (subnet: string) => string | undefined
  /** Subnets and networks of which documents tell two. */
  readonly disputed: ReadonlySet<string>
}

/**
 * An association with a gateway is an edge’s and no subnet’s. A table’s association that is gone, or failed, is none.
 * Source: EC2 API Reference, RouteTableAssociation, NetworkAclAssociation; VPC User Guide, “Configure route tables”.
 */
export const associationsIn = (collected: Collected): Associations => {
  const tables: Pair[] = []
  const mains: Pair[] = []
  const acls: Pair[] = []
  for (const { id, body } of collected.in('RouteTables'))
    for (const one of list(field(body, 'Associations'))) {
      if (GONE.includes(text(at(one, 'AssociationState', 'State')) ?? '')) continue
      const subnet = idIn('Subnets', one, 'SubnetId')
      const network = idIn('Vpcs', body, 'VpcId')
      if (subnet !== null) tables.push([subnet, idFor('RouteTables', id)])
      if (isTrue(field(one, 'Main')) && network !== null) mains.push([network, idFor('RouteTables', id)])
    }
  for (const { id, body } of collected.in('NetworkAcls'))
    for (const one of list(field(body, 'Associations'))) {
      const subnet = idIn('Subnets', one, 'SubnetId')
      if (subnet !== null) acls.push([subnet, idFor('NetworkAcls', id)])
    }
  const disputed = new Set<string>()
  const [tableOf, mainTableOf, aclOf] = [tables, mains, acls].map(pairs => settled(pairs, disputed)) as [
    Lookup,
    Lookup,
    Lookup,
  ]
  return { tableOf, mainTableOf, aclOf, disputed }
}

type Pair = readonly [of: string, named: string]
type Lookup = (of: string) => string | undefined

const GONE = ['disassociated', 'failed']

const isTrue = (value: Json | undefined): boolean => value === true

const settled = (pairs: readonly Pair[], disputed: Set<string>): Lookup => {
  const found = new Map<string, string>()
  for (const [of, group] of Map.groupBy(pairs, ([of]) => of)) {
    const names = [...new Set(group.map(([, named]) => named))].sort(compareText)
    if (names.length > 1) disputed.add(of)
    found.set(of, names.join(' or '))
  }
  return of => found.get(of)
}
