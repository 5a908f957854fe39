import type { Filter, Gateway } from '../../model/fabric.ts'
import { field, type Json } from '../../model/json.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { Lowered } from '../aws/lowered.ts'
import { RESERVED } from './blocks.ts'
import type { Collected } from './collect.ts'
import { type FirewallContext, rulesOfCollections } from './firewall-rules.ts'
import { cloudObject, type Item, within } from './item.ts'
import { addressIn, itemsIn, named, names, prop, readBlock, word, wordsUnder } from './property.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { modelId, readResourceId, withinType } from './resource-id.ts'

/**
 * It passes on what its rules let pass, and puts its own address on what goes to places that are not private.
 * Source: Azure REST API Reference, AzureFirewall; Azure Firewall, “Azure Firewall SNAT private IP address ranges”.
 */
export const lowerFirewall = (item: Item, collected: Collected, seen: PublicAddresses): Lowered<Gateway> => {
  const { body } = item
  const configurations = wordsUnder(body, 'ipConfigurations')
  const subnet = configurations.flatMap(one => named(one, 'subnet') ?? [])[0] ?? null
  const network = networkOf(configurations)
  const outside = configurations
    .filter(one => prop(one, 'publicIPAddress') !== undefined)
    .map(one => seen.of(prop(one, 'publicIPAddress')))
  const policy = collected.get(named(body, 'firewallPolicy') ?? '')
  const { translates, faults } = translatedBy(item, policy)
  const inHub = names(body, 'virtualHub')
  const isLost = subnet === null || network === null
  const detection = word(prop(policy?.body, 'intrusionDetection'), 'mode')?.toLowerCase()
  const intelligence = word(policy?.body ?? body, 'threatIntelMode')?.toLowerCase()
  return {
    id: item.id,
    item,
    value: isLost
      ? null
      : {
          ...cloudObject(item),
          kind: 'firewall',
          network,
          subnet,
          publicAddresses: outside.flatMap(one => one ?? []),
          privateAddresses: configurations.flatMap(one => addressIn(one, 'privateIPAddress') ?? []),
          takes: null,
          reachesInternet: true,
          filter: filterIdOf(item),
          translates,
          isUp: true,
          isCut: false,
        },
    faults: [
      ...faults,
      ...(outside.includes(null) ? ['a public address of it was not read'] : []),
      ...(inHub ? ['it stands in a virtual hub, which is not evaluated'] : []),
      ...(isLost && !inHub ? ['it does not say where it stands'] : []),
      ...(intelligence === 'deny' ? ['what it denies by threat intelligence is not evaluated'] : []),
      ...(detection === 'deny' ? ['what it denies by intrusion detection is not evaluated'] : []),
    ],
  }
}

const networkOf = (configurations: readonly Json[]): string | null => {
  for (const one of configurations) {
    const subnet = readResourceId(word(one, 'subnet', 'id') ?? '')
    const network = subnet === null ? null : withinType(subnet, 'microsoft.network/virtualnetworks')
    if (network !== null) return modelId(network)
  }
  return null
}

const filterIdOf = (item: Item): string =>
  names(item.body, 'firewallPolicy')
    ? (named(item.body, 'firewallPolicy') ?? 'azure:firewall-policy/unread')
    : `${item.id}#rules`

/** A policy’s ranges go before the firewall’s own. `255.255.255.255/32` is nobody’s, so that everything is translated. */
const translatedBy = (
  { body }: Item,
  policy: Item | undefined,
): { readonly translates: Addresses; readonly faults: readonly string[] } => {
  const snat = prop(policy?.body, 'snat')
  const ofPolicy = wordsUnder(snat, 'privateRanges')
  const own =
    field(prop(body, 'additionalProperties'), 'Network.SNAT.PrivateRanges') ?? prop(body, 'Network.SNAT.PrivateRanges')
  const written = names(body, 'firewallPolicy')
    ? ofPolicy
    : typeof own === 'string'
      ? own.split(',').map(one => one.trim())
      : []
  const learns = word(snat, 'autoLearnPrivateRanges')?.toLowerCase() === 'enabled'
  const faults = learns ? ['ranges that it learns to be private are not known'] : []
  if (written.length === 0) return { translates: bothFamilies.complement(addressesOfCidrs(RESERVED)), faults }
  const read = written.map(one =>
    typeof one === 'string' && one.toLowerCase() !== 'ianaprivateranges' ? readBlock(one) : null,
  )
  const ranges = read.flatMap((one, i) =>
    one === null
      ? String(written[i]).toLowerCase() === 'ianaprivateranges'
        ? RESERVED
        : []
      : one.kind === 'read'
        ? [one.value]
        : [],
  )
  const unread = read.some(one => one?.kind === 'refused') ? ['a range that it takes for private cannot be read'] : []
  return { translates: bothFamilies.complement(addressesOfCidrs(ranges)), faults: [...faults, ...unread] }
}

/** Rules that stand in the firewall itself, of one without a policy. */
export const classicFilter = (item: Item, context: FirewallContext): Filter | null => {
  if (names(item.body, 'firewallPolicy')) return null
  const collections = (['networkRuleCollections', 'applicationRuleCollections'] as const).flatMap(key =>
    itemsIn(item.body, key).map(({ body, at }) => ({
      body,
      at: within(item, at),
      tier: key === 'networkRuleCollections' ? 0 : 1,
      order: [0],
    })),
  )
  return {
    ...cloudObject(item),
    id: filterIdOf(item),
    stateful: true,
    reads: 'ordered',
    joins: 'each',
    egress: rulesOfCollections(collections, context),
    ingress: [],
    doubts: [],
  }
}
