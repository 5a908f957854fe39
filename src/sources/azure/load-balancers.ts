import type { CloudObject, Gateway } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { protocolTraffic, type Traffic, unionOfTraffics } from '../../sets/traffic.ts'
import type { Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item } from './item.ts'
import { idOf, prop, word, wordsUnder } from './property.ts'
import type { PublicAddresses } from './public-addresses.ts'

/** What the document of a balancer says of packets that those behind it send. */
export interface BalancerFact extends CloudObject {
  /** Pools whose members leave by it. */
  readonly lends: readonly string[]
  /** All of its pools. Who is in one of a standard balancer is lent no address by default. */
  readonly pools: readonly string[]
  readonly isStandard: boolean
  readonly publicAddresses: readonly AnyAddress[]
  readonly takes: Traffic
}

/**
 * An outbound rule, or a balancing rule that does not say otherwise, lends the public addresses of its own frontends, for the protocols
 * that it is of. Source: Azure Load Balancer, “Outbound rules”, “Using Source Network Address Translation (SNAT) for outbound connections”;
 * Azure REST API Reference, LoadBalancer.
 */
export const lowerBalancer = (item: Item, seen: PublicAddresses): Lowered<BalancerFact> => {
  const { body } = item
  const frontends = new Map(
    wordsUnder(body, 'frontendIPConfigurations').map(one => [idOf(prop(one, 'id')) ?? '', frontendOf(one, seen)]),
  )
  const rules = [
    ...wordsUnder(body, 'outboundRules').map(rule => ({ rule, poolKeys: ['backendAddressPool'] })),
    ...wordsUnder(body, 'loadBalancingRules')
      .filter(rule => prop(rule, 'disableOutboundSnat') !== true)
      .map(rule => ({ rule, poolKeys: ['backendAddressPool', 'backendAddressPools'] })),
  ].map(({ rule, poolKeys }) => ({
    pools: wordsUnder(rule, ...poolKeys).flatMap(pool => idOf(prop(pool, 'id')) ?? []),
    outside: wordsUnder(rule, 'frontendIPConfigurations', 'frontendIPConfiguration')
      .flatMap(one => idOf(prop(one, 'id')) ?? [])
      .map(id => frontends.get(id) ?? null),
    protocol: word(rule, 'protocol')?.toLowerCase() ?? 'all',
  }))
  const lending = rules.filter(({ outside }) => outside.some(one => one?.isPublic === true))
  const reached = lending.flatMap(({ outside }) => outside.flatMap(one => one ?? []))
  const isUnread = reached.some(({ addresses }) => addresses === null)
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      lends: [...new Set(lending.flatMap(({ pools }) => pools))].sort(),
      pools: wordsUnder(body, 'backendAddressPools').flatMap(pool => idOf(prop(pool, 'id')) ?? []),
      isStandard: (word(prop(body, 'sku'), 'name') ?? 'basic').toLowerCase() === 'standard',
      publicAddresses: onceEach(reached.flatMap(({ addresses }) => addresses ?? [])),
      takes: unionOfTraffics(lending.flatMap(({ protocol }) => TAKEN[protocol] ?? TAKEN['all'] ?? [])),
    },
    faults: [
      ...(isUnread ? ['a public address of it was not read'] : []),
      ...(new Set(lending.map(({ outside }) => JSON.stringify(outside))).size > 1
        ? ['its pools are lent addresses of different frontends, and all of them count for each']
        : []),
    ],
  }
}

/** Nothing else is translated. Source: as above, “What are SNAT ports?”. */
const TAKEN: Readonly<Record<string, readonly Traffic[]>> = {
  tcp: [protocolTraffic(TCP)],
  udp: [protocolTraffic(UDP)],
  all: [protocolTraffic(TCP), protocolTraffic(UDP)],
}

const frontendOf = (
  one: Json,
  seen: PublicAddresses,
): { readonly isPublic: boolean; readonly addresses: readonly AnyAddress[] | null } => {
  const reference = prop(one, 'publicIPAddress') ?? prop(one, 'publicIPPrefix')
  return { isPublic: reference !== undefined, addresses: reference === undefined ? [] : seen.of(reference) }
}

const onceEach = (addresses: readonly AnyAddress[]): readonly AnyAddress[] => [
  ...new Map(addresses.map(one => [one.words.join('.'), one])).values(),
]

/** null: nobody leaves by it. */
export const gatewayOfBalancer = (fact: BalancerFact, network: string | null): Gateway | null =>
  fact.lends.length === 0
    ? null
    : {
        id: fact.id,
        name: fact.name,
        account: fact.account,
        region: fact.region,
        origin: fact.origin,
        at: fact.at,
        kind: 'balancer',
        network,
        subnet: null,
        publicAddresses: fact.publicAddresses,
        privateAddresses: [],
        takes: fact.takes,
        reachesInternet: true,
        filter: null,
        translates: bothFamilies.full,
        isUp: true,
        isCut: false,
      }

/** A pool that a balancer’s own document names, by the id of the balancer alone. */
export const balancerOfPool = (pool: string): string =>
  pool.replace(/^azure:load-balancer-pool\//, 'azure:load-balancer/').replace(/\/[^/]*$/, '')
