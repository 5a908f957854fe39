import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Attachment, HubTable } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { printCidr } from '../../sets/cidr.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const attachmentsOf = (...bodies: JsonObject[]): readonly Attachment[] => readingOf(...bodies).fabric.attachments
const last = (id: string | null): string => id?.split('/').at(-1) ?? '-'

/** Hub, attachment, where it leads, its table. */
const told = ({ hub, id, to, table, isUp }: Attachment): string => {
  const end =
    to.kind === 'network'
      ? `${last(to.network)} in ${to.subnets === null ? '?' : to.subnets.map(last).join()}${to.byFlow ? ' by flow' : ''}`
      : to.kind === 'hub'
        ? `${last(to.hub)} at ${last(to.attachment)}`
        : to.kind
  const by = table.kind === 'table' ? last(table.id) : table.kind === 'none' ? 'no table' : `? ${last(table.likely)}`
  return [last(hub), last(id), end, by, ...(isUp ? [] : ['down'])].join(': ')
}

const VPC: JsonObject = {
  TransitGatewayAttachmentId: 'tgw-attach-1',
  TransitGatewayId: 'tgw-1',
  VpcId: 'vpc-1',
  VpcOwnerId: '111122223333',
  State: 'available',
  SubnetIds: ['subnet-2', 'subnet-1'],
  Options: { ApplianceModeSupport: 'disable', Ipv6Support: 'disable' },
}
const ANY: JsonObject = {
  TransitGatewayAttachmentId: 'tgw-attach-1',
  TransitGatewayId: 'tgw-1',
  TransitGatewayOwnerId: '111122223333',
  ResourceOwnerId: '111122223333',
  ResourceType: 'vpc',
  ResourceId: 'vpc-1',
  State: 'available',
  Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
}
const vpcs = (...all: JsonObject[]): JsonObject => ({ TransitGatewayVpcAttachments: all })
const any = (...all: JsonObject[]): JsonObject => ({ TransitGatewayAttachments: all })

