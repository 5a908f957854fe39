import type { Use } from './constructs.ts'
import type { EstateMade, PodMade } from './generate-estate.ts'
import { BLOCKS, NAMES, ODD_BLOCKS, PORTS, RANGES } from './generate-values.ts'
import { type Block, readAddress, readBlock } from './ip.ts'
import type { Random } from './random.ts'
import { type End, ICMP, ICMPV6, type Packet, SCTP, TCP, UDP } from './types.ts'

/** Metadata services of the clouds, and the resolvers that stand at link-local addresses. */
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '169.254.20.10',
] as const

export const makePackets = (random: Random, use: Use<'estate'>, estate: EstateMade, count: number): readonly Packet[] =>
  Array.from({ length: count }, () => makePacket(random, use, estate))

interface Ends {
  readonly from: End
  readonly to: End
  /** Families that both ends have. */
  readonly families: readonly (4 | 6)[]
}

const makePacket = (random: Random, use: Use<'estate'>, estate: EstateMade): Packet => {
  const { from, to, families } = makeEnds(random, use, estate)
  // Pods without a family in common never meet.
  if (families.length === 0 && to.kind !== 'address') return makePacket(random, use, estate)
  const kinds = ['TCP', 'TCP', 'TCP', 'TCP', 'UDP', 'UDP', 'SCTP', 'other'] as const
  const icmp = [
    ...(families.includes(4) ? (['ICMP'] as const) : []),
    ...(families.includes(6) ? (['ICMPv6'] as const) : []),
  ]
  switch (random.pick([...kinds, ...icmp])) {
    case 'TCP':
      use('packet TCP')
      return { from, to, protocol: TCP, port: makePort(random) }
    case 'UDP':
      use('packet UDP')
      return { from, to, protocol: UDP, port: makePort(random) }
    case 'SCTP':
      use('packet SCTP')
      return { from, to, protocol: SCTP, port: makePort(random) }
    case 'other':
      use('packet other protocol')
      return { from, to, protocol: random.pick([47, 50, 112]) }
    case 'ICMP':
      use('packet ICMP')
      return { from, to, protocol: ICMP, type: random.pick([8, 8, 0, 3, 11]), code: random.below(2) }
    case 'ICMPv6':
      use('packet ICMPv6')
      return { from, to, protocol: ICMPV6, type: random.pick([128, 128, 129, 1, 2]), code: random.below(2) }
  }
}

/** The ports that rules name, and those beside them. */
const makePort = (random: Random): number => {
  const edges = [...PORTS, ...RANGES.flat()].flatMap(port => [port, port, port - 1, port + 1])
  return random.pick(edges.filter(port => port >= 1 && port <= 65535))
}

const makeEnds = (random: Random, use: Use<'estate'>, estate: EstateMade): Ends => {
  const plain = estate.pods.filter(pod => !pod.hostNetwork)
  const host = estate.pods.filter(pod => pod.hostNetwork)
  const pod = random.pick(plain)
  const between = (from: End, to: End, a: readonly string[], b: readonly string[]): Ends => ({
    from,
    to,
    families: ([4, 6] as const).filter(family => hasFamily(a, family) && hasFamily(b, family)),
  })
  switch (
    random.pick([
      'pod',
      'pod',
      'pod',
      'pod',
      'outside',
      'outside',
      'outside',
      'outside',
      'node',
      'in',
      'host',
      'out',
    ] as const)
  ) {
    case 'pod': {
      const other = random.pick(plain)
      use(pod === other ? 'packet pod to itself' : 'packet pod to pod')
      return between(endOf(pod), endOf(other), pod.addresses, other.addresses)
    }
    case 'outside': {
      const { end, text } = makeOutside(random, use, estate)
      use('packet pod to address')
      return between(endOf(pod), end, pod.addresses, [text])
    }
    case 'node': {
      const node = random.pick(estate.nodes)
      use(node.name === pod.node ? 'packet pod to own node' : 'packet pod to other node')
      return between(endOf(pod), { kind: 'node', name: node.name }, pod.addresses, node.addresses)
    }
    case 'in': {
      const node = random.pick(estate.nodes)
      use(node.name === pod.node ? 'packet own node to pod' : 'packet other node to pod')
      return between({ kind: 'node', name: node.name }, endOf(pod), node.addresses, pod.addresses)
    }
    case 'host': {
      const other = host.length === 0 ? pod : random.pick(host)
      if (!other.hostNetwork) return between(endOf(pod), endOf(other), pod.addresses, other.addresses)
      const out = random.percent(50)
      use(out ? 'packet hostNetwork pod to pod' : 'packet pod to hostNetwork pod')
      return out
        ? between(endOf(other), endOf(pod), other.addresses, pod.addresses)
        : between(endOf(pod), endOf(other), pod.addresses, other.addresses)
    }
    case 'out': {
      const node = random.pick(estate.nodes)
      const { end, text } = makeOutside(random, use, estate)
      use('packet node to address')
      return between({ kind: 'node', name: node.name }, end, node.addresses, [text])
    }
  }
}

const endOf = ({ namespace, name }: PodMade): End => ({ kind: 'pod', namespace, name })

const hasFamily = (addresses: readonly string[], family: 4 | 6): boolean =>
  addresses.some(address => address.includes(':') === (family === 6))

/** An address at the edge of a block or beside it, and what is known of the name that led there. */
const makeOutside = (
  random: Random,
  use: Use<'estate'>,
  estate: EstateMade,
): { readonly end: End; readonly text: string } => {
  const taken = new Set(estate.taken.map(text => readAddress(text)?.bits))
  const free = EDGES.filter(text => !taken.has(readAddress(text)?.bits))
  const metadata = random.percent(15)
  if (metadata) use('packet to metadata')
  const text = random.pick(metadata ? METADATA : free)
  const how = random.pick(['name', 'name', 'none', 'unknown'] as const)
  switch (how) {
    case 'name':
      use('packet to resolved name')
      return { end: { kind: 'address', address: text, resolvedFrom: random.pick(NAMES) }, text }
    case 'none':
      use('packet to address without name')
      return { end: { kind: 'address', address: text, resolvedFrom: null }, text }
    case 'unknown':
      use('packet to address of unknown name')
      return { end: { kind: 'address', address: text }, text }
  }
}

/** First and last address of each block and their neighbours, as text. */
const edges = (block: Block): readonly string[] => {
  const width = block.family === 4 ? 32n : 128n
  const size = 1n << (width - BigInt(block.length))
  const first = (block.bits / size) * size
  const last = first + size - 1n
  return [first - 1n, first, last, last + 1n]
    .filter(bits => bits >= 0n && bits < 1n << width)
    .map(bits => (block.family === 4 ? fourText(bits) : sixText(bits)))
    .filter(text => readAddress(text) !== null)
}

const fourText = (bits: bigint): string => [24n, 16n, 8n, 0n].map(shift => (bits >> shift) & 255n).join('.')

const sixText = (bits: bigint): string =>
  Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 65535n).toString(16)).join(':')

const EDGES: readonly string[] = [...BLOCKS, ...ODD_BLOCKS].flatMap(text => {
  const block = readBlock(text)
  return block === null ? [] : edges(block)
})
