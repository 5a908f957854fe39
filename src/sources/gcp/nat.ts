import type { Gateway, Outward } from '../../model/fabric.ts'
import { field, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import { ICMP, TCP, UDP } from '../../sets/protocol.ts'
import { protocolTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import { type Collected, cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idFor, idIn, idOf, readLink, regionOf } from './links.ts'
import type { SubnetFacts } from './networks.ts'
import { addressOf } from './ranges.ts'
import { wordsIn } from './who.ts'

export interface Nats {
  readonly gateways: readonly Gateway[]
  /** Who gives addresses of the internet to what a subnet sends, after its machines’ own. */
  readonly outwardOf: (subnet: SubnetFacts) => readonly Outward[]
  readonly faults: readonly Fault[]
}

/** One gateway of a router, and what it is for. */
interface Nat {
  readonly gateway: Gateway
  readonly body: Json
  readonly router: GcpItem
  readonly region: string | null
}

/**
 * Cloud NAT is a setting of a router, for subnets of its network and its region.
 * Source: Compute Engine API, Router, RouterNat; “Cloud NAT overview”, Specifications.
 */
export const natsIn = (collected: Collected): Nats => {
  const faults: Fault[] = []
  const addresses = new Map(collected.in('address').map(({ id, body }) => [id, addressOf(field(body, 'address'))]))
  const all = collected.in('router').flatMap((router): readonly Nat[] => {
    const network = idIn(field(router.body, 'network'), 'networks', router.link)
    return list(field(router.body, 'nats')).flatMap((body, i) => {
      const name = text(field(body, 'name'))
      if (name === undefined || network === null) {
        faults.push({ id: router.id, why: 'a NAT gateway of it does not say its name or its network' })
        return []
      }
      const seen = publicAddresses(body, router, collected, addresses)
      for (const why of [...seen.faults, ...unread(body, name), ...(router.isDisputed ? [DISPUTED] : [])])
        faults.push({ id: router.id, why })
      const { project, place } = router.link
      const gateway: Gateway = {
        ...cloudObject(router, {
          id: idFor('nat', project, place, router.link.name, name),
          name,
          at: ['nats', i],
        }),
        kind: 'nat',
        network,
        subnet: null,
        publicAddresses: seen.addresses,
        privateAddresses: [],
        takes: TAKEN,
        reachesInternet: text(field(body, 'type')) !== 'PRIVATE',
        filter: null,
        translates: bothFamilies.full,
        isUp: true,
        isCut: false,
      }
      return [{ gateway, body, router, region: regionOf(place) }]
    })
  })
  const sorted = all.toSorted((a, b) => compareText(a.gateway.id, b.gateway.id))
  return {
    // Where documents differ, what it takes is as open as if it had not been read.
    gateways: sorted.flatMap(({ gateway, router }) => (router.isDisputed ? [] : [gateway])),
    outwardOf: subnet =>
      sorted
        .filter(({ gateway, region }) => gateway.network === subnet.network && region === subnet.region)
        .filter(({ gateway }) => gateway.reachesInternet)
        .filter(({ body }) => isForMachines(body))
        .flatMap(({ gateway, body, router }): readonly Outward[] => {
          const from = coveredBy(body, router, subnet)
          return from === 'none' ? [] : [{ kind: 'gateway', id: gateway.id, from, families: [4] }]
        }),
    faults,
  }
}

/** Source: “Cloud NAT overview”, Specifications: TCP, UDP and ICMP. */
const TAKEN = unionOfTraffics([TCP, UDP, ICMP].map(protocolTraffic))

const DISPUTED = 'its NAT gateways count as not read'

const isForMachines = (nat: Json): boolean => {
  const types = wordsIn(field(nat, 'endpointTypes'))
  return types.length === 0 || types.includes('ENDPOINT_TYPE_VM')
}

/** null: the whole subnet. Secondary ranges, those of pods, may be left out. */
const coveredBy = (nat: Json, router: GcpItem, subnet: SubnetFacts): readonly AnyCidr[] | null | 'none' => {
  switch (text(field(nat, 'sourceSubnetworkIpRangesToNat'))) {
    case 'ALL_SUBNETWORKS_ALL_IP_RANGES':
      return null
    case 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES':
      return subnet.primary
    case 'LIST_OF_SUBNETWORKS': {
      const entries = list(field(nat, 'subnetworks')).filter(
        one => idIn(field(one, 'name'), 'subnetworks', router.link) === subnet.item.id,
      )
      if (entries.length === 0) return 'none'
      const parts = entries.map(entry => entryRanges(entry, subnet))
      return parts.some(part => part === null) ? null : parts.flatMap(part => part ?? [])
    }
    default:
      return 'none'
  }
}

const entryRanges = (entry: Json, { primary, secondary }: SubnetFacts): readonly AnyCidr[] | null => {
  const kinds = wordsIn(field(entry, 'sourceIpRangesToNat'))
  if (kinds.includes('ALL_IP_RANGES')) return null
  const names = wordsIn(field(entry, 'secondaryIpRangeNames'))
  return [
    ...(kinds.includes('PRIMARY_IP_RANGE') ? primary : []),
    ...(kinds.includes('LIST_OF_SECONDARY_IP_RANGES') ? names.flatMap(name => secondary.get(name) ?? []) : []),
  ]
}

/** Those that are being drained serve no new connection; those that Google picks are told by the router’s status alone. */
const publicAddresses = (
  nat: Json,
  router: GcpItem,
  collected: Collected,
  known: ReadonlyMap<string, AnyAddress | null>,
): { readonly addresses: readonly AnyAddress[]; readonly faults: readonly string[] } => {
  const named = [
    ...list(field(nat, 'natIps')),
    ...list(field(nat, 'rules')).flatMap(rule => list(field(field(rule, 'action'), 'sourceNatActiveIps'))),
  ]
  const ids = [
    ...new Set(
      named.flatMap(one => {
        const link = text(one) === undefined ? null : readLink(text(one) as string, 'addresses', router.link)
        return link === null ? [] : [idOf(link)]
      }),
    ),
  ]
  const read = ids.map(id => known.get(id) ?? null)
  return {
    addresses: [...read.filter(one => one !== null), ...allocatedTo(nat, router, collected)],
    faults:
      read.includes(null) || (named.length > 0 && ids.length === 0) ? ['an address of a NAT gateway was not read'] : [],
  }
}

const allocatedTo = (nat: Json, router: GcpItem, collected: Collected): readonly AnyAddress[] => {
  const status = field(collected.statusOf(router.id)?.body, 'status')
  const of = list(field(field(status, 'result') ?? status, 'natStatus')).filter(
    one => text(field(one, 'name')) === text(field(nat, 'name')),
  )
  return of.flatMap(one => list(field(one, 'autoAllocatedNatIps'))).flatMap(one => addressOf(one) ?? [])
}

const SUBNETS = ['ALL_SUBNETWORKS_ALL_IP_RANGES', 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES', 'LIST_OF_SUBNETWORKS']

const unread = (nat: Json, name: string): readonly string[] => {
  const subnets = text(field(nat, 'sourceSubnetworkIpRangesToNat'))
  const v6 = text(field(nat, 'sourceSubnetworkIpRangesToNat64'))
  return [
    ...(list(field(nat, 'rules')).length > 0
      ? [`which rule of the NAT gateway \`${name}\` picks an address is not evaluated`]
      : []),
    ...(v6 === undefined ? [] : [`the NAT gateway \`${name}\` translates IPv6, which is not evaluated`]),
    ...(subnets === undefined
      ? v6 === undefined
        ? [`which subnets the NAT gateway \`${name}\` is for is not told`]
        : []
      : SUBNETS.includes(subnets)
        ? []
        : [`which subnets the NAT gateway \`${name}\` is for (\`${subnets}\`) is not evaluated`]),
  ]
}
