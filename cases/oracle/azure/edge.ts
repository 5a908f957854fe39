import { lost, open, over, type Step } from '../fabric/traveller.ts'
import type { Address } from '../ip.ts'
import { readAddress } from '../ip.ts'
import { at, list, text } from '../json.ts'
import { type Json, TCP, UDP } from '../types.ts'
import {
  blockOf,
  configsOf,
  idOf,
  isSame,
  nameOf,
  ofType,
  publicText,
  type Resource,
  refOf,
  type World,
} from './documents.ts'
import { isOnInternet } from './filters.ts'
import type { Traveller } from './traveller.ts'

/**
 * Out to the internet by the first that gives the sender an address: the NAT gateway of the subnet, a public address of its own, a
 * balancer, the platform. Source: Azure NAT Gateway, "overview"; "Using SNAT for outbound connections"; "Default outbound access".
 */
export const toInternet = (traveller: Traveller): readonly Step[] => {
  const { world, to, subnet, packet, vnet, broken, through } = traveller
  if (!isOnInternet(to)) return lost([])
  if (through !== null) return !through.isPublic ? lost([]) : over('firewall', through.id, through.publicAddresses, [])
  // The internet knows nobody of another network that was not translated.
  if (idOf(subnet).split('/subnets/')[0] !== vnet) return lost([])
  const nat = refOf(subnet, 'natGateway')
  const isCounted = packet.protocol === TCP || packet.protocol === UDP
  const byNat = nat !== null && to.family === 4
  const first = byNat ? throughNat(world, nat, isCounted || broken.has('a NAT gateway takes TCP and UDP')) : null
  if (first !== null && !broken.has('a NAT gateway goes first')) return first
  const others = withoutNat(traveller, isCounted)
  return others ?? first ?? byPlatform(traveller, isCounted)
}

/** Source: Azure NAT Gateway, "NAT gateway resource", Protocols, Static public IP addresses. */
const throughNat = (world: World, id: string, takes: boolean): readonly Step[] => {
  const nat = world.byId.get(id)
  if (nat === undefined) return open(nameOf(id), [])
  if (!takes) return lost([])
  const single = list(at(nat, 'publicIpAddresses')).flatMap(one => publicText(world, idOf(one)) ?? [])
  const whole = list(at(nat, 'publicIpPrefixes')).flatMap(one =>
    addressesIn(text(at(world.byId.get(idOf(one)), 'ipPrefix')) ?? ''),
  )
  return over('nat', nameOf(id), [...single, ...whole], [])
}

const addressesIn = (prefix: string): readonly string[] => {
  const block = blockOf(prefix)
  if (block === null || block.family !== 4) return []
  return Array.from({ length: 2 ** (32 - block.length) }, (_, i) =>
    [24n, 16n, 8n, 0n].map(shift => String(((block.bits + BigInt(i)) >> shift) & 255n)).join('.'),
  )
}

/** What the sender has of its own. null: nothing. */
const withoutNat = (traveller: Traveller, takes: boolean): readonly Step[] | null => {
  const { world, to, nic, vnet, block, broken } = traveller
  if (nic === null) return null
  const config = configOf(nic, block)
  const own = refOf(config, 'publicIPAddress')
  const seenAs = own === null ? null : publicText(world, own)
  const isPublic = own !== null && (seenAs === null || readAddress(seenAs)?.family === to.family)
  const byOwn = isPublic ? over('internet-gateway', nameOf(vnet), seenAs === null ? [] : [seenAs], []) : null
  const balancers = balancersOf(world, config, to)
  const byBalancer =
    balancers.length === 0
      ? null
      : !takes
        ? lost([])
        : balancers.flatMap(({ id, addresses }) => over('load-balancer-outbound', id, addresses, []))
  return broken.has('a public address goes before a balancer') ? (byBalancer ?? byOwn) : (byOwn ?? byBalancer)
}

const configOf = (nic: Resource, address: Address): Json | undefined =>
  configsOf(nic).find(one => {
    const own = readAddress(text(at(one, 'privateIPAddress')) ?? '')
    return own !== null && isSame(own, address)
  })

/** Those that the pool of an interface leaves by. Source: Azure Load Balancer, "Outbound rules". */
const balancersOf = (
  world: World,
  config: Json | undefined,
  to: Address,
): readonly { readonly id: string; readonly addresses: readonly string[] }[] => {
  const pools = list(at(config, 'loadBalancerBackendAddressPools')).map(idOf)
  return ofType(world, 'loadbalancers').flatMap(balancer => {
    const written = list(at(balancer, 'outboundRules')).filter(rule =>
      pools.includes(refOf(rule, 'backendAddressPool') ?? ''),
    )
    const lending = list(at(balancer, 'loadBalancingRules')).filter(
      rule =>
        at(rule, 'disableOutboundSnat') !== true &&
        [refOf(rule, 'backendAddressPool'), ...list(at(rule, 'backendAddressPools')).map(idOf)].some(
          one => one !== null && pools.includes(one),
        ),
    )
    const frontends = [
      ...written.flatMap(rule => list(at(rule, 'frontendIPConfigurations')).map(idOf)),
      ...lending.flatMap(rule => refOf(rule, 'frontendIPConfiguration') ?? []),
    ]
    const ids = list(at(balancer, 'frontendIPConfigurations'))
      .filter(one => frontends.includes(idOf(one)))
      .flatMap(one => refOf(one, 'publicIPAddress') ?? [])
    const isUnread = ids.some(one => publicText(world, one) === null)
    const addresses = ids
      .flatMap(one => publicText(world, one) ?? [])
      .filter(one => readAddress(one)?.family === to.family)
    // One that was not read is taken for IPv4, which a rule for a sender of IPv4 alone speaks of.
    return addresses.length === 0 && !(isUnread && to.family === 4)
      ? []
      : [{ id: nameOf(idOf(balancer)), addresses: [...new Set(addresses)] }]
  })
}

/** IPv4, where the subnet is not private; of anybody in a subnet nobody knows what it has of its own. */
const byPlatform = (traveller: Traveller, takes: boolean): readonly Step[] => {
  const { world, to, subnet, nic, vnet, block, broken } = traveller
  const config = nic === null ? undefined : configOf(nic, block)
  // Behind one that was not read anything may be, and it may lend addresses itself.
  if (poolsOf(config).some(id => !world.byId.has(id))) return open(null, [])
  if (poolsOf(config).some(id => at(world.byId.get(id), 'sku', 'name') !== 'Basic')) return lost([])
  const isLent =
    (to.family === 4 || broken.has('lent addresses are IPv4')) &&
    (at(subnet, 'defaultOutboundAccess') !== false || broken.has('a private subnet lends no address'))
  const last = isLent && takes ? over('provider-managed', nameOf(vnet), [], []) : lost([])
  return nic === null ? [...open(null, []), ...last] : last
}

/**
 * Balancers of the pools of an interface. Behind a standard one no address is lent.
 * Source: Azure Load Balancer, "SKUs" and "Outbound connections": default SNAT is not available there.
 */
const poolsOf = (config: Json | undefined): readonly string[] =>
  list(at(config, 'loadBalancerBackendAddressPools')).map(one => idOf(one).split('/backendaddresspools/')[0] ?? '')
