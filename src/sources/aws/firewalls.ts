import type { CloudObject, Filter, FilterRule, Gateway } from '../../model/fabric.ts'
import { at, field, isObject, type Json, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { type Reading, readAs, refuse } from '../../sets/algebra.ts'
import { arnObject, idOfArnIn } from './arns.ts'
import type { Collected } from './collect.ts'
import { faultsOf } from './filter-rule.ts'
import { lowerPolicy, policyFaults } from './firewall-policies.ts'
import { type Item, idFor, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { rangesIn } from './networks.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { type Standing, standingOf } from './standing.ts'

/** Firewalls, as what routes lead to: endpoints in subnets, and attachments of transit gateways. */
export interface Firewalls {
  /** Endpoints by their own id, and firewalls that hang on a transit gateway by theirs. */
  readonly gateways: readonly Lowered<Gateway>[]
  /** What policies let pass, each where its firewalls stand. */
  readonly filters: readonly Lowered<Filter>[]
  /** For coverage: firewalls, policies, groups of rules. */
  readonly objects: readonly Lowered<CloudObject>[]
}

/**
 * Source: Network Firewall API Reference, Firewall, FirewallStatus, SyncState, Attachment, VpcEndpointAssociation; Developer Guide,
 * “Transit gateway-attached firewalls”.
 */
export const firewallsIn = (collected: Collected, lists: PrefixLists): Firewalls => {
  const groups = Map.groupBy(collected.in('RuleGroupResponse'), ({ id }) => id)
  const policies = Map.groupBy(collected.in('FirewallPolicyResponse'), ({ id }) => idFor('FirewallPolicyResponse', id))
  const filters: Lowered<Filter>[] = []
  const faults = new Map<string, readonly string[]>()
  const homeOf = homesIn(collected)
  const gateways = collected.in('Firewall').flatMap(item => {
    const firewall = field(item.body, 'Firewall')
    const object = arnObject('Firewall', item, 'FirewallName')
    const network = idIn('Vpcs', firewall, 'VpcId')
    const policy = idOfArnIn('FirewallPolicyResponse', firewall, 'FirewallPolicyArn') ?? ''
    const read = policies.get(policy) ?? []
    const filter = `${policy}@${network ?? object.id}`
    for (const one of read) {
      const value = lowerPolicy(one, filter, homeOf(network), { groups, lists })
      filters.push({ id: filter, item: one, value, faults: [] })
      faults.set(policy, [...(faults.get(policy) ?? []), ...openIn(value)])
    }
    const shape = { filter: read.length === 0 ? null : filter }
    const associated = collected
      .in('VpcEndpointAssociation')
      .filter(({ body }) => idOfArnIn('Firewall', field(body, 'VpcEndpointAssociation'), 'FirewallArn') === object.id)
    return [
      ...endpointsOf(item, at(item.body, 'FirewallStatus', 'SyncStates'), network, shape),
      ...associated.flatMap(other =>
        endpointsOf(
          other,
          at(other.body, 'VpcEndpointAssociationStatus', 'AssociationSyncState'),
          idIn('Vpcs', field(other.body, 'VpcEndpointAssociation'), 'VpcId'),
          shape,
        ),
      ),
      ...(attachmentIdOf(item) === null ? [] : [hanging(object, item, shape)]),
    ]
  })
  return {
    gateways,
    filters,
    objects: [
      ...collected.in('Firewall').map(item => firewallObject(item, policies)),
      ...collected
        .in('FirewallPolicyResponse')
        .map(item =>
          told(arnObject('FirewallPolicyResponse', item, 'FirewallPolicyName'), item, [
            ...policyFaults(item),
            ...(faults.get(idFor('FirewallPolicyResponse', item.id)) ?? []),
          ]),
        ),
      ...collected
        .in('RuleGroupResponse')
        .map(item => told(arnObject('RuleGroupResponse', item, 'RuleGroupName'), item, [])),
      ...collected
        .in('VpcEndpointAssociation')
        .map(item => told(arnObject('VpcEndpointAssociation', item, 'VpcEndpointAssociationId'), item, [])),
    ],
  }
}

/** The attachment by which a firewall hangs on a transit gateway, as AWS writes it. */
export const attachmentIdOf = ({ body }: Item): string | null =>
  wordIn(field(body, 'Firewall'), 'TransitGatewayAttachmentId') ??
  text(at(body, 'FirewallStatus', 'TransitGatewayAttachmentSyncState', 'AttachmentId')) ??
  null

const firewallObject = (item: Item, policies: ReadonlyMap<string, unknown>): Lowered<CloudObject> => {
  const firewall = field(item.body, 'Firewall')
  const policy = idOfArnIn('FirewallPolicyResponse', firewall, 'FirewallPolicyArn')
  const states = at(item.body, 'FirewallStatus', 'SyncStates')
  return told(arnObject('Firewall', item, 'FirewallName'), item, [
    ...(policy !== null && policies.has(policy) ? [] : ['its policy was not read']),
    ...(isObject(states) || attachmentIdOf(item) !== null ? [] : ['which endpoints it has is not told']),
  ])
}

/** With all that it says, so that documents that differ are found; what it became stands elsewhere. */
const told = (object: CloudObject, item: Item, faults: readonly string[]): Lowered<CloudObject> => {
  const { body } = item
  const value: CloudObject & { readonly says: Json } = { ...object, says: body }
  return { id: object.id, item, value, faults: [...new Set(faults)] }
}

const endpointsOf = (
  item: Item,
  states: Json | undefined,
  network: string | null,
  shape: Pick<Gateway, 'filter'>,
): readonly Lowered<Gateway>[] =>
  Object.entries(isObject(states) ? states : {})
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([zone, state]) => {
      const attachment = field(state, 'Attachment')
      const endpoint = wordIn(attachment, 'EndpointId')
      if (endpoint === null) return []
      const standing = standingOf(
        wordIn(attachment, 'Status'),
        ['ready', 'scaling', 'creating', 'deleting'],
        ['failed'],
      )
      const region = /^[a-z]{2}(?:-[a-z]+)+-\d+/.exec(zone)?.[0] ?? null
      const { origin, at: where } = item
      const object = { id: idFor('VpcEndpoints', endpoint), name: null, account: null, region, origin, at: where }
      return [gatewayOf(object, item, { network, subnet: idIn('Subnets', attachment, 'SubnetId'), ...shape }, standing)]
    })

/** In no network and no subnet: what it lets pass goes back to the transit gateway. */
const hanging = (object: CloudObject, item: Item, shape: Pick<Gateway, 'filter'>): Lowered<Gateway> =>
  gatewayOf(object, item, { network: null, subnet: null, ...shape }, { isUp: true, fault: null })

const gatewayOf = (
  object: CloudObject,
  item: Item,
  where: Pick<Gateway, 'network' | 'subnet' | 'filter'>,
  { isUp, fault }: Standing,
): Lowered<Gateway> => ({
  id: object.id,
  item,
  value: {
    ...object,
    ...where,
    kind: 'firewall',
    publicAddresses: [],
    privateAddresses: [],
    takes: null,
    reachesInternet: true,
    translates: bothFamilies.empty,
    isUp,
    isCut: false,
  },
  faults: fault === null ? [] : [fault],
})

/** Blocks of networks, which `HOME_NET` is where nobody says otherwise. */
const homesIn = (collected: Collected): ((network: string | null) => Reading<Addresses>) => {
  const ranges = new Map(collected.in('Vpcs').map(({ id, body }) => [idFor('Vpcs', id), rangesIn(body)] as const))
  return network => {
    if (network === null) return refuse('what `HOME_NET` is of a firewall in no network has to be set')
    const found = ranges.get(network)
    if (found === undefined || found.faults.length > 0) return refuse(`the blocks of \`${network}\` were not read`)
    return readAs(addressesOfCidrs(found.ranges))
  }
}

/** What of a filter is open, beside names. */
const openIn = (filter: Filter): readonly string[] => [
  ...faultsOf(filter),
  ...filter.egress.flatMap(({ peers, own }: FilterRule) =>
    [peers, own].flatMap(one => (one?.kind === 'perhaps' || one?.kind === 'unknown' ? [one.why] : [])),
  ),
]
