import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estateOf } from '../../sources/kubernetes/testing/estate-of.ts'
import { FABRIC_CHECKS } from '../catalogue.ts'
import { fabricViewOf } from './view.ts'

/**
 * A network of nodes that leaves by a hub and another network’s NAT gateway, with a NAT gateway of its own for one partner and an
 * egress-only gateway for IPv6.
 */
const NETWORK = `
Vpcs:
  - { VpcId: vpc-1, CidrBlock: 10.1.0.0/16, OwnerId: "1", Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8:1::/56", Ipv6CidrBlockState: { State: associated } }] }
  - { VpcId: vpc-2, CidrBlock: 10.2.0.0/16, OwnerId: "1" }
---
Subnets:
  - { SubnetId: subnet-a, VpcId: vpc-1, CidrBlock: 10.1.1.0/24, AvailabilityZone: eu-west-1a, OwnerId: "1", Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8:1:1::/64", Ipv6CidrBlockState: { State: associated } }] }
  - { SubnetId: subnet-pub, VpcId: vpc-1, CidrBlock: 10.1.2.0/24, AvailabilityZone: eu-west-1a, OwnerId: "1" }
  - { SubnetId: subnet-hub, VpcId: vpc-2, CidrBlock: 10.2.1.0/24, AvailabilityZone: eu-west-1a, OwnerId: "1" }
  - { SubnetId: subnet-out, VpcId: vpc-2, CidrBlock: 10.2.2.0/24, AvailabilityZone: eu-west-1a, OwnerId: "1" }
---
RouteTables:
  - RouteTableId: rtb-a
    VpcId: vpc-1
    Associations: [{ SubnetId: subnet-a, AssociationState: { State: associated } }]
    Routes:
      - { DestinationCidrBlock: 10.1.0.0/16, GatewayId: local, Origin: CreateRouteTable, State: active }
      - { DestinationCidrBlock: 0.0.0.0/0, TransitGatewayId: tgw-1, Origin: CreateRoute, State: active }
      - { DestinationCidrBlock: 20.60.0.0/16, NatGatewayId: nat-1, Origin: CreateRoute, State: active }
      - { DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId: eigw-1, Origin: CreateRoute, State: active }
  - RouteTableId: rtb-pub
    VpcId: vpc-1
    Associations: [{ SubnetId: subnet-pub, AssociationState: { State: associated } }]
    Routes: [{ DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1, Origin: CreateRoute, State: active }]
  - RouteTableId: rtb-hub
    VpcId: vpc-2
    Associations: [{ SubnetId: subnet-hub, AssociationState: { State: associated } }]
    Routes: [{ DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-2, Origin: CreateRoute, State: active }]
  - RouteTableId: rtb-out
    VpcId: vpc-2
    Associations: [{ SubnetId: subnet-out, AssociationState: { State: associated } }]
    Routes: [{ DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-2, Origin: CreateRoute, State: active }]
---
InternetGateways:
  - { InternetGatewayId: igw-1, Attachments: [{ VpcId: vpc-1, State: available }] }
  - { InternetGatewayId: igw-2, Attachments: [{ VpcId: vpc-2, State: available }] }
---
EgressOnlyInternetGateways: [{ EgressOnlyInternetGatewayId: eigw-1, Attachments: [{ VpcId: vpc-1, State: attached }] }]
---
NatGateways:
  - { NatGatewayId: nat-1, VpcId: vpc-1, SubnetId: subnet-pub, State: available, ConnectivityType: public, NatGatewayAddresses: [{ PublicIp: 203.0.113.1, PrivateIp: 10.1.2.5 }] }
  - { NatGatewayId: nat-2, VpcId: vpc-2, SubnetId: subnet-out, State: available, ConnectivityType: public, NatGatewayAddresses: [{ PublicIp: 203.0.113.2, PrivateIp: 10.2.2.5 }] }
---
TransitGateways: [{ TransitGatewayId: tgw-1, State: available, OwnerId: "1" }]
---
TransitGatewayVpcAttachments:
  - { TransitGatewayAttachmentId: tgw-attach-1, TransitGatewayId: tgw-1, VpcId: vpc-1, VpcOwnerId: "1", SubnetIds: [subnet-a], State: available }
  - { TransitGatewayAttachmentId: tgw-attach-2, TransitGatewayId: tgw-1, VpcId: vpc-2, VpcOwnerId: "1", SubnetIds: [subnet-hub], State: available }
---
TransitGatewayRouteTableId: tgw-rtb-1
Routes:
  - { DestinationCidrBlock: 0.0.0.0/0, Type: static, State: active, TransitGatewayAttachments: [{ TransitGatewayAttachmentId: tgw-attach-2, ResourceType: vpc, ResourceId: vpc-2 }] }
Associations:
  - { TransitGatewayAttachmentId: tgw-attach-1, ResourceType: vpc, ResourceId: vpc-1, State: associated }
  - { TransitGatewayAttachmentId: tgw-attach-2, ResourceType: vpc, ResourceId: vpc-2, State: associated }
---
NetworkInterfaces:
  - NetworkInterfaceId: eni-1
    SubnetId: subnet-a
    SourceDestCheck: true
    Groups: []
    Attachment: { InstanceId: i-1 }
    PrivateIpAddresses: [{ PrivateIpAddress: 10.1.1.10 }]
    Ipv6Addresses: [{ Ipv6Address: "2001:db8:1:1::10" }]
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { providerID: "aws:///eu-west-1a/i-1" }
status: { addresses: [{ type: InternalIP, address: 10.1.1.10 }] }
`

