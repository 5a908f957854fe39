import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { walkIn } from '../../src/engine/fabric/walk.ts'
import type { Fabric } from '../../src/model/fabric.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { addressesOf as setsOf } from '../../src/sets/address-set.ts'
import { type Family, readCidr } from '../../src/sets/cidr.ts'
import { TCP } from '../../src/sets/protocol.ts'
import { regions } from '../../src/sets/region.ts'
import { protocolTraffic } from '../../src/sets/traffic.ts'
import { type TrafficId, trafficTable } from '../../src/sets/traffic-table.ts'
import { terraformReading } from '../../src/sources/terraform/reading.ts'
import { isTerraformOutput } from '../../src/sources/terraform/recognise.ts'
import { afterOf, documentOf, tablesOf } from '../../src/sources/terraform/testing/plan-of.ts'

/**
 * Plans of published examples of modules, of networks that are yet to be made. What each of them promises is in its name and in the
 * example’s own arguments. They are not part of the repository: where they are absent this suite says so.
 */
const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'terraform-plans')
const skip = existsSync(SAMPLES) ? false : 'the sample plans are not beside this repository'

const sample = (name: string): JsonObject =>
  JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8')) as JsonObject

/** Verdict and exit of the TCP that a subnet sends to one address, as one line. */
const told = (fabric: Fabric, subnet: string, to: string): string => {
  const read = readCidr(to.includes(':') ? `${to}/128` : `${to}/32`)
  if (read.kind === 'refused') assert.fail(read.why)
  return read.value.family === 4 ? walked(fabric, 4, subnet, read.value) : walked(fabric, 6, subnet, read.value)
}

const walked = <F extends Family>(fabric: Fabric, family: F, subnet: string, to: object): string => {
  const table = trafficTable()
  const asked = regions<F, TrafficId>(family, table).ofBoxes([
    { addresses: setsOf(family).ofCidrs([to as never]), id: table.idOf(protocolTraffic(TCP)) },
  ])
  const of = fabric.subnets.find(
    ({ id }) => id === `aws:subnet/module.${subnet.includes('aws_') ? subnet : `vpc.aws_subnet.${subnet}`}`,
  )
  assert.ok(of !== undefined, subnet)
  const ways = walkIn(fabric, family, table)({ kind: 'subnet', of }, asked)
  return ways
    .map(({ verdict, exit }) => [verdict, exit.kind, exit.id?.split('.').slice(-2).join('.') ?? '-'].join(' '))
    .join('; ')
}

const WORLD = '203.0.113.9'
const WORLD6 = '2606:4700::1'

const check = (
  fabric: () => Fabric,
  rows: Readonly<Record<string, readonly (readonly [to: string, is: string])[]>>,
): void => {
  for (const [subnet, expected] of Object.entries(rows))
    for (const [to, is] of expected)
      test(`${subnet} to ${to}: ${is}`, () => assert.equal(told(fabric(), subnet, to), is))
}

const lazily = (name: string): (() => Fabric) => {
  let made: Fabric | null = null
  return () => {
    made ??= afterOf(sample(name)).fabric
    return made
  }
}

// A network with three private subnets and nothing else: no gateway, so no way out.
describe('vpc-5.21.0-simple', { skip }, () => {
  const fabric = lazily('vpc-5.21.0-simple')
  check(fabric, {
    'private[0]': [
      [WORLD, 'denied blackhole -'],
      ['10.0.16.7', 'allowed peer-network aws_vpc.this[0]'],
    ],
    'private[2]': [
      [WORLD, 'denied blackhole -'],
      [WORLD6, 'denied blackhole -'],
    ],
  })
  test('everything of it is understood', () => {
    const { counts, notes } = afterOf(sample('vpc-5.21.0-simple'))
    assert.deepEqual(notes, [])
    assert.equal(counts.partly, 0)
  })
})

