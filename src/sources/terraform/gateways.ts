import type { Json, JsonObject } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { Link, Named } from './link.ts'
import type { NounName } from './nouns.ts'
import { listOf, type Resource, wordOf } from './resource.ts'
import type { SubnetOf } from './subnets.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

/** Gateways that are attached to a VPC. Source: EC2 API Reference, InternetGateway, EgressOnlyInternetGateway, VpnGateway. */
export const putGateways = (around: Around): void => {
  const internet = attachedBy(around, 'aws_internet_gateway_attachment', 'internet_gateway_id', 'internet-gateway')
  const vpn = attachedBy(around, 'aws_vpn_gateway_attachment', 'vpn_gateway_id', 'vpn-gateway')
  const put = (
    type: string,
    key: string,
    idKey: string,
    listKey: string,
    state: string,
    attached: ReadonlyMap<string, Link>,
    more: JsonObject = {},
  ): void => {
    for (const resource of around.world.ofType(type)) {
      const id = idOf(resource)
      const networks = attachmentsOf(around, resource, attached.get(id), type)
      const Attachments = networks?.map((VpcId): Json => ({ State: state, VpcId }))
      const body = Attachments === undefined ? {} : { [listKey]: Attachments }
      around.supply.put(
        key,
        id,
        { [idKey]: id, OwnerId: wordOf(resource, 'owner_id'), ...body, ...more, ...tagsOf(resource) },
        resource,
      )
    }
  }
  put('aws_internet_gateway', 'InternetGateways', 'InternetGatewayId', 'Attachments', 'available', internet)
  put(
    'aws_egress_only_internet_gateway',
    'EgressOnlyInternetGateways',
    'EgressOnlyInternetGatewayId',
    'Attachments',
    'attached',
    new Map(),
  )
  put('aws_vpn_gateway', 'VpnGateways', 'VpnGatewayId', 'VpcAttachments', 'attached', vpn, { State: 'available' })
}

/** Attachments that are resources of their own, by gateway. */
const attachedBy = (
  { world, linking, supply }: Around,
  type: string,
  key: string,
  noun: NounName,
): ReadonlyMap<string, Link> => {
  const attached = new Map<string, Link>()
  for (const resource of world.ofType(type)) {
    const [gateway, vpc] = [linking.link(resource, key, noun), linking.link(resource, 'vpc_id', 'vpc')]
    supply.part(
      resource,
      [gateway, vpc].flatMap(link => (link.kind === 'open' ? [link.why] : [])),
    )
    for (const { id } of gateway.kind === 'id' ? [gateway] : gateway.kind === 'open' ? gateway.among : [])
      attached.set(id, gateway.kind === 'id' ? vpc : { kind: 'open', why: '', among: [], isAll: false })
  }
  return attached
}

/** The VPCs that a gateway is attached to; undefined: not told. An attachment that the plan takes away leaves the gateway without. */
const attachmentsOf = (
  { world, linking, supply, before }: Around,
  resource: Resource,
  attached: Link | undefined,
  type: string,
): readonly string[] | undefined => {
  const isMirror = expressionOf(world, resource, 'vpc_id') === undefined
  const key = type === 'aws_internet_gateway' ? 'internet_gateway_id' : 'vpn_gateway_id'
  const wasPart = before.having(`${type}_attachment`, key, idOf(resource)).length > 0
  const own =
    isMirror && wasPart && attached === undefined
      ? ({ kind: 'none' } as const)
      : linking.link(resource, 'vpc_id', 'vpc')
  const link = attached ?? own
  if (link.kind === 'open' && link.why !== '') supply.say(resource, link.why)
  return link.kind === 'id' ? [link.id] : link.kind === 'none' ? [] : undefined
}

/**
 * Where the plan does not tell in which of several subnets a gateway stands, and they have the same table and filters, the first will
 * do. Source: AWS provider, `aws_nat_gateway`; EC2 API Reference, NatGateway.
 */
export const putNatGateways = (
  { world, linking, supply }: Around,
  subnets: ReadonlyMap<string, SubnetOf>,
  isSame: (subnets: readonly string[]) => boolean,
): void => {
  for (const resource of world.ofType('aws_nat_gateway')) {
    const link = linking.link(resource, 'subnet_id', 'subnet')
    const vpcLink = linking.link(resource, 'vpc_id', 'vpc')
    const among = link.kind === 'open' && link.isAll ? [...link.among].sort(byId) : []
    const chosen = link.kind === 'id' ? link : isSame(among.map(({ id }) => id)) ? among[0] : undefined
    if (link.kind === 'open')
      supply.say(resource, chosen === undefined ? link.why : `${link.why}; they have the same routes and filters`)
    const vpc =
      (chosen === undefined ? undefined : subnets.get(chosen.id)?.vpc) ?? (vpcLink.kind === 'id' ? vpcLink.id : null)
    const id = idOf(resource)
    supply.put(
      'NatGateways',
      id,
      {
        NatGatewayId: id,
        VpcId: vpc,
        ...(chosen === undefined ? {} : { SubnetId: chosen.id }),
        State: 'available',
        ConnectivityType: wordOf(resource, 'connectivity_type') ?? 'public',
        ...(wordOf(resource, 'availability_mode') === 'regional' ? { AvailabilityMode: 'regional' } : {}),
        NatGatewayAddresses: addressesOf(resource),
        ...tagsOf(resource),
      },
      resource,
    )
  }
}

const byId = (a: Named, b: Named): number => compareText(a.id, b.id)

const addressesOf = (resource: Resource): readonly Json[] => {
  const [PublicIp, PrivateIp] = [wordOf(resource, 'public_ip'), wordOf(resource, 'private_ip')]
  const NetworkInterfaceId = wordOf(resource, 'network_interface_id')
  const first = PublicIp === null && PrivateIp === null ? [] : [{ PublicIp, PrivateIp, NetworkInterfaceId }]
  return [...first, ...listOf(resource, 'secondary_private_ip_addresses').map(one => ({ PrivateIp: one }))]
}
