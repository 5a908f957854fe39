import { written } from '../fabric/generate-packets.ts'
import type { From, NetPacket } from '../fabric/types.ts'
import { type Address, type Block, readAddress } from '../ip.ts'
import { list } from '../json.ts'
import type { Random } from '../random.ts'
import { ICMP, ICMPV6, type Json, TCP, UDP } from '../types.ts'
import {
  addressesOf,
  type Bodies,
  blockOf,
  blocksOf,
  idOf,
  isIn,
  nameOf,
  ofType,
  oneAddress,
  worldOf,
} from './documents.ts'

/** A packet and where it begins. */
export interface Sent {
  readonly from: From
  readonly packet: NetPacket
}

/** To addresses at the ends of everything that is written, also where it was not read. */
export const makePackets = (random: Random, all: Bodies, read: Bodies, count: number): readonly Sent[] => {
  const [whole, world] = [worldOf(all), worldOf(read)]
  const nics = ofType(world, 'networkinterfaces').filter(nic => !nameOf(idOf(nic)).startsWith('penic'))
  const subnets = ofType(world, 'subnets').filter(
    one => !['gatewaysubnet', 'azurefirewallsubnet'].includes(nameOf(idOf(one))),
  )
  const near = edgesOf(all)
  const held = ofType(whole, 'networkinterfaces').flatMap(addressesOf)
  const six = [...near, ...held].filter(({ family }) => family === 6)
  if (nics.length === 0 && subnets.length === 0) return []
  return Array.from({ length: count }, (): Sent => {
    const isSubnet = subnets.length > 0 && (nics.length === 0 || random.percent(12))
    const sender = isSubnet ? random.pick(subnets) : random.pick(nics)
    const from: From = { kind: isSubnet ? 'subnet' : 'interface', id: nameOf(idOf(sender)) }
    const any = [near, near, WORLD, WORLD, HOST, six, held, held, held].filter(one => one.length > 0)
    const to = random.pick(random.pick(any))
    const own = isSubnet ? [] : addressesOf(sender).map(oneAddress)
    return { from, packet: makePacket(random, isIn(to, own) ? random.pick(WORLD) : to) }
  })
}

const makePacket = (random: Random, to: Address): NetPacket => {
  const destination = written(to)
  const port = random.pick([443, 443, 80, 79, 444, 53, 1023, 1024, 8080, 65535])
  switch (random.below(8)) {
    case 0:
      return to.family === 4
        ? { destination, protocol: ICMP, type: 8, code: 0 }
        : { destination, protocol: ICMPV6, type: 128, code: 0 }
    case 1:
    case 2:
      return { destination, protocol: UDP, port }
    default:
      return { destination, protocol: TCP, port }
  }
}

const edgesOf = (bodies: Bodies): readonly Address[] => {
  const found = new Map<string, Address>()
  for (const value of textsIn(bodies)) {
    const block = blockOf(value)
    if (block === null || block.length === 0) continue
    for (const bits of boundsOf(block)) found.set(`${block.family} ${bits}`, { family: block.family, bits })
  }
  return [...found.values()].filter(one => !isIn(one, UNASKED))
}

/** What no document tells apart from the internet. */
const UNASKED = blocksOf([
  // Of IPv6 only 2000::/3 is given to anybody on the internet.
  '::/3',
  '4000::/2',
  '8000::/2',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'f800::/6',
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/16',
  'fe80::/10',
  'ff00::/8',
])

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
  '203.0.113.70',
  '203.0.113.200',
  '8.8.8.8',
  '200.1.1.1',
  '192.168.7.1',
  '192.168.70.1',
  '172.31.0.9',
  '100.64.0.9',
  '2606:4700::1',
  '2603:1020::7',
])
const HOST = known(['168.63.129.16', '169.254.169.254'])
