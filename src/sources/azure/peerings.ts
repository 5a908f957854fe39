import type { CloudObject, Peering } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { type Lowered, type Merged, merge } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import { named, prop, rangesOf, word, wordsUnder } from './property.ts'
import { modelId, parentOf } from './resource-id.ts'

/** What one network says of its peering with another. */
export interface Side extends CloudObject {
  readonly network: string
  readonly remote: string
  readonly remoteRanges: readonly AnyCidr[]
  readonly isConnected: boolean
  readonly hasAccess: boolean
  readonly takesForwarded: boolean
  readonly lendsGateway: boolean
  readonly usesGateway: boolean
}

/**
 * Each network has its own half, and both must be connected. Source: Virtual Network Peering, “Create, change, or delete a virtual
 * network peering”; Azure REST API Reference, VirtualNetworkPeering.
 */
export const sidesIn = (collected: Collected): Merged<Side> =>
  merge<Side>(collected.in('microsoft.network/virtualnetworks/virtualnetworkpeerings').map(lowerSide), () => null)

const lowerSide = (item: Item): Lowered<Side> => {
  const { body } = item
  const object = cloudObject(item)
  const around = parentOf(item.resource)
  const remote = named(body, 'remoteVirtualNetwork')
  const state = word(body, 'peeringState')
  const written = wordsUnder(prop(body, 'remoteAddressSpace'), 'addressPrefixes')
  const current = wordsUnder(prop(body, 'remoteVirtualNetworkAddressSpace'), 'addressPrefixes')
  const { ranges, faults } = rangesOf(written.length > 0 ? written : current)
  const ofSubnets = prop(body, 'peerCompleteVnets') === false
  return {
    id: item.id,
    item,
    value:
      around === null || remote === null
        ? null
        : {
            ...object,
            network: modelId(around),
            remote,
            remoteRanges: ranges,
            isConnected: (state ?? 'connected').toLowerCase() === 'connected',
            hasAccess: isOn(body, 'allowVirtualNetworkAccess', true),
            takesForwarded: isOn(body, 'allowForwardedTraffic', false),
            lendsGateway: isOn(body, 'allowGatewayTransit', false),
            usesGateway: isOn(body, 'useRemoteGateways', false),
          },
    faults: [
      ...(remote === null ? ['it does not name the other network'] : []),
      ...(state === null ? ['its state is not told'] : []),
      ...(ofSubnets ? ['it is for some subnets alone, and taken for one of whole networks'] : []),
      ...faults,
    ],
  }
}

const isOn = (body: Json, key: string, byDefault: boolean): boolean => {
  const value = prop(body, key)
  return typeof value === 'boolean' ? value : byDefault
}

export interface Peerings {
  readonly values: readonly Peering[]
  /** The halves of a network that are connected, each with the peering that it is of. */
  readonly of: (network: string) => readonly Joined[]
  /** Those that have such a half. */
  readonly networks: readonly string[]
}

export interface Joined {
  readonly side: Side
  /** null: not read. */
  readonly other: Side | null
  readonly peering: Peering
}

/** Whether both halves let the other network in. */
export const isOpenTo = ({ side, other }: Joined): boolean => side.hasAccess && (other === null || other.hasAccess)

/** Both halves together. Where one was not read, what the other says counts. */
export const joinSides = (sides: readonly Side[]): Peerings => {
  const pairs = [...Map.groupBy(sides, ({ network, remote }) => [network, remote].toSorted().join(' ')).values()]
  const joined = new Map<string, Joined[]>()
  const values = pairs.map(both => {
    const [first] = both as [Side, ...Side[]]
    const peering: Peering = {
      ...aboutOf(first),
      networks: [first.network, first.remote].toSorted() as [string, string],
      ranges: both.flatMap(({ remoteRanges }) => remoteRanges),
      isUp: both.every(({ isConnected }) => isConnected),
      takesForwarded: both.filter(({ takesForwarded }) => takesForwarded).map(({ network }) => network),
    }
    if (peering.isUp)
      for (const side of both) {
        const other = both.find(({ network }) => network === side.remote) ?? null
        joined.set(side.network, [...(joined.get(side.network) ?? []), { side, other, peering }])
      }
    return peering
  })
  return {
    values: values.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    of: network => joined.get(network) ?? [],
    networks: [...joined.keys()].toSorted(),
  }
}

const aboutOf = ({ id, name, account, region, origin, at }: Side): CloudObject => ({
  id,
  name,
  account,
  region,
  origin,
  at,
})
