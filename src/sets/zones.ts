import { type Addresses, addressesOfCidrs, bothFamilies } from './addresses.ts'
import { type AnyCidr, readCidr } from './cidr.ts'
import { SPECIAL_BLOCKS, type SpecialBlock } from './special-purpose.ts'

/** The kinds of place an address can be, in the order in which the first that fits is taken. */
export const ZONES = [
  'metadata',
  'resolver',
  'link-local',
  'network',
  'peer-network',
  'on-premises',
  'private',
  'reserved',
  'internet',
] as const

export type Zone = (typeof ZONES)[number]

/** What only the caller knows. Overlaps are settled by the order of ZONES; nothing given is nothing there. */
export interface GivenZones {
  readonly metadata: Addresses
  readonly resolver: Addresses
  readonly network: Addresses
  readonly peerNetwork: Addresses
  readonly onPremises: Addresses
}

/** Disjoint, and together both families. */
export type ZoneMap = Readonly<Record<Zone, Addresses>>

const knownCidr = (text: string): AnyCidr => {
  const read = readCidr(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

/** The registries' blocks of one reach, less those of a longer prefix inside them that have another. */
const blocksOf = (reach: SpecialBlock['reach']): Addresses => {
  const byLength = SPECIAL_BLOCKS.map(({ block, reach: its }) => ({ cidr: knownCidr(block), its })).sort(
    (a, b) => a.cidr.prefix - b.cidr.prefix,
  )
  let result = bothFamilies.empty
  for (const { cidr, its } of byLength) {
    const addresses = addressesOfCidrs([cidr])
    result = its === reach ? bothFamilies.union(result, addresses) : bothFamilies.subtract(result, addresses)
  }
  return result
}

const [LINK, OWN, NONE] = [blocksOf('link'), blocksOf('own'), blocksOf('none')]

/**
 * Where platforms answer for an instance's identity and configuration, Azure's wire server among them. Addresses that one
 * platform uses are harmless on another but for 168.63.129.16 and 100.100.100.200, which a caller who knows the platform may
 * leave out. Source: the documentation of AWS, Azure, Google Cloud and Alibaba Cloud, 2026.
 */
export const METADATA: Addresses = addressesOfCidrs(
  [
    '169.254.169.254/32',
    '169.254.169.252/32',
    '169.254.170.2/32',
    '169.254.170.23/32',
    '168.63.129.16/32',
    '100.100.100.200/32',
    'fd00:ec2::254/128',
    'fd00:ec2::23/128',
    'fd20:ce::254/128',
  ].map(knownCidr),
)

export const NOTHING_GIVEN: GivenZones = {
  metadata: METADATA,
  resolver: bothFamilies.empty,
  network: bothFamilies.empty,
  peerNetwork: bothFamilies.empty,
  onPremises: bothFamilies.empty,
}

/** Documentation blocks are `reserved`: nothing may route them, whatever an example pretends. */
export const zonesOf = (given: GivenZones): ZoneMap => {
  const claims: Readonly<Record<Zone, Addresses>> = {
    metadata: given.metadata,
    resolver: given.resolver,
    'link-local': LINK,
    network: given.network,
    'peer-network': given.peerNetwork,
    'on-premises': given.onPremises,
    private: OWN,
    reserved: NONE,
    internet: bothFamilies.full,
  }
  let taken = bothFamilies.empty
  const zones: [Zone, Addresses][] = []
  for (const zone of ZONES) {
    zones.push([zone, bothFamilies.subtract(claims[zone], taken)])
    taken = bothFamilies.union(taken, claims[zone])
  }
  return Object.fromEntries(zones) as ZoneMap
}

/** The parts of a set by zone, in the order of ZONES, empty ones left out. */
export const splitByZone = (
  zones: ZoneMap,
  addresses: Addresses,
): readonly { readonly zone: Zone; readonly addresses: Addresses }[] =>
  ZONES.map(zone => ({ zone, addresses: bothFamilies.intersect(zones[zone], addresses) })).filter(
    part => !bothFamilies.isEmpty(part.addresses),
  )