describe('attachments', () => {
  const check = (bodies: JsonObject[], expected: string[]): void =>
    assert.deepEqual(attachmentsOf(...bodies).map(told), expected)
  test('what two outputs tell is one, and counts once', () => {
    check([vpcs(VPC), any(ANY)], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2: tgw-rtb-1'])
    const { counts } = readingOf(vpcs(VPC), any(ANY))
    assert.deepEqual([counts.understood, counts.partly], [1, 0])
  })
  test('each by itself leaves open what it does not tell', () => {
    check([vpcs(VPC)], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2: ? -'])
    check([any(ANY)], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: tgw-rtb-1'])
    check([vpcs({ ...VPC, Options: {} })], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2 by flow: ? -'])
  })
  test('without an association there is none, where the owner of both was asked', () => {
    const bare = { ...ANY, Association: null }
    check([any(bare)], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: no table'])
    check([any({ ...bare, ResourceOwnerId: '444455556666' })], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: ? -'])
    const going = { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'disassociating' }
    check([any({ ...ANY, Association: going })], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: ? -'])
  })
  test('where every table of a transit gateway was read with its associations, the others have none', () => {
    const tables = {
      TransitGatewayRouteTables: [{ TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' }],
    }
    const none = { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayRouteTableAssociations: [] }
    check([vpcs(VPC), tables, none], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2: no table'])
    check([vpcs(VPC), tables, { ...none, NextToken: 'x' }], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2: ? -'])
    check([vpcs(VPC), none], ['tgw-1: tgw-attach-1: vpc-1 in subnet-1,subnet-2: ? -'])
  })
  test('lines and tunnels are on-premises, others are open', () => {
    const of = (ResourceType: string): JsonObject => any({ ...ANY, ResourceType, ResourceId: 'x' })
    for (const type of ['vpn', 'vpn-concentrator', 'direct-connect-gateway', 'client-vpn'])
      check([of(type)], ['tgw-1: tgw-attach-1: on-premises: tgw-rtb-1'])
    for (const type of ['connect', 'network-function']) check([of(type)], ['tgw-1: tgw-attach-1: unknown: tgw-rtb-1'])
  })
  test('states', () => {
    check([any({ ...ANY, State: 'modifying' })], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: tgw-rtb-1'])
    for (const State of ['pendingAcceptance', 'pending', 'deleting', 'deleted', 'rejected'])
      check([any({ ...ANY, State })], ['tgw-1: tgw-attach-1: vpc-1 in ? by flow: tgw-rtb-1: down'])
    assert.deepEqual(whysOf(readingOf(any({ ...ANY, State: 'dreaming' }))), ['its state `dreaming` is not known'])
  })
  test('what documents tell otherwise counts as not read', () => {
    check([vpcs(VPC), vpcs({ ...VPC, SubnetIds: ['subnet-3'] })], [])
    check([vpcs(VPC), any({ ...ANY, State: 'deleted' })], [])
  })
  test('a peering has two sides, with one id or two', () => {
    const peering: JsonObject = {
      TransitGatewayAttachmentId: 'tgw-attach-p',
      RequesterTgwInfo: { TransitGatewayId: 'tgw-1' },
      AccepterTgwInfo: { TransitGatewayId: 'tgw-2' },
      State: 'available',
    }
    const side = (hub: string, other: string, table: string): JsonObject => ({
      ...ANY,
      TransitGatewayAttachmentId: 'tgw-attach-p',
      TransitGatewayId: hub,
      ResourceType: 'peering',
      ResourceId: other,
      Association: { TransitGatewayRouteTableId: table, State: 'associated' },
    })
    const all = { TransitGatewayPeeringAttachments: [peering] }
    check(
      [all, any(side('tgw-1', 'tgw-2', 'tgw-rtb-1')), any(side('tgw-2', 'tgw-1', 'tgw-rtb-2'))],
      ['tgw-1: tgw-attach-p: tgw-2 at -: tgw-rtb-1', 'tgw-2: tgw-attach-p: tgw-1 at -: tgw-rtb-2'],
    )
    check([all], ['tgw-1: tgw-attach-p: tgw-2 at -: ? -', 'tgw-2: tgw-attach-p: tgw-1 at -: ? -'])
    const own = { ...side('tgw-2', 'tgw-1', 'tgw-rtb-2'), TransitGatewayAttachmentId: 'tgw-attach-q' }
    check([all, any(own)], ['tgw-1: tgw-attach-p: tgw-2 at -: ? -', 'tgw-2: tgw-attach-q: tgw-1 at -: tgw-rtb-2'])
    const two = {
      TransitGatewayPeeringAttachments: [{ ...peering, AccepterTransitGatewayAttachmentId: 'tgw-attach-q' }],
    }
    check([two], ['tgw-1: tgw-attach-p: tgw-2 at tgw-attach-q: ? -', 'tgw-2: tgw-attach-q: tgw-1 at tgw-attach-p: ? -'])
  })
})

describe('tables', () => {
  const shown = ({ routes }: HubTable): readonly string[] =>
    routes.map(({ destination, by, next }) => {
      const where = next.kind === 'attachments' ? next.ids.map(last).join(' or ') : next.kind
      return `${destination === null ? '?' : printCidr(destination)} ${by} ${where}`
    })
  const check = (bodies: JsonObject[], expected: string[] | null): void => {
    const [table] = readingOf(...bodies).fabric.hubTables
    assert.deepEqual(table === undefined ? null : shown(table), expected)
  }
  const route = (DestinationCidrBlock: string, Type: string, ...attachments: string[]): JsonObject => ({
    DestinationCidrBlock,
    Type,
    State: 'active',
    TransitGatewayAttachments: attachments.map(TransitGatewayAttachmentId => ({ TransitGatewayAttachmentId })),
  })
  const wrapped = (...Routes: JsonObject[]): JsonObject => ({ TransitGatewayRouteTableId: 'tgw-rtb-1', Routes })
  test('routes, by their origin and state', () => {
    check(
      [
        wrapped(
          route('10.0.0.0/8', 'static', 'a'),
          route('10.1.0.0/16', 'propagated', 'b', 'a'),
          { ...route('10.2.0.0/16', 'static'), State: 'blackhole' },
          { ...route('10.3.0.0/16', 'static', 'a'), State: 'deleted' },
          { ...route('10.4.0.0/16', 'static', 'a'), State: 'pending' },
          { ...route('10.5.0.0/16', 'static', 'a'), PrefixListId: 'pl-1' },
          route('10.6.0.0/16', 'dreamt', 'a'),
          route('10.7.0.0/16', 'static'),
        ),
      ],
      [
        '10.0.0.0/8 static a',
        '10.1.0.0/16 propagated a or b',
        '10.2.0.0/16 static nowhere',
        '10.4.0.0/16 static unknown',
        '10.5.0.0/16 prefix-list a',
        '10.6.0.0/16 static unknown',
        '10.7.0.0/16 static unknown',
      ],
    )
  })
  test('a list of prefixes that stands for its blocks', () => {
    const listed = {
      PrefixListId: 'pl-1',
      Type: 'static',
      State: 'active',
      TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'a' }],
    }
    const entries = { PrefixListId: 'pl-1', Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '2001:db8::/32' }] }
    check([wrapped(listed), entries], ['10.0.0.0/8 prefix-list a', '2001:db8::/32 prefix-list a'])
    check([wrapped(listed)], ['? static unknown'])
  })
  test('routes for one prefix are several ways', () => {
    check(
      [wrapped(route('10.0.0.0/8', 'propagated', 'b'), route('10.0.0.0/8', 'propagated', 'a'))],
      ['10.0.0.0/8 propagated a or b'],
    )
    const drops = { ...route('10.0.0.0/8', 'static'), State: 'blackhole' }
    check([wrapped(route('10.0.0.0/8', 'static', 'a'), drops)], ['10.0.0.0/8 static unknown'])
  })
  test('what was cut, and what documents tell otherwise, may be anything', () => {
    const one = wrapped(route('10.0.0.0/8', 'static', 'a'))
    check([{ ...one, AdditionalRoutesAvailable: true }], ['10.0.0.0/8 static a', '? static unknown'])
    check([one, one], ['10.0.0.0/8 static a'])
    check([one, wrapped()], ['10.0.0.0/8 static a', '? static unknown'])
  })
  test('without routes, what propagates, behind static ones that nobody read', () => {
    const vpc: JsonObject = {
      Vpcs: [
        {
          VpcId: 'vpc-1',
          CidrBlock: '10.0.0.0/16',
          Ipv6CidrBlockAssociationSet: [
            { Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } },
          ],
        },
      ],
    }
    const named = (ResourceType: string): JsonObject => ({
      TransitGatewayRouteTableId: 'tgw-rtb-1',
      TransitGatewayRouteTablePropagations: [
        { TransitGatewayAttachmentId: 'tgw-attach-1', ResourceType, ResourceId: 'vpc-1', State: 'enabled' },
      ],
    })
    const open = '? static unknown'
    check([vpc, vpcs(VPC), named('vpc')], ['10.0.0.0/16 propagated tgw-attach-1', open])
    const six = { ...VPC, Options: { Ipv6Support: 'enable' } }
    check(
      [vpc, vpcs(six), named('vpc')],
      ['10.0.0.0/16 propagated tgw-attach-1', '2001:db8::/56 propagated tgw-attach-1', open],
    )
    check([named('vpc')], [open, open])
    check([named('vpn')], [open, open])
    check([named('peering')], [open])
    check([{ TransitGatewayRouteTables: [{ TransitGatewayRouteTableId: 'tgw-rtb-1' }] }], null)
  })
  test('a list of wrapped outputs and outputs that are wrapped one by one are the same', () => {
    const one = wrapped(route('10.0.0.0/8', 'static', 'a'))
    const other = { TransitGatewayRouteTableId: 'tgw-rtb-2', Routes: [] }
    for (const bodies of [[one, other], [{ TransitGatewayRoutes: [one, other] }]]) {
      const { fabric, counts } = readingOf(...bodies)
      assert.deepEqual(
        fabric.hubTables.map(table => [last(table.id), shown(table)]),
        [
          ['tgw-rtb-1', ['10.0.0.0/8 static a']],
          ['tgw-rtb-2', []],
        ],
      )
      assert.equal(counts.unrecognised + counts.notImplemented, 0)
    }
  })
  test('a list of static routes alone, beside what propagates', () => {
    const vpc: JsonObject = { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] }
    const fixed: JsonObject = { TransitGatewayStaticRoutes: [wrapped(route('172.16.0.0/12', 'static', 'a'))] }
    const told: JsonObject = {
      TransitGatewayPropagations: [
        {
          TransitGatewayRouteTableId: 'tgw-rtb-1',
          TransitGatewayRouteTablePropagations: [
            {
              TransitGatewayAttachmentId: 'tgw-attach-1',
              ResourceType: 'vpc',
              ResourceId: 'vpc-1',
              State: 'enabled',
            },
          ],
        },
      ],
    }
    check([vpc, vpcs(VPC), fixed, told], ['172.16.0.0/12 static a', '10.0.0.0/16 propagated tgw-attach-1'])
    check([vpc, vpcs(VPC), fixed], ['172.16.0.0/12 static a', '? static unknown'])
  })
})

test('zones have names by who gave them, and local ones none', () => {
  const namesOf = (more: JsonObject): unknown =>
    readingOf({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', OwnerId: '111122223333', ...more }] }).fabric
      .subnets[0]?.zoneNames
  assert.deepEqual(namesOf({ AvailabilityZone: 'us-gov-west-1a', AvailabilityZoneId: 'usgw1-az1' }), {
    id: 'usgw1-az1',
    'account 111122223333': 'us-gov-west-1a',
  })
  assert.deepEqual(namesOf({ AvailabilityZone: 'us-west-2-lax-1a', AvailabilityZoneId: 'usw2-lax1-az1' }), {})
  assert.deepEqual(namesOf({ AvailabilityZone: 'us-east-1-wl1-bos-wlz-1' }), {})
  assert.deepEqual(namesOf({}), {})
})
