import type { Network } from '../../model/fabric.ts'
import { field, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type AnyCidr, printCidr } from '../../sets/cidr.ts'
import { type Collected, cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idIn, regionOf } from './links.ts'
import { rangeOf, setOf, setOfTexts } from './ranges.ts'

/** A subnet as its document tells of it. */
export interface SubnetFacts {
  readonly item: GcpItem
  readonly network: string
  readonly region: string | null
  readonly primary: readonly AnyCidr[]
  /** By the name of the range. */
  readonly secondary: ReadonlyMap<string, AnyCidr>
  readonly ranges: readonly AnyCidr[]
  /** Whether its machines reach services of Google without an address of their own. */
  readonly hasPrivateAccess: boolean
  /** Whether routes may take a part of it elsewhere. */
  readonly isHybrid: boolean
  readonly faults: readonly string[]
}

/** Source: Compute Engine API, Subnetwork. */
export const subnetFacts = (item: GcpItem): SubnetFacts | null => {
  const { body, link } = item
  const network = idIn(field(body, 'network'), 'networks', link)
  if (network === null) return null
  const faults: string[] = []
  const read = (key: string): readonly AnyCidr[] => {
    if ((field(body, key) ?? null) === null) return []
    const range = rangeOf(field(body, key))
    if (range === null) faults.push(`a range cannot be read: \`${key}\``)
    return range === null ? [] : [range]
  }
  const secondary = list(field(body, 'secondaryIpRanges')).flatMap(one => {
    const [name, range] = [text(field(one, 'rangeName')), rangeOf(field(one, 'ipCidrRange'))]
    if (range === null) faults.push('a secondary range cannot be read')
    return range === null ? [] : [[name ?? printCidr(range), range] as const]
  })
  const primary = read('ipCidrRange')
  const v6 = [...read('ipv6CidrRange'), ...read('internalIpv6Prefix'), ...read('externalIpv6Prefix')]
  return {
    item,
    network,
    region: regionOf(link.place),
    primary,
    secondary: new Map(secondary),
    ranges: onceEach([...primary, ...secondary.map(([, range]) => range), ...v6]),
    hasPrivateAccess: field(body, 'privateIpGoogleAccess') === true,
    isHybrid: field(body, 'allowSubnetCidrRoutesOverlap') === true,
    faults,
  }
}

const onceEach = (ranges: readonly AnyCidr[]): readonly AnyCidr[] => [
  ...new Map(ranges.map(range => [printCidr(range), range])).values(),
]

/**
 * Metadata and the names that it resolves are kept from nobody. Source: “VPC firewall rules”, Always allowed traffic; “About VM
 * metadata”, Metadata server.
 */
export const OWN_SERVICES: Addresses = setOfTexts('169.254.169.254/32', 'fd20:ce::254/128')

/** Source: Compute Engine API, Network. */
export const lowerNetwork = (item: GcpItem, subnets: readonly SubnetFacts[]): Network => {
  const own = subnets.filter(one => one.network === item.id).toSorted((a, b) => compareText(a.item.id, b.item.id))
  const ula = rangeOf(field(item.body, 'internalIpv6Range'))
  return {
    ...cloudObject(item),
    ranges: onceEach([...own.flatMap(({ ranges }) => ranges), ...(ula === null ? [] : [ula])]),
    ownServices: OWN_SERVICES,
    mainTable: null,
    internetDoubts: [],
  }
}

export const networkFaults = ({ id, body }: GcpItem): readonly Fault[] => [
  ...(field(body, 'IPv4Range') === undefined ? [] : [{ id, why: 'a network without subnets is not evaluated' }]),
  ...((field(body, 'internalIpv6Range') ?? null) !== null && rangeOf(field(body, 'internalIpv6Range')) === null
    ? [{ id, why: 'its internal IPv6 range cannot be read' }]
    : []),
]

/** All that the subnets of a network hold. */
export const rangesByNetwork = (collected: Collected, subnets: readonly SubnetFacts[]): ((id: string) => Addresses) => {
  const known = new Map(
    collected
      .in('network')
      .map(({ id }) => [id, setOf(subnets.filter(one => one.network === id).flatMap(({ ranges }) => ranges))]),
  )
  return id => known.get(id) ?? bothFamilies.empty
}
