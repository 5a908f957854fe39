import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Start } from '../../src/engine/fabric/start.ts'
import { walkIn } from '../../src/engine/fabric/walk.ts'
import type { Way } from '../../src/engine/fabric/ways.ts'
import type { Fabric } from '../../src/model/fabric.ts'
import { field, type Json, type JsonObject, list, text } from '../../src/model/json.ts'
import { addressesOf } from '../../src/sets/address-set.ts'
import { type Family, readCidr } from '../../src/sets/cidr.ts'
import { parseTraffic } from '../../src/sets/parse-traffic.ts'
import { type RegionAlgebra, regions } from '../../src/sets/region.ts'
import { type TrafficId, trafficTable } from '../../src/sets/traffic-table.ts'
import { awsFabric } from '../../src/sources/aws/fabric.ts'
import { documentsOf } from '../../src/sources/aws/testing/reading-of.ts'
import { generateNetwork } from '../oracle/fabric/generate.ts'
import type { NetPacket } from '../oracle/fabric/types.ts'
import { generateCloud } from '../oracle/gcp/generate.ts'
import { type Random, seeded } from '../oracle/random.ts'
import { fabricOf, trafficOf } from './gcp/asking.ts'

// What is asked of everything at once is shared among senders; what is asked of one packet is not. Both say the same of that packet.

const SEEDS = 150
const PACKETS = 12

/** Random networks of the other generator, which knows of no hub, hung on one with two tables. */
const onHub = (bodies: readonly Json[], random: Random): readonly JsonObject[] => {
  const listOf = (key: string): readonly Json[] => bodies.flatMap(body => list(field(body, key)))
  const wordOf = (one: Json, key: string): string => text(field(one, key)) ?? ''
  const networks = listOf('Vpcs').map(one => wordOf(one, 'VpcId'))
  const attachments = networks.flatMap((VpcId, i) => {
    const subnets = listOf('Subnets').flatMap(one => (wordOf(one, 'VpcId') === VpcId ? [wordOf(one, 'SubnetId')] : []))
    const block = wordOf(listOf('Vpcs').find(one => wordOf(one, 'VpcId') === VpcId) ?? null, 'CidrBlock')
    return subnets.length === 0 ? [] : [{ VpcId, id: `tgw-attach-${i}`, block, SubnetIds: random.some(subnets, 1, 3) }]
  })
  if (attachments.length === 0) return bodies as readonly JsonObject[]
  const leads = (DestinationCidrBlock: string, to = random.pick(attachments).id): JsonObject => ({
    DestinationCidrBlock,
    Type: random.percent(50) ? 'static' : 'propagated',
    State: random.percent(10) ? 'blackhole' : 'active',
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: to }],
  })
  const tables = ['tgw-rtb-1', 'tgw-rtb-2'].flatMap((TransitGatewayRouteTableId): readonly JsonObject[] => [
    {
      TransitGatewayRouteTableId,
      Routes: [
        ...random.some(attachments, 1, attachments.length).map(({ id, block }) => leads(block, id)),
        ...random.some(WIDE, 0, 2).map(block => leads(block)),
        ...random.some(NARROW, 0, 3).map(block => leads(block)),
      ] as unknown as Json,
    },
    {
      TransitGatewayRouteTableId,
      Associations: attachments
        .filter((_, i) => TransitGatewayRouteTableId.endsWith(`${(i % 2) + 1}`))
        .map(({ id, VpcId }) => ({
          TransitGatewayAttachmentId: id,
          ResourceId: VpcId,
          ResourceType: 'vpc',
          State: 'associated',
        })),
    },
  ])
  const toHub = (table: Json): Json => {
    const routes = list(field(table, 'Routes'))
    const taken = new Set(routes.map(route => wordOf(route, 'DestinationCidrBlock')))
    const more = random.some([...WIDE, ...NARROW], 1, 4).filter(block => !taken.has(block))
    return {
      ...(table as JsonObject),
      Routes: [
        ...routes,
        ...more.map(DestinationCidrBlock => ({
          DestinationCidrBlock,
          TransitGatewayId: 'tgw-1',
          Origin: 'CreateRoute',
          State: 'active',
        })),
      ],
    }
  }
  return [
    ...(bodies as readonly JsonObject[]).filter(body => !Object.hasOwn(body, 'RouteTables')),
    { RouteTables: listOf('RouteTables').map(toHub) },
    { TransitGateways: [{ TransitGatewayId: 'tgw-1', State: 'available', OwnerId: '111111111111', Options: {} }] },
    {
      TransitGatewayVpcAttachments: attachments.map(({ VpcId, id, SubnetIds }) => ({
        TransitGatewayAttachmentId: id,
        TransitGatewayId: 'tgw-1',
        VpcId,
        VpcOwnerId: '111111111111',
        State: 'available',
        SubnetIds: [...SubnetIds],
        Options: { ApplianceModeSupport: random.percent(20) ? 'enable' : 'disable' },
      })),
    },
    { TransitGatewayRouteTables: ['tgw-rtb-1', 'tgw-rtb-2'].map(hubTable) },
    ...tables,
  ]
}

