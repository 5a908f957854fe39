import type { CloudObject } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import type { AnyAddress, Family } from '../../sets/cidr.ts'
import { type Lowered, type Merged, merge } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import { addressIn, named, prop, word, wordsUnder } from './property.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { modelId, parentOf, readResourceId } from './resource-id.ts'

/** What the document of an interface says. The names are ids, whether what they stand for was read or not. */
export interface NicFact extends CloudObject {
  readonly subnet: string
  readonly of: string | null
  readonly addresses: readonly AnyAddress[]
  readonly untold: readonly Family[]
  readonly publicAddresses: readonly { readonly of: AnyAddress; readonly seenAs: AnyAddress }[]
  /** It has a public address that was not read. */
  readonly hidesPublic: boolean
  readonly group: string | null
  readonly forwards: boolean
  /** Application security groups. */
  readonly applications: readonly string[]
  /** Pools of balancers, of the configuration that it sends by. */
  readonly pools: readonly string[]
  readonly privateEndpoint: string | null
}

/** Source: Azure REST API Reference, NetworkInterface, NetworkInterfaceIPConfiguration. */
export const nicFactsIn = (collected: Collected, seen: PublicAddresses): Merged<NicFact> =>
  merge<NicFact>(
    [
      ...collected.in('microsoft.network/networkinterfaces'),
      ...collected.in('microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces'),
    ].map(item => lowerNic(item, seen)),
    kept => ({ ...kept, group: 'azure:nsg/unread' }),
  )

const lowerNic = (item: Item, seen: PublicAddresses): Lowered<NicFact> => {
  const { body } = item
  const configurations = wordsUnder(body, 'ipConfigurations')
  const subnet = configurations.flatMap(one => named(one, 'subnet') ?? [])[0] ?? null
  const read = readConfigurations(configurations, seen)
  const endpoint = named(body, 'privateEndpoint')
  return {
    id: item.id,
    item,
    value:
      subnet === null
        ? null
        : {
            ...cloudObject(item),
            subnet,
            of: endpoint ?? machineOf(item),
            addresses: read.addresses,
            untold: read.untold,
            publicAddresses: read.publicAddresses,
            hidesPublic: read.hidesPublic,
            group: groupOf(body),
            forwards: prop(body, 'enableIPForwarding') === true,
            applications: read.applications,
            pools: read.pools,
            privateEndpoint: endpoint,
          },
    faults: [...(subnet === null ? ['it names no subnet'] : []), ...read.faults],
  }
}

/** Of a scale set an interface stands under its instance. */
const machineOf = ({ resource, body }: Item): string | null => {
  const around = resource.type === 'microsoft.network/networkinterfaces' ? null : parentOf(resource)
  return around === null ? named(body, 'virtualMachine') : modelId(around)
}

export const groupOf = (body: Json | undefined): string | null =>
  prop(body, 'networkSecurityGroup') === undefined ? null : (named(body, 'networkSecurityGroup') ?? 'azure:nsg/unread')

interface Configurations
  extends Pick<NicFact, 'addresses' | 'untold' | 'publicAddresses' | 'hidesPublic' | 'applications' | 'pools'> {
  readonly faults: readonly string[]
}

/**
 * Balancers lend addresses to what leaves by the primary configuration alone.
 * Source: Azure Load Balancer, “Using Source Network Address Translation (SNAT) for outbound connections”, Constraints.
 */
export const readConfigurations = (configurations: readonly Json[], seen: PublicAddresses): Configurations => {
  const read = configurations.map(one => {
    const address = addressIn(one, 'privateIPAddress')
    const reference = prop(one, 'publicIPAddress') ?? prop(one, 'publicIPAddressConfiguration')
    const outside = reference === undefined ? [] : seen.of(reference)
    const family: Family = word(one, 'privateIPAddressVersion')?.toLowerCase() === 'ipv6' ? 6 : 4
    return { one, address, outside, family, isUnreadable: address === null && word(one, 'privateIPAddress') !== null }
  })
  const primary = read.filter(({ one }) => prop(one, 'primary') === true)
  const sending = primary.length > 0 ? primary : read.slice(0, 1)
  const ids = (list: readonly { readonly one: Json }[], key: string): readonly string[] =>
    [...new Set(list.flatMap(({ one }) => wordsUnder(one, key).flatMap(inner => idIn(inner))))].sort()
  return {
    addresses: read.flatMap(({ address }) => address ?? []),
    untold: [...new Set(read.filter(({ address }) => address === null).map(({ family }) => family))].sort(),
    publicAddresses: read.flatMap(({ address, outside }) =>
      address === null ? [] : (outside ?? []).map(seenAs => ({ of: address, seenAs })),
    ),
    hidesPublic: read.some(({ outside }) => outside === null),
    applications: ids(read, 'applicationSecurityGroups'),
    pools: ids(sending, 'loadBalancerBackendAddressPools'),
    faults: [
      ...(read.some(({ isUnreadable }) => isUnreadable) ? ['an address cannot be read'] : []),
      ...(read.some(({ outside }) => outside === null) ? ['a public address of it was not read'] : []),
    ],
  }
}

const idIn = (value: Json): readonly string[] => {
  const resource = readResourceId(word(value, 'id') ?? '')
  return resource === null ? [] : [modelId(resource)]
}
