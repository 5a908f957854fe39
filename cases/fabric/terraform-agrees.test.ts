import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fabric } from '../../src/model/fabric.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { awsFabric } from '../../src/sources/aws/fabric.ts'
import { documentsOf } from '../../src/sources/aws/testing/reading-of.ts'
import { afterOf, planOf, stateOf, there } from '../../src/sources/terraform/testing/plan-of.ts'
import { base } from './aws.ts'

// One network, told twice: by the state that made it and by the command line. Each says what the other does.

const STATE = {
  'aws_vpc.v': there({
    id: 'vpc-1',
    owner_id: '111111111111',
    cidr_block: '10.0.0.0/16',
    ipv6_cidr_block: '2001:db8:0:100::/56',
    main_route_table_id: 'rtb-main',
    default_route_table_id: 'rtb-main',
  }),
  ...Object.fromEntries(
    ['public', 'private', 'plain'].map((name, i) => [
      `aws_subnet.${name}`,
      there({
        id: `subnet-${name}`,
        vpc_id: 'vpc-1',
        cidr_block: `10.0.${i + 1}.0/24`,
        ipv6_cidr_block: `2001:db8:0:10${i + 1}::/64`,
        availability_zone: 'eu-west-1a',
      }),
    ]),
  ),
  'aws_default_route_table.main': there({
    id: 'rtb-main',
    vpc_id: 'vpc-1',
    default_route_table_id: 'rtb-main',
    route: [],
  }),
  'aws_route_table.public': there({
    id: 'rtb-public',
    vpc_id: 'vpc-1',
    route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1', nat_gateway_id: '' }],
  }),
  // The provider mirrors in tables and groups what resources of their own put there.
  'aws_route_table.private': there({
    id: 'rtb-private',
    vpc_id: 'vpc-1',
    route: [{ cidr_block: '0.0.0.0/0', nat_gateway_id: 'nat-1', gateway_id: '' }],
  }),
  'aws_route.private': there({
    route_table_id: 'rtb-private',
    destination_cidr_block: '0.0.0.0/0',
    nat_gateway_id: 'nat-1',
    gateway_id: '',
  }),
  'aws_route_table_association.public': there({ subnet_id: 'subnet-public', route_table_id: 'rtb-public' }),
  'aws_route_table_association.private': there({ subnet_id: 'subnet-private', route_table_id: 'rtb-private' }),
  'aws_internet_gateway.g': there({ id: 'igw-1', vpc_id: 'vpc-1' }),
  'aws_nat_gateway.n': there({
    id: 'nat-1',
    subnet_id: 'subnet-public',
    connectivity_type: 'public',
    public_ip: '198.51.100.1',
    private_ip: '10.0.1.5',
  }),
  'aws_security_group.g': there({
    id: 'sg-1',
    vpc_id: 'vpc-1',
    egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'], ipv6_cidr_blocks: ['::/0'] }],
    ingress: [{ protocol: '-1', from_port: 0, to_port: 0, self: true }],
  }),
  'aws_security_group_rule.in': there({
    type: 'ingress',
    security_group_id: 'sg-1',
    protocol: '-1',
    from_port: 0,
    to_port: 0,
    self: true,
  }),
  'aws_network_acl.a': there({
    id: 'acl-1',
    vpc_id: 'vpc-1',
    subnet_ids: ['subnet-public', 'subnet-private', 'subnet-plain'],
    egress: [{ rule_no: 100, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, cidr_block: '0.0.0.0/0' }],
    ingress: [{ rule_no: 100, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, cidr_block: '0.0.0.0/0' }],
  }),
  ...Object.fromEntries(
    ['public', 'private', 'plain'].map((name, i) => [
      `aws_instance.${name}`,
      there({
        id: `i-${name}`,
        subnet_id: `subnet-${name}`,
        primary_network_interface_id: `eni-${name}`,
        private_ip: `10.0.${i + 1}.10`,
        public_ip: name === 'public' ? '198.51.100.10' : '',
        vpc_security_group_ids: ['sg-1'],
        source_dest_check: true,
        ipv6_addresses: [],
      }),
    ]),
  ),
}

/** Without the place where it is said, and what accounts and regions are told of beside it. */
// The outputs that are compared tell of interfaces, and of no machine itself.
const content = (fabric: Fabric): unknown =>
  JSON.parse(
    JSON.stringify({ ...fabric, machines: [] }, (key, value: unknown) =>
      ['origin', 'at', 'account', 'region', 'name'].includes(key) ? undefined : value,
    ),
  )

const described = content(
  awsFabric(documentsOf(...Object.entries(base()).map(([key, list]) => ({ [key]: list }) as unknown as JsonObject)))
    .fabric,
)

test('a state says what the command line says', () => {
  const reading = afterOf(stateOf(STATE))
  assert.deepEqual(reading.notes, [])
  assert.deepEqual(content(reading.fabric), described)
})

test('and so does a plan that changes nothing', () => {
  assert.deepEqual(content(afterOf(planOf(STATE, {}, STATE)).fabric), described)
})
