import { written } from '../fabric/generate-packets.ts'
import type { NetPacket } from '../fabric/types.ts'
import { type Address, type Block, readAddress, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Random } from '../random.ts'
import { ICMP, ICMPV6, type Json, SCTP, TCP, UDP } from '../types.ts'
import { type Documents, isSame, nicsOf, ofKind } from './documents.ts'
import { PORTS } from './generate-filters.ts'
import type { From } from './types.ts'

/** A packet and where it begins. */
export interface Sent {
  readonly from: From
  readonly packet: NetPacket
}

/** To addresses at the ends of everything that is written, and beside them; to ports likewise. */
export const makePackets = (random: Random, documents: Documents, count: number): readonly Sent[] => {
  const nics = nicsOf(documents)
  const subnets = ofKind(documents, 'compute#subnetwork').map(one => text(at(one, 'name')) ?? '')
  const services = documents.filter(one => at(one, 'template') !== undefined)
  const near = edgesOf(documents)
  const held = nics.flatMap(one => one.sources.map(({ address }) => address))
  const six = [...near, ...held].filter(({ family }) => family === 6)
  return Array.from({ length: count }, (): Sent => {
    const which = random.below(100)
    const nic = random.pick(nics)
    const isService = services.length > 0 && which < 12
    const from: From = isService
      ? { kind: 'service', name: (text(at(random.pick(services), 'name')) ?? '').split('/').at(-1) ?? '' }
      : which > 90
        ? { kind: 'subnet', name: random.pick(subnets) }
        : { kind: 'interface', instance: nic.instance, nic: nic.name }
    const to = random.pick(
      random.pick([near, near, WORLD, WORLD, WORLD, six, held, held, SERVICES].filter(one => one.length > 0)),
    )
    const isOwn = from.kind === 'interface' && nic.sources.some(one => isSame(one.address, to))
    return { from, packet: makePacket(random, isOwn ? random.pick(WORLD) : to) }
  })
}

const makePacket = (random: Random, to: Address): NetPacket => {
  const destination = written(to)
  const [from = 0, last = from] = random.pick(PORTS).split('-').map(Number)
  const port = Math.min(65_535, Math.max(1, random.pick([from - 1, from, last, last + 1, 8080])))
  switch (random.below(8)) {
    case 0:
      return to.family === 4
        ? { destination, protocol: ICMP, type: 8, code: 0 }
        : { destination, protocol: ICMPV6, type: 128, code: 0 }
    case 1:
      return { destination, protocol: SCTP, port }
    case 2:
    case 3:
      return { destination, protocol: UDP, port }
    default:
      return { destination, protocol: TCP, port }
  }
}

const edgesOf = (documents: Documents): readonly Address[] => {
  const found = new Map<string, Address>()
  for (const value of documents.flatMap(textsIn)) {
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

const known = (texts: readonly string[]): readonly Address[] => texts.map(readAddress).filter(one => one !== null)

const WORLD = known([
  '203.0.114.9',
  '203.0.114.200',
  '8.8.8.8',
  '200.1.1.1',
  '192.168.7.1',
  '192.168.9.1',
  '172.20.1.1',
  '10.200.1.1',
  '10.201.1.1',
  '2600:5::7',
  '2606:4700::1',
])
const SERVICES = known(['169.254.169.254', 'fd20:ce::254', '199.36.153.9', '199.36.153.5', '224.0.0.5'])
