import { type Address, readAddress } from '../ip.ts'
import { at } from '../json.ts'
import type { Json } from '../types.ts'
import { blockOf, blocksOf, isIn, oneAddress } from './documents.ts'
import type { Broken } from './types.ts'

/**
 * Resolver, metadata, task roles, licences and time: neither groups nor lists keep them from anybody.
 * Source: Amazon VPC User Guide, "Security groups" and "Network ACL basics"; "DNS attributes for your VPC": the resolver is at
 * the second address of the primary block.
 */
const SERVICES = [
  '169.254.169.123/32',
  '169.254.169.249/32',
  '169.254.169.250/32',
  '169.254.169.251/32',
  '169.254.169.253/32',
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  'fd00:ec2::23/128',
  'fd00:ec2::123/128',
  'fd00:ec2::240/128',
  'fd00:ec2::253/128',
  'fd00:ec2::254/128',
]

export const isService = (vpc: Json | undefined, to: Address): boolean => {
  const primary = vpc === undefined ? null : blockOf(at(vpc, 'CidrBlock'))
  const resolver = primary === null ? [] : [oneAddress({ family: 4, bits: primary.bits + 2n })]
  return isIn(to, [...blocksOf(SERVICES), ...resolver])
}

/** Nothing else there is forwarded, whatever the routes say. Source: Amazon VPC User Guide, "Subnet route tables", Routes. */
export const isKept = (to: Address): boolean => isIn(to, blocksOf(['169.254.168.0/22', 'fd00:ec2::/32']))

/** Blocks that nobody on the internet has. Source: IANA registries of special-purpose addresses; RFC 5771, RFC 1112, RFC 4291. */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]
const UNUSED = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', '::1/128', 'ff00::/8']

export const isOnInternet = (to: Address, broken: Broken): boolean => {
  if (broken.has('metadata needs no document') && isIn(to, blocksOf(METADATA))) return true
  if (isIn(to, blocksOf(PRIVATE))) return false
  return broken.has('nobody has loopback, multicast and reserved addresses') || !isIn(to, blocksOf(UNUSED))
}

const METADATA = [
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
]

/** The IPv4 address inside one of 64:ff9b::/96; null: it is none of them. Source: RFC 6052, section 2.1. */
export const embedded = (to: Address): Address | null => {
  const prefix = readAddress('64:ff9b::')
  if (to.family !== 6 || prefix === null || to.bits >> 32n !== prefix.bits >> 32n) return null
  return { family: 4, bits: to.bits & 0xffffffffn }
}
