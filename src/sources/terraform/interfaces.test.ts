import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { printAddress } from '../../sets/cidr.ts'
import type { AwsReading } from '../aws/fabric.ts'
import { afterOf, made, type Planned, planOf, refs, stateOf, there } from './testing/plan-of.ts'

/** Interfaces: whose, addresses, what the world sees, groups. */
const shown = ({ fabric }: AwsReading): readonly string[] =>
  fabric.interfaces.map(({ id, of, addresses, publicAddresses, filters, forwards }) =>
    [
      id.replace('aws:network-interface/', ''),
      of?.replace('aws:instance/', '') ?? '-',
      addresses.map(printAddress).join(),
      publicAddresses.map(({ seenAs }) => printAddress(seenAs)).join() || '-',
      filters.map(one => one.replace('aws:security-group/', '')).join(),
      ...(forwards ? ['forwards'] : []),
    ].join(' '),
  )

describe('what is there', () => {
  test('an instance, its interface and an elastic address', () => {
    const state = stateOf({
      'aws_instance.i': there({
        id: 'i-1',
        subnet_id: 'subnet-1',
        private_ip: '10.0.0.5',
        primary_network_interface_id: 'eni-1',
        public_ip: '',
        ipv6_addresses: ['2001:db8::5'],
        vpc_security_group_ids: ['sg-1'],
        source_dest_check: false,
      }),
      'aws_eip.e': there({
        id: 'eipalloc-1',
        public_ip: '203.0.113.7',
        instance: 'i-1',
        network_interface: '',
        private_ip: '10.0.0.5',
      }),
    })
    assert.deepEqual(shown(afterOf(state)), ['eni-1 i-1 10.0.0.5,2001:db8::5 203.0.113.7 sg-1 forwards'])
  })
  test('an interface by itself', () => {
    const state = stateOf({
      'aws_network_interface.n': there({
        id: 'eni-2',
        subnet_id: 'subnet-1',
        private_ips: ['10.0.0.6', '10.0.0.7'],
        security_groups: ['sg-1'],
        source_dest_check: true,
      }),
    })
    assert.deepEqual(shown(afterOf(state)), ['eni-2 - 10.0.0.6,10.0.0.7 - sg-1'])
  })
})

describe('what is made', () => {
  const OPEN = {
    public_ip: true,
    primary_network_interface_id: true,
    ipv6_addresses: true,
    secondary_private_ips: true,
    source_dest_check: true,
  }
  const subnet = (isPublic: boolean): Planned =>
    made({
      cidr_block: '10.0.0.0/24',
      map_public_ip_on_launch: isPublic,
      assign_ipv6_address_on_creation: false,
      vpc_id: 'vpc-1',
    })
  const instance = (values: JsonObject, unknown: JsonObject = {}, isPublic = false) =>
    afterOf(
      planOf(
        {
          'aws_subnet.s': subnet(isPublic),
          'aws_security_group.g': made({ vpc_id: 'vpc-1' }),
          'aws_instance.i': made(values, { ...OPEN, subnet_id: true, vpc_security_group_ids: true, ...unknown }),
        },
        {
          resources: {
            'aws_instance.i': {
              subnet_id: refs('aws_subnet.s.id', 'aws_subnet.s'),
              vpc_security_group_ids: refs('aws_security_group.g.id', 'aws_security_group.g'),
            },
          },
        },
      ),
    )
  test('an instance of which all addresses are known', () => {
    assert.deepEqual(shown(instance({ private_ip: '10.0.0.5' })), [
      'aws_instance.i.primary_network_interface_id aws_instance.i 10.0.0.5 - aws_security_group.g',
    ])
  })
  test('one whose address is not known, or that gets a public one, is left out and named', () => {
    for (const reading of [
      instance({}, { private_ip: true }),
      instance({ private_ip: '10.0.0.5' }, {}, true),
      instance({ private_ip: '10.0.0.5', associate_public_ip_address: true }),
    ]) {
      assert.deepEqual(shown(reading), [])
      assert.ok(
        reading.notes.some(
          ({ object, why }) => object === 'aws:instance/aws_instance.i' && why.endsWith('ask its subnet'),
        ),
      )
    }
  })
})
