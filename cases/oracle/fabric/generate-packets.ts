import { type Address, type Block, readAddress, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Random } from '../random.ts'
import { ICMP, ICMPV6, type Json, SCTP, TCP, UDP } from '../types.ts'
import { addressesOf, allOf, type Bodies, isIn } from './documents.ts'
import { PORT_RANGES } from './generate-filters.ts'
import type { From, NetPacket } from './types.ts'

/** A packet and where it begins. */
export interface Sent {
  readonly from: From
  readonly packet: NetPacket
}

/** To addresses at the ends of everything that is written, and beside them; to ports likewise. */
export const makePackets = (random: Random, bodies: Bodies, count: number): readonly Sent[] => {
  const interfaces = allOf(bodies, 'NetworkInterfaces')
  const subnets = allOf(bodies, 'Subnets')
  const near = edgesOf(bodies)
  const held = interfaces.flatMap(addressesOf)
  const six = near.concat(held).filter(({ family }) => family === 6)
  return Array.from({ length: count }, (): Sent => {
    const isSubnet = interfaces.length === 0 || random.percent(12)
    const sender = isSubnet ? random.pick(subnets) : random.pick(interfaces)
    const from: From = isSubnet
      ? { kind: 'subnet', id: text(at(sender, 'SubnetId')) ?? '' }
      : { kind: 'interface', id: text(at(sender, 'NetworkInterfaceId')) ?? '' }
    const any = [near, near, WORLD, WORLD, SERVICES, six, held, held, held.length === 0 ? near : held].filter(
      one => one.length > 0,
    )
    const [own, to] = [addressesOf(sender), random.pick(random.pick(any))]
    const other = isIn(
      to,
      own.map(one => ({ ...one, length: one.family === 4 ? 32 : 128 })),
    )
      ? random.pick(WORLD)
      : to
    return { from, packet: makePacket(random, isTranslated(random, other)) }
  })
}

/** Sometimes as it is written for who has IPv6 only. */
const isTranslated = (random: Random, to: Address): Address => {
  const prefix = readAddress('64:ff9b::')
  return to.family === 4 && prefix !== null && random.percent(8) ? { family: 6, bits: prefix.bits | to.bits } : to
}

const makePacket = (random: Random, to: Address): NetPacket => {
  const destination = written(to)
  const [from, last] = random.pick(PORT_RANGES)
  const port = Math.min(65_535, Math.max(1, random.pick([from - 1, from, last, last + 1, 8080])))
  switch (random.below(8)) {
    case 0:
      return to.family === 4
        ? { destination, protocol: ICMP, type: random.pick([8, 8, 0]), code: 0 }
        : { destination, protocol: ICMPV6, type: random.pick([128, 128, 129]), code: 0 }
    case 1:
      return { destination, protocol: SCTP, port }
    case 2:
    case 3:
      return { destination, protocol: UDP, port }
    default:
      return { destination, protocol: TCP, port }
  }
}

/** Whatever is a block or an address anywhere in the documents: its ends, and what lies beside them. */
const edgesOf = (bodies: Bodies): readonly Address[] => {
  const found = new Map<string, Address>()
  for (const value of textsIn(bodies)) {
    const block = readBlock(value)
    if (block === null || block.length === 0) continue
    for (const bits of boundsOf(block)) found.set(`${block.family} ${bits}`, { family: block.family, bits })
  }
  return [...found.values()]
}

const boundsOf = ({ family, bits, length }: Block): readonly bigint[] => {
  const size = 1n << BigInt((family === 4 ? 32 : 128) - length)
  const first = bits - (bits % size)
  const max = family === 4 ? 1n << 32n : 1n << 128n
  return [first - 1n, first, first + size - 1n, first + size].filter(one => one >= 0n && one < max)
}

const textsIn = (value: Json): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? list(value).flatMap(textsIn)
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(textsIn)
        : []

const known = (texts: readonly string[]): readonly Address[] =>
  texts.map(readAddress).filter(address => address !== null)

const WORLD = known([
  '203.0.113.9',
  '203.0.113.200',
  '8.8.8.8',
  '200.1.1.1',
  '198.51.100.77',
  '192.168.7.1',
  '2600::7',
  '2606:4700::1',
])
const SERVICES = known([
  '169.254.169.254',
  '169.254.169.253',
  '169.254.169.123',
  '10.1.0.2',
  '10.2.0.2',
  '10.101.0.2',
  '169.254.168.9',
  'fd00:ec2::254',
  'fd00:ec2::9',
])

/** All eight groups of IPv6 in full: no shortening that could be read otherwise. */
export const written = ({ family, bits }: Address): string =>
  family === 4
    ? [24n, 16n, 8n, 0n].map(shift => String((bits >> shift) & 255n)).join('.')
    : Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')
