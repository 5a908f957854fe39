import type { Supplied } from '../aws/collect.ts'
import { putElasticAddresses } from './elastic-addresses.ts'
import { putEndpoints } from './endpoints.ts'
import { putGateways, putNatGateways } from './gateways.ts'
import { putInterfaces } from './interfaces.ts'
import { linkingIn } from './links.ts'
import { putNetworkAcls } from './network-acls.ts'
import { putPeerings } from './peerings.ts'
import { putPrefixLists } from './prefix-lists.ts'
import type { Resource } from './resource.ts'
import { putSecurityGroups } from './security-groups.ts'
import { subnetsIn } from './subnets.ts'
import { supply as newSupply, tagsOf } from './supply.ts'
import { leaveOthers } from './support.ts'
import { putAssociations, sameSubnets } from './table-links.ts'
import { putRoutes } from './table-parts.ts'
import { type Around, tablesIn, withLocalRoutes } from './tables.ts'
import { putTransit } from './transit.ts'
import { vpcsIn } from './vpcs.ts'
import { idOf, type World } from './world.ts'

/**
 * What resources come to once they are there, in the form that the command line of AWS prints: those who read that read this, so that a
 * plan and a snapshot agree. `before`: the state that a plan starts from; of a state, itself.
 */
export const suppliedBy = (world: World, resources: readonly Resource[], before: World): Supplied => {
  const supply = newSupply()
  const linking = linkingIn(world)
  const vpcs = vpcsIn(world, linking, supply)
  const subnets = subnetsIn(world, linking, supply)
  const around: Around = { world, linking, supply, before, vpcs }
  putPrefixLists(around)
  const tables = tablesIn(around)
  putEndpoints(around, tables)
  putRoutes(around, tables)
  putAssociations(around, tables, subnets)
  const aclOf = putNetworkAcls(around, subnets)
  for (const table of tables.values()) {
    const { id, of: resource, vpc, associations } = table
    const Routes = withLocalRoutes(table, vpcs)
    // What nobody manages has the place of its VPC, and not its name.
    const named = idOf(resource) === id ? tagsOf(resource) : {}
    supply.put(
      'RouteTables',
      id,
      { RouteTableId: id, VpcId: vpc, Associations: associations, Routes, ...named },
      resource,
    )
  }
  putGateways(around)
  putNatGateways(around, subnets, sameSubnets(tables, subnets, aclOf))
  putPeerings(around)
  putSecurityGroups(around)
  putElasticAddresses(around)
  putInterfaces(around, subnets)
  putTransit(around)
  putPublicAccess(around)
  leaveOthers(resources, supply)
  return supply.all()
}

/** Of an account and a region that the plan does not name. Source: AWS provider, `aws_vpc_block_public_access_options`. */
const putPublicAccess = ({ world, supply }: Around): void => {
  for (const resource of world.ofType('aws_vpc_block_public_access_options')) {
    const isOff = resource.values['internet_gateway_block_mode'] === 'off'
    supply.part(resource, isOff ? [] : [BLOCKED])
    if (!isOff) supply.block()
  }
}

const BLOCKED =
  'VPC Block Public Access is on: what its exclusions let through is not evaluated, and ways through internet gateways are open'
