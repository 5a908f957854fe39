import type { JsonObject } from '../src/model/json.ts'
import type { RawDocument } from '../src/sources/files/read.ts'

/** A network of AWS with hubs, as its command line would print it. Each network has ten subnets and five tables of fifty routes. */
export interface FabricSize {
  readonly networks: number
  readonly hubs: number
  readonly hubRoutes: number
  readonly groups: number
  readonly rules: number
  readonly machines: number
  /** Whose a hub’s routes are goes round with each of them, instead of block by block. */
  readonly isScattered: boolean
}

const SUBNETS = 10
const TABLES = 5
const ROUTES = 50
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']

export const fabricDocuments = (size: FabricSize): readonly RawDocument[] =>
  Object.entries(bodies(size)).flatMap(([key, value], source): readonly RawDocument[] =>
    key === 'wrapped'
      ? (value as readonly JsonObject[]).map((body, i) => document(body, 1000 + i))
      : [document({ [key]: value } as JsonObject, source)],
  )

const document = (body: JsonObject, source: number): RawDocument =>
  ({
    body,
    cluster: '-',
    origin: { file: `${source}.json`, source, start: 0, end: 1, line: 1, format: 'json', item: null },
  }) as RawDocument

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)

/** 10.0.0.0/8 in blocks of 4,096 addresses: sixteen networks share each second number. */
const blockOf = (network: number): string => `10.${network >> 4}.${(network % 16) * 16}`
const subnetBlock = (network: number, subnet: number): string =>
  `10.${network >> 4}.${(network % 16) * 16 + subnet}.0/24`
const sixOf = (network: number): string => `2001:db8:${network.toString(16)}`

