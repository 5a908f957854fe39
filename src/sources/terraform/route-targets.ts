import type { NextHop } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { idFor } from '../aws/item.ts'
import type { CollectionName } from '../aws/schema.ts'
import type { Link, Named } from './link.ts'
import type { NounName } from './nouns.ts'
import type { Supply } from './supply.ts'

/** What a route may lead to: as Terraform writes it, as AWS does, and what it names. */
export const TARGETS = [
  ['gateway_id', 'GatewayId', 'gateway'],
  ['nat_gateway_id', 'NatGatewayId', 'nat-gateway'],
  ['egress_only_gateway_id', 'EgressOnlyInternetGatewayId', 'egress-only-gateway'],
  ['transit_gateway_id', 'TransitGatewayId', 'transit-gateway'],
  ['vpc_peering_connection_id', 'VpcPeeringConnectionId', 'peering'],
  ['vpc_endpoint_id', 'GatewayId', 'endpoint'],
  ['network_interface_id', 'NetworkInterfaceId', 'interface'],
  ['instance_id', 'InstanceId', 'instance'],
] as const satisfies readonly (readonly [string, string, NounName])[]

/** Targets that are named and not evaluated. */
export const OTHER_TARGETS = [
  ['carrier_gateway_id', 'CarrierGatewayId'],
  ['local_gateway_id', 'LocalGatewayId'],
  ['core_network_arn', 'CoreNetworkArn'],
  ['odb_network_arn', 'OdbNetworkArn'],
] as const

/** Kinds of hops by the type that a target has no id of yet. */
const HOPS: Readonly<Record<string, readonly ['gateway' | 'peering' | 'interface', CollectionName]>> = {
  aws_internet_gateway: ['gateway', 'InternetGateways'],
  aws_vpn_gateway: ['gateway', 'VpnGateways'],
  aws_nat_gateway: ['gateway', 'NatGateways'],
  aws_egress_only_internet_gateway: ['gateway', 'EgressOnlyInternetGateways'],
  aws_ec2_transit_gateway: ['gateway', 'TransitGateways'],
  aws_vpc_endpoint: ['gateway', 'VpcEndpoints'],
  aws_vpc_peering_connection: ['peering', 'VpcPeeringConnections'],
  aws_network_interface: ['interface', 'NetworkInterfaces'],
}

/** The field of a route for its target; `token` stands there where nobody can tell which it is. */
export const targetField = (link: Link, awsKey: string, token: string, supply: Supply): JsonObject => {
  switch (link.kind) {
    case 'none':
      return {}
    case 'id':
      leadTo(link, awsKey, supply)
      return { [awsKey]: link.id }
    case 'open':
      supply.lead(token, openHop(link.why))
      return { [awsKey === 'InstanceId' ? 'GatewayId' : awsKey]: token }
  }
}

/** An id that AWS gave tells what it is; an address does not. */
const leadTo = ({ id, of: resource }: Named, awsKey: string, supply: Supply): void => {
  if (resource === null) {
    if (awsKey === 'NetworkInterfaceId' && id.includes('.'))
      supply.lead(id, { kind: 'interface', id: idFor('NetworkInterfaces', id) })
    return
  }
  const hop = Object.hasOwn(HOPS, resource.type) ? HOPS[resource.type] : undefined
  if (hop !== undefined && id === resource.address) supply.lead(id, { kind: hop[0], id: idFor(hop[1], id) })
}

export const openHop = (why: string): NextHop => ({ kind: 'unknown', id: null, why, settledBy: APPLIED })

export const APPLIED = 'the state once the plan is applied, or the output of the AWS command line'
