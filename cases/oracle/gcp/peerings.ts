import { type Block, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'
import { byLink, type Documents, pathOf } from './documents.ts'
import type { Broken } from './types.ts'

/** The other side of a peering, as far as it was read. */
export interface Peer {
  readonly name: string
  readonly network: string
  readonly body: Json | undefined
  readonly here: Json
  /** null: the other network was not read. */
  readonly there: Json | null
}

/** Source: VPC documentation, "VPC Network Peering": both sides have to be active. */
export const peersOf = (documents: Documents, network: string, broken: Broken): readonly Peer[] =>
  list(at(byLink(documents, 'compute#network', network), 'peerings'))
    .filter(one => isUp(one, broken))
    .flatMap(here => {
      const other = pathOf(at(here, 'network'))
      const body = byLink(documents, 'compute#network', other)
      const there = list(at(body, 'peerings')).find(one => pathOf(at(one, 'network')) === network)
      if (body !== undefined && (there === undefined || !isUp(there, broken))) return []
      return [{ name: text(at(here, 'name')) ?? '', network: other, body, here, there: there ?? null }]
    })

const isUp = (one: Json, broken: Broken): boolean => at(one, 'state') === 'ACTIVE' || broken.has('a peering must be up')

/**
 * Private IPv4 always; public IPv4 where one side gives it, as it does unless told otherwise, and the other takes it; IPv6 where both
 * sides have both families. Source: VPC documentation, "VPC Network Peering", Options for exchanging subnet routes.
 */
export const isExchanged = ({ here, there }: Peer, range: Block, broken: Broken): boolean => {
  if (range.family === 6)
    return (
      broken.has('IPv6 of a peer by flag') ||
      [here, there].every(one => one === null || at(one, 'stackType') === 'IPV4_IPV6')
    )
  if (isPrivate(range)) return !broken.has('a peering hands over private subnets')
  if (broken.has('public addresses of a peer by flag')) return true
  return (
    at(there ?? undefined, 'exportSubnetRoutesWithPublicIp') !== false &&
    at(here, 'importSubnetRoutesWithPublicIp') === true
  )
}

/** Source: VPC documentation, "Subnets", Valid IPv4 ranges: private ones. */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
]

const isPrivate = ({ bits }: Block): boolean =>
  PRIVATE.map(readBlock).some(
    one => one !== null && bits >> BigInt(32 - one.length) === one.bits >> BigInt(32 - one.length),
  )

/** Source: the same, Options for exchanging static and dynamic routes: both flags; no tagged one, none to the internet. */
export const handsOver = ({ here, there }: Peer, broken: Broken): boolean =>
  broken.has('custom routes of a peer by both flags') ||
  (at(here, 'importCustomRoutes') === true && at(there ?? undefined, 'exportCustomRoutes') === true)