// `single_nat_gateway`: private subnets leave by the one NAT gateway, public ones by the internet gateway, intra ones not at all. A
// gateway endpoint for DynamoDB goes into their tables: nobody knows its blocks before it is made, so no answer is certain.
describe('vpc-5.21.0-complete', { skip }, () => {
  const fabric = lazily('vpc-5.21.0-complete')
  check(fabric, {
    'private[0]': [[WORLD, 'unknown nat aws_nat_gateway.this[0]']],
    'private[2]': [[WORLD, 'unknown nat aws_nat_gateway.this[0]']],
    'database[1]': [[WORLD, 'unknown nat aws_nat_gateway.this[0]']],
    'public[0]': [[WORLD, 'unknown internet-gateway aws_internet_gateway.this[0]']],
    'intra[0]': [['10.0.16.7', 'allowed peer-network aws_vpc.this[0]']],
  })
  test('the default objects of the network are not managed, and are those that AWS makes', () => {
    assert.equal(fabric().networks[0]?.mainTable, 'aws:route-table/module.vpc.aws_vpc.this[0].default_route_table_id')
    assert.ok(
      fabric().filters.some(
        ({ id }) => id === 'aws:security-group/module.vpc.aws_vpc.this[0].default_security_group_id',
      ),
    )
  })
})

// A NAT gateway for each zone, IPv6 by the egress-only gateway; public subnets use the internet gateway for both. Database subnets may
// use their own table, which leads to the internet gateway, or the private ones: the plan does not tell.
describe('vpc-5.21.0-ipv6-dualstack', { skip }, () => {
  const fabric = lazily('vpc-5.21.0-ipv6-dualstack')
  check(fabric, {
    'private[0]': [
      [WORLD, 'allowed nat aws_nat_gateway.this[0]'],
      [WORLD6, 'allowed egress-only-gateway aws_egress_only_internet_gateway.this[0]'],
    ],
    'private[2]': [[WORLD, 'allowed nat aws_nat_gateway.this[2]']],
    'public[1]': [
      [WORLD, 'unknown internet-gateway aws_internet_gateway.this[0]'],
      [WORLD6, 'unknown internet-gateway aws_internet_gateway.this[0]'],
    ],
    'database[0]': [
      [WORLD, 'unknown unknown -'],
      ['10.0.0.7', 'allowed peer-network aws_vpc.this[0]'],
    ],
  })
})

describe('vpc-5.21.0-block-public-access', { skip }, () => {
  test('what passes an internet gateway is open', () => {
    assert.equal(lazily('vpc-5.21.0-block-public-access')().networks[0]?.internetDoubts.length, 1)
  })
})

describe('vpc-5.21.0-ipam', { skip }, () => {
  test('a plan that failed is refused', () => {
    const body = sample('vpc-5.21.0-ipam')
    assert.ok(isTerraformOutput(body))
    assert.equal(terraformReading(documentOf(body)).kind, 'refused')
  })
})

// Two networks on a transit gateway; the first has IPv6 and an egress-only gateway. Which of the two each attachment is of stands in a
// map that the plan does not tell.
describe('tgw-2.13.1-complete', { skip }, () => {
  const reading = () => afterOf(sample('tgw-2.13.1-complete'))
  check(() => reading().fabric, {
    'vpc1.aws_subnet.private[0]': [
      [WORLD, 'denied blackhole -'],
      [WORLD6, 'allowed egress-only-gateway aws_egress_only_internet_gateway.this[0]'],
    ],
    'vpc2.aws_subnet.private[0]': [
      [WORLD, 'denied blackhole -'],
      [WORLD6, 'denied blackhole -'],
      ['10.20.2.7', 'allowed peer-network aws_vpc.this[0]'],
    ],
  })
  test('each network has its own subnets and tables', () => {
    const tables = tablesOf(reading())
    for (const vpc of ['vpc1', 'vpc2'])
      for (const n of [0, 1, 2])
        assert.equal(tables[`module.${vpc}.aws_subnet.private[${n}]`], `module.${vpc}.aws_route_table.private[${n}]`)
  })
  test('attachments name both networks that they may be of', () => {
    assert.ok(
      reading().notes.some(
        ({ why }) =>
          why ===
          '`vpc_id` of `module.tgw.aws_ec2_transit_gateway_vpc_attachment.this["vpc1"]` is one of `module.vpc1.aws_vpc.this[0]`, `module.vpc2.aws_vpc.this[0]`: the plan does not tell which',
      ),
    )
  })
})