const hubTable = (TransitGatewayRouteTableId: string): JsonObject => ({
  TransitGatewayRouteTableId,
  TransitGatewayId: 'tgw-1',
  State: 'available',
})

const WIDE = ['0.0.0.0/0', '10.0.0.0/8', '172.16.0.0/12']
const NARROW = ['10.1.1.0/24', '172.16.3.0/24', '203.0.113.0/24']

const startsIn = ({ subnets, interfaces, managed }: Fabric): readonly Start[] => [
  ...subnets.map((of): Start => ({ kind: 'subnet', of })),
  ...interfaces.map((of): Start => ({ kind: 'interface', of })),
  ...managed.map((of): Start => ({ kind: 'managed', of })),
]

const endOf = ({ verdict, exit }: Way<Family>): string => JSON.stringify([verdict, exit])

/** Nothing twice, and nothing left out. */
const isPartition = <F extends Family>(
  algebra: RegionAlgebra<F, TrafficId>,
  ways: readonly Way<F>[],
  full: TrafficId,
) => {
  let all = algebra.empty
  for (const { region } of ways) {
    assert.ok(!algebra.meets(all, region), 'no two parts overlap')
    all = algebra.union(all, region)
  }
  const everything = algebra.ofBoxes([{ addresses: addressesOf(algebra.family).full, id: full }])
  assert.ok(algebra.equals(all, everything), 'together they are everything')
}

const agreeing = (fabric: Fabric, packets: readonly NetPacket[], where: string): number => {
  let compared = 0
  const of = <F extends Family>(family: F): void => {
    const table = trafficTable()
    const algebra = regions<F, TrafficId>(family, table)
    const everything = algebra.ofBoxes([{ addresses: addressesOf(family).full, id: table.full }])
    const [atOnce, alone] = [walkIn(fabric, family, table), walkIn(fabric, family, table)]
    for (const start of startsIn(fabric)) {
      const ways = atOnce(start, everything)
      isPartition(algebra, ways, table.full)
      for (const packet of packets) {
        if (packet.destination.includes(':') !== (family === 6)) continue
        const [sent, block] = [
          parseTraffic(trafficOf(packet)),
          readCidr(`${packet.destination}/${family === 4 ? 32 : 128}`),
        ]
        if (sent.kind === 'refused' || block.kind === 'refused') continue
        const asked = algebra.ofBoxes([
          { addresses: addressesOf(family).ofCidrs([block.value as never]), id: table.idOf(sent.value) },
        ])
        const found = ways.filter(({ region }) => algebra.meets(region, asked))
        assert.deepEqual(
          [...new Set(found.map(endOf))].sort(),
          [...new Set(alone(start, asked).map(endOf))].sort(),
          `${where}: ${start.of.id} to ${packet.destination} ${trafficOf(packet)}`,
        )
        compared += 1
      }
    }
  }
  of(4)
  of(6)
  return compared
}

test('what many senders share behind a hub is what each of them finds by itself', () => {
  let compared = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { bodies, sent } = generateNetwork(seed, PACKETS)
    const { fabric } = awsFabric(documentsOf(...onHub(bodies, seeded(seed))))
    compared += agreeing(
      fabric,
      sent.map(({ packet }) => packet),
      `seed ${seed}`,
    )
  }
  assert.ok(compared > 2000, `${compared} packets`)
})

test('the same of networks with firewall rules in tiers, tables of their own and an edge without a gateway', () => {
  for (let seed = 1; seed <= SEEDS / 3; seed++) {
    const { documents, sent } = generateCloud(seed, PACKETS)
    agreeing(
      fabricOf(documents),
      sent.map(({ packet }) => packet),
      `seed ${seed}`,
    )
  }
})
