import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withInbound } from '../../src/app/inbound.ts'
import { inventoryOf } from '../../src/inventory/inventory.ts'
import type { ReachedFrom } from '../../src/model/inventory.ts'
import { loaded } from '../reach/estate.ts'
import { base, type Output, subnet } from './aws.ts'

// Who reaches a node port through the network. What a group lets in and where replies go decide; both are written out by hand.

const node = (name: string, machine: string, address: string): string =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nspec: { providerID: "aws:///eu-west-1a/${machine}" }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`

const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30080, protocol: TCP }] }\n---\n'

const ON_PUBLIC = node('n1', 'i-public', '10.0.1.10')
const ON_PRIVATE = node('n1', 'i-private', '10.0.2.10')

const reached = (output: Output, nodes: string): readonly ReachedFrom[] | null => {
  const files = Object.entries(output).map(([key, list]): [string, string] => [
    `${key}.json`,
    JSON.stringify({ [key]: list }),
  ])
  const { estate } = loaded({ 'c.yaml': `${SERVICE}${nodes}`, ...Object.fromEntries(files) })
  const [cluster] = withInbound(inventoryOf(estate), estate).clusters
  const [service] = cluster?.services ?? []
  assert.ok(service !== undefined)
  return service.reachedFrom
}

/** The base, whose group lets in what is told. */
const lettingIn = (permission: object, more: Output = {}): Output => ({
  ...base(),
  SecurityGroups: [{ ...base()['SecurityGroups']?.[0], IpPermissions: [permission] }],
  ...more,
})

const tcp = (from: number, to: number, block: string): object => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  IpRanges: [{ CidrIp: block }],
})

/** A second network, 10.9.0.0/16, beside the first. */
const PEERED: Output = {
  Vpcs: [
    ...(base()['Vpcs'] ?? []),
    {
      VpcId: 'vpc-2',
      OwnerId: '111111111111',
      CidrBlock: '10.9.0.0/16',
      CidrBlockAssociationSet: [{ CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'associated' } }],
    },
  ],
  Subnets: [...(base()['Subnets'] ?? []), subnet('there', 1, 'vpc-2')],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      AccepterVpcInfo: { VpcId: 'vpc-2', CidrBlock: '10.9.0.0/16' },
    },
  ],
  RouteTables: [
    ...(base()['RouteTables'] ?? []),
    {
      RouteTableId: 'rtb-there',
      VpcId: 'vpc-2',
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '10.9.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
        {
          DestinationCidrBlock: '10.0.0.0/16',
          VpcPeeringConnectionId: 'pcx-1',
          Origin: 'CreateRoute',
          State: 'active',
        },
      ],
    },
  ],
  NetworkAcls: [
    ...(base()['NetworkAcls'] ?? []),
    {
      NetworkAclId: 'acl-there',
      VpcId: 'vpc-2',
      Associations: [{ SubnetId: 'subnet-there' }],
      Entries: [true, false].map(Egress => ({
        RuleNumber: 100,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress,
        CidrBlock: '0.0.0.0/0',
      })),
    },
  ],
}

describe('who reaches a node port', () => {
  test('nobody, where the group lets its own members in alone', () => {
    assert.deepEqual(reached(base(), ON_PUBLIC), [])
  })
  test('the internet, where the node has a public address and the group is open', () => {
    const from = reached(lettingIn(tcp(30000, 32767, '0.0.0.0/0')), ON_PUBLIC)
    assert.deepEqual(
      from?.map(({ from: kind, id, verdict, nodes }) => [kind, id, verdict, nodes]),
      [['internet', 'aws:internet-gateway/igw-1', 'allowed', 1]],
    )
  })
  test('a part of the internet, where the group lets that in', () => {
    const from = reached(lettingIn(tcp(30000, 32767, '198.18.0.0/24')), ON_PUBLIC)
    assert.deepEqual(
      from?.map(({ ranges }) => ranges),
      [['198.18.0.0-198.18.0.255']],
    )
  })
  test('nobody, where the group is open for other ports', () => {
    assert.deepEqual(reached(lettingIn(tcp(443, 443, '0.0.0.0/0')), ON_PUBLIC), [])
  })
  test('nobody from the internet, where the node has no public address', () => {
    assert.deepEqual(reached(lettingIn(tcp(30000, 32767, '0.0.0.0/0')), ON_PRIVATE), [])
  })
  test('the network beside it, where the group lets its addresses in', () => {
    const from = reached(lettingIn(tcp(30000, 32767, '10.9.0.0/16'), PEERED), ON_PRIVATE)
    assert.deepEqual(
      from?.map(({ from: kind, id, ranges, verdict }) => [kind, id, ranges, verdict]),
      [['network', 'aws:vpc/vpc-2', ['10.9.1.0-10.9.1.255'], 'allowed']],
    )
  })
  test('not known where no document shows the node', () => {
    assert.equal(reached(base(), node('n1', 'i-other', '10.0.7.7')), null)
    assert.equal(reached({}, ON_PUBLIC), null)
  })
})