const found = (more = ''): readonly string[] => {
  const view = fabricViewOf(estateOf({ 'x.yaml': `${NETWORK}${more}` }), '2026-06-01')
  return FABRIC_CHECKS.flatMap(check =>
    ['PST-C003', 'PST-C006', 'PST-C007'].includes(check.id)
      ? [...check.run(view)].map(({ object, says }) => `${check.id} ${object.id.split('/')[1]}: ${says}`)
      : [],
  )
}

const approved = (ids: string): string => `---
apiVersion: postern.dev/v1alpha1
kind: ApprovedExit
metadata: { name: exits }
spec: { ids: [${ids}], owner: team-network }
`

test('where nobody approved anything, a hub is what ways are measured by', () => {
  assert.deepEqual(found(), [
    'PST-C003 rtb-a: from subnets of nodes (`subnet-a`) IPv4 goes by the hub `tgw-1`, and IPv6 straight out by `eigw-1`',
    'PST-C006 rtb-a: from subnets of nodes (`subnet-a`) `20.60.0.0/16` leaves by `nat-1`, while the rest of the internet goes by the hub `tgw-1`',
  ])
})

test('an approved exit behind the hub is the measure, and what is approved beside it is none', () => {
  assert.deepEqual(found(approved('nat-2')), [
    'PST-C003 rtb-a: from subnets of nodes (`subnet-a`) IPv4 goes by the approved exit `exits`, and IPv6 straight out by `eigw-1`',
    'PST-C006 rtb-a: from subnets of nodes (`subnet-a`) `20.60.0.0/16` leaves by `nat-1`, while the rest of the internet goes by the approved exit `exits`',
    'PST-C007 nat-1: subnets of nodes (`subnet-a`) send part of the internet by it, and no ApprovedExit names it',
    'PST-C007 eigw-1: subnets of nodes (`subnet-a`) send most of the internet by it, and no ApprovedExit names it',
  ])
  assert.deepEqual(found(approved('nat-2, nat-1, eigw-1')), [])
  // The hub itself may be what is approved.
  assert.deepEqual(found(approved('tgw-1, nat-1, eigw-1')), [])
})

test('an exit inside a cluster says nothing of gateways', () => {
  assert.deepEqual(found(approved('"*/egress/Deployment/squid"')), found())
})
