import type { Gateway, GatewayKind } from '../../model/fabric.ts'
import { field, list } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { cloudObject, type Item, idFor, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import type { CollectionName } from './schema.ts'
import { attachedTo, type Standing, standingOf } from './standing.ts'

/** Source: EC2 API Reference, InternetGateway. */
export const lowerInternetGateway = (item: Item): Lowered<Gateway> =>
  attached('InternetGateways', item, 'internet', 'Attachments')

/** Source: EC2 API Reference, EgressOnlyInternetGateway. */
export const lowerEgressOnlyGateway = (item: Item): Lowered<Gateway> =>
  attached('EgressOnlyInternetGateways', item, 'egress-only', 'Attachments')

/** Where tunnels and private lines end. Source: EC2 API Reference, VpnGateway. */
export const lowerVpnGateway = (item: Item): Lowered<Gateway> =>
  attached(
    'VpnGateways',
    item,
    'on-premises',
    'VpcAttachments',
    standingOf(wordIn(item.body, 'State'), ['available', 'pending', 'deleting'], ['deleted']),
  )

/**
 * A gateway endpoint is a target of routes, and so is one before load-balanced appliances, as those of firewalls are; the others are
 * interfaces alone.
 * Source: EC2 API Reference, VpcEndpoint; AWS PrivateLink Guide, “Gateway endpoints”.
 */
export const lowerVpcEndpoint = (item: Item, firewalls: ReadonlyMap<string, Gateway>): Lowered<Gateway> => {
  const network = idIn('Vpcs', item.body, 'VpcId')
  const up = ['available', 'pending', 'pendingacceptance', 'deleting', 'partial']
  const standing = standingOf(wordIn(item.body, 'State'), up, ['deleted', 'failed', 'rejected', 'expired'])
  const type = wordIn(item.body, 'VpcEndpointType')
  if (type === 'Interface')
    return { id: cloudObject('VpcEndpoints', item).id, item, value: null, faults: faultsOf(standing) }
  if (type === 'Gateway') return gateway('VpcEndpoints', item, 'private-endpoint', network, standing)
  const firewall = firewalls.get(idFor('VpcEndpoints', item.id))
  if (firewall !== undefined) return ofFirewall(item, firewall, standing)
  const why = `an endpoint of the type \`${type ?? ''}\` is not evaluated`
  return gateway('VpcEndpoints', item, 'other', network, standing, [why])
}

/** What the firewall says of its endpoint counts; that one of the two is gone lets nothing pass. */
const ofFirewall = (item: Item, firewall: Gateway, standing: Standing): Lowered<Gateway> => {
  const lowered = gateway('VpcEndpoints', item, 'firewall', firewall.network, standing)
  const { subnet, filter, reachesInternet } = firewall
  const isUp = standing.isUp && firewall.isUp
  const value = lowered.value === null ? null : { ...lowered.value, subnet, filter, reachesInternet, isUp }
  return { ...lowered, value }
}

/** A gateway of which a list says what it is attached to. Without that list nobody can tell, and it counts as not read. */
const attached = (
  collection: CollectionName,
  item: Item,
  kind: GatewayKind,
  key: string,
  standing: Standing = { isUp: true, fault: null },
): Lowered<Gateway> => {
  const attachments = field(item.body, key)
  if (!Array.isArray(attachments))
    return { id: cloudObject(collection, item).id, item, value: null, faults: ['what it is attached to is not told'] }
  const networks = list(attachments)
  const unread = networks.some(one => wordIn(one, 'VpcId') === null) ? ['an attachment names no VPC'] : []
  return gateway(collection, item, kind, attachedTo(networks), standing, unread)
}

const faultsOf = ({ fault }: Standing): readonly string[] => (fault === null ? [] : [fault])

export const gateway = (
  collection: CollectionName,
  item: Item,
  kind: GatewayKind,
  network: string | null,
  standing: Standing,
  faults: readonly string[] = [],
): Lowered<Gateway> => {
  const object = cloudObject(collection, item)
  const unattached = network === null && kind === 'private-endpoint'
  const value: Gateway = {
    ...object,
    kind,
    network,
    subnet: null,
    publicAddresses: [],
    privateAddresses: [],
    reachesInternet: kind === 'internet' || kind === 'egress-only' || kind === 'hub' || kind === 'other',
    isUp: standing.isUp,
    filter: null,
    translates: bothFamilies.empty,
    takes: null,
    isCut: false,
  }
  return {
    id: object.id,
    item,
    value: unattached ? null : value,
    faults: [...faultsOf(standing), ...faults, ...(unattached ? ['it names no VPC'] : [])],
  }
}