const bodies = ({ networks, hubs, hubRoutes, groups, rules, machines, isScattered }: FabricSize) => {
  const hubOf = (network: number): number => network % hubs
  const groupOf = (n: number): string => `sg-${n % groups}`
  return {
    Vpcs: numbers(networks).map(n => ({
      VpcId: `vpc-${n}`,
      OwnerId: '111111111111',
      CidrBlock: `${blockOf(n)}.0/20`,
      CidrBlockAssociationSet: [{ CidrBlock: `${blockOf(n)}.0/20`, CidrBlockState: { State: 'associated' } }],
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: `${sixOf(n)}::/56`, Ipv6CidrBlockState: { State: 'associated' } }],
    })),
    Subnets: numbers(networks).flatMap(n =>
      numbers(SUBNETS).map(s => ({
        SubnetId: `subnet-${n}-${s}`,
        VpcId: `vpc-${n}`,
        OwnerId: '111111111111',
        AvailabilityZone: ZONES[s % 3],
        AvailabilityZoneId: `euw1-az${s % 3}`,
        CidrBlock: subnetBlock(n, s),
        Ipv6CidrBlockAssociationSet: [
          { Ipv6CidrBlock: `${sixOf(n)}:${s}::/64`, Ipv6CidrBlockState: { State: 'associated' } },
        ],
      })),
    ),
    RouteTables: numbers(networks).flatMap(n =>
      numbers(TABLES).map(t => ({
        RouteTableId: `rtb-${n}-${t}`,
        VpcId: `vpc-${n}`,
        Associations: [
          ...(t === 0 ? [{ Main: true, AssociationState: { State: 'associated' } }] : []),
          ...[t, t + TABLES].map(s => ({
            SubnetId: `subnet-${n}-${s}`,
            Main: false,
            AssociationState: { State: 'associated' },
          })),
        ],
        Routes: [
          {
            DestinationCidrBlock: `${blockOf(n)}.0/20`,
            GatewayId: 'local',
            Origin: 'CreateRouteTable',
            State: 'active',
          },
          {
            DestinationIpv6CidrBlock: `${sixOf(n)}::/56`,
            GatewayId: 'local',
            Origin: 'CreateRouteTable',
            State: 'active',
          },
          t === 0
            ? { DestinationCidrBlock: '0.0.0.0/0', GatewayId: `igw-${n}`, Origin: 'CreateRoute', State: 'active' }
            : t === 1
              ? { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: `nat-${n}`, Origin: 'CreateRoute', State: 'active' }
              : {
                  DestinationCidrBlock: '0.0.0.0/0',
                  TransitGatewayId: `tgw-${hubOf(n)}`,
                  Origin: 'CreateRoute',
                  State: 'active',
                },
          ...numbers(ROUTES - 3).map(r => ({
            DestinationCidrBlock: `172.${16 + (r % 16)}.${(n + r * 7) % 256}.0/24`,
            TransitGatewayId: `tgw-${hubOf(n)}`,
            Origin: 'CreateRoute',
            State: r % 11 === 0 ? 'blackhole' : 'active',
          })),
        ],
      })),
    ),
    InternetGateways: numbers(networks).map(n => ({
      InternetGatewayId: `igw-${n}`,
      Attachments: [{ VpcId: `vpc-${n}`, State: 'available' }],
    })),
    NatGateways: numbers(networks).map(n => ({
      NatGatewayId: `nat-${n}`,
      VpcId: `vpc-${n}`,
      SubnetId: `subnet-${n}-0`,
      State: 'available',
      ConnectivityType: 'public',
      NatGatewayAddresses: [
        { PublicIp: `198.18.${n >> 8}.${n % 256}`, PrivateIp: `10.${n >> 4}.${(n % 16) * 16}.250` },
      ],
    })),
    NetworkAcls: numbers(networks).map(n => ({
      NetworkAclId: `acl-${n}`,
      VpcId: `vpc-${n}`,
      Associations: numbers(SUBNETS).map(s => ({ SubnetId: `subnet-${n}-${s}` })),
      Entries: [true, false].flatMap(Egress => [
        {
          RuleNumber: 90,
          Protocol: '6',
          PortRange: { From: 3389, To: 3389 },
          RuleAction: 'deny',
          Egress,
          CidrBlock: '0.0.0.0/0',
        },
        { RuleNumber: 100, Protocol: '-1', RuleAction: 'allow', Egress, CidrBlock: '0.0.0.0/0' },
        { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress, Ipv6CidrBlock: '::/0' },
      ]),
    })),
    SecurityGroups: numbers(groups).map(g => ({
      GroupId: `sg-${g}`,
      VpcId: `vpc-${g % networks}`,
      IpPermissions: numbers(rules).map(r => permission(r, g)),
      IpPermissionsEgress: numbers(rules).map(r => permission(r, g + 1)),
    })),
    NetworkInterfaces: numbers(machines).map(m => {
      const n = m % networks
      const s = Math.floor(m / networks) % SUBNETS
      return {
        NetworkInterfaceId: `eni-${m}`,
        SubnetId: `subnet-${n}-${s}`,
        VpcId: `vpc-${n}`,
        SourceDestCheck: true,
        Groups: [{ GroupId: groupOf(m) }, { GroupId: groupOf(m * 7 + 1) }],
        Attachment: { InstanceId: `i-${m}`, Status: 'attached' },
        PrivateIpAddresses: [
          {
            Primary: true,
            PrivateIpAddress: `10.${n >> 4}.${(n % 16) * 16 + s}.${10 + (Math.floor(m / networks / SUBNETS) % 200)}`,
          },
        ],
        Ipv6Addresses: [],
      }
    }),
    TransitGateways: numbers(hubs).map(h => ({
      TransitGatewayId: `tgw-${h}`,
      State: 'available',
      OwnerId: '111111111111',
      Options: {},
    })),
    TransitGatewayVpcAttachments: numbers(networks).map(n => ({
      TransitGatewayAttachmentId: `tgw-attach-${n}`,
      TransitGatewayId: `tgw-${hubOf(n)}`,
      VpcId: `vpc-${n}`,
      VpcOwnerId: '111111111111',
      State: 'available',
      SubnetIds: [2, 3, 4].map(s => `subnet-${n}-${s}`),
      Options: { ApplianceModeSupport: 'disable' },
    })),
    TransitGatewayRouteTables: numbers(hubs).map(h => ({
      TransitGatewayRouteTableId: `tgw-rtb-${h}`,
      TransitGatewayId: `tgw-${h}`,
      State: 'available',
    })),
    wrapped: numbers(hubs).flatMap(h => {
      const own = numbers(networks).filter(n => hubOf(n) === h)
      const to = (n: number) => [
        { TransitGatewayAttachmentId: `tgw-attach-${n}`, ResourceId: `vpc-${n}`, ResourceType: 'vpc' },
      ]
      return [
        {
          TransitGatewayRouteTableId: `tgw-rtb-${h}`,
          Routes: [
            ...own.map(n => ({
              DestinationCidrBlock: `${blockOf(n)}.0/20`,
              Type: 'propagated',
              State: 'active',
              TransitGatewayAttachments: to(n),
            })),
            ...numbers(hubRoutes).map(r => ({
              // One after the other, or each in another block of 65,536 than the one before.
              DestinationCidrBlock: isScattered
                ? `172.${16 + (r % 16)}.${(r >> 4) % 256}.${(r >> 12) * 64}/26`
                : `172.${16 + (r >> 10)}.${(r >> 2) % 256}.${(r % 4) * 64}/26`,
              Type: 'static',
              State: r % 13 === 0 ? 'blackhole' : 'active',
              ...(r % 13 === 0
                ? {}
                : {
                    TransitGatewayAttachments: to(
                      own[isScattered ? r % own.length : Math.floor((r * own.length) / hubRoutes)] as number,
                    ),
                  }),
            })),
          ],
        },
        {
          TransitGatewayRouteTableId: `tgw-rtb-${h}`,
          Associations: own.map(n => ({
            TransitGatewayAttachmentId: `tgw-attach-${n}`,
            ResourceId: `vpc-${n}`,
            ResourceType: 'vpc',
            State: 'associated',
          })),
        },
      ]
    }),
  }
}

const permission = (rule: number, group: number) => ({
  IpProtocol: rule % 3 === 0 ? 'udp' : 'tcp',
  FromPort: 1000 + rule * 10,
  ToPort: 1000 + rule * 10 + (group % 5),
  IpRanges: [{ CidrIp: rule === 0 ? '0.0.0.0/0' : `10.${(group + rule) % 256}.0.0/16` }],
  ...(rule % 10 === 9 ? { UserIdGroupPairs: [{ GroupId: `sg-${(group * 3) % 50}` }] } : {}),
})
