import { addresses4, addresses6 } from '../src/sets/address-set.ts'
import { orderOf, sortedBounds } from '../src/sets/bounds.ts'
import { type Cidr, type Family, readCidr } from '../src/sets/cidr.ts'
import { portRange } from '../src/sets/port-set.ts'
import { TCP } from '../src/sets/protocol.ts'
import { regions } from '../src/sets/region.ts'
import { portTraffic } from '../src/sets/traffic.ts'
import { type TrafficId, trafficTable } from '../src/sets/traffic-table.ts'

/**
 * Prints sizes and ratios to a sort of the same bounds, all measured in this run: 50,000 blocks of each family, and the two
 * ways of holding IPv6 bounds that were not chosen (docs/decisions/0005-ipv6-bounds.md). Nothing here fails on a time.
 */
const BLOCKS = 50_000
const ROUNDS = 9

/** A fixed sequence, so that every run measures the same blocks. */
const random = (() => {
  let state = 12345
  return (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
})()

const hex = (): string => random(65536).toString(16)
const TEXTS = {
  4: () => `${1 + random(220)}.${random(256)}.${random(256)}.0/${16 + random(9)}`,
  6: () =>
    `2${random(4096).toString(16).padStart(3, '0')}:${hex()}:${hex()}:${hex()}::/${random(4) === 0 ? 128 : 40 + random(25)}`,
} as const

const texts = (family: Family): readonly string[] => Array.from({ length: BLOCKS }, () => TEXTS[family]())

const cidrs = <F extends Family>(list: readonly string[]): readonly Cidr<F>[] =>
  list.map(text => {
    const read = readCidr(text)
    if (read.kind === 'refused') throw new Error(read.why)
    return read.value as Cidr<F>
  })

const milliseconds = (work: () => unknown): number => {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number
}

const print = (name: string, time: number, sort: number, bound = ''): void => {
  process.stdout.write(`  ${name}: ${time.toFixed(1)} ms, ratio ${(time / sort).toFixed(2)}${bound}\n`)
}

// The two that were not chosen. Each builds from blocks and intersects; bounds are half-open, the last one may be missing.
const END = 1n << 128n
const firstOf = (cidr: Cidr<6>): bigint => cidr.words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)

const normalise = <T>(starts: readonly T[], ends: readonly T[], compare: (a: T, b: T) => number): readonly T[] => {
  const out: T[] = []
  let j = 0
  for (let i = 0; i < starts.length; ) {
    out.push(starts[i++] as T)
    for (let depth = 1; depth > 0; ) {
      if (i < starts.length && compare(starts[i] as T, ends[j] as T) <= 0) {
        depth++
        i++
      } else {
        depth--
        j++
      }
    }
    out.push(ends[j - 1] as T)
  }
  return out
}

const intersect = <T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): readonly T[] => {
  const out: T[] = []
  let [i, j, inside, kept] = [0, 0, 0, false]
  while (i < a.length || j < b.length) {
    const order = i >= a.length ? 1 : j >= b.length ? -1 : compare(a[i] as T, b[j] as T)
    const at = (order <= 0 ? a[i] : b[j]) as T
    if (order <= 0) {
      inside ^= 2
      i++
    }
    if (order >= 0) {
      inside ^= 1
      j++
    }
    if ((inside === 3) !== kept) {
      kept = !kept
      out.push(at)
    }
  }
  return out
}

const byBigint = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
const byNumber = (a: number, b: number): number => a - b

const asBigints = (blocks: readonly Cidr<6>[]): readonly bigint[] => {
  const starts = blocks.map(firstOf)
  const ends = blocks.map((cidr, i) => (starts[i] as bigint) + (END >> BigInt(cidr.prefix)))
  return normalise(starts.sort(byBigint), ends.sort(byBigint), byBigint)
}

/**
 * Every bound that is ever asked for gets a number between its neighbours; sets then hold numbers. The keys are text: V8
 * hashes a BigInt by its lowest 64 bits, which are zero in most blocks, so that a map of them takes quadratic time.
 */
const labelsOf = (bounds: readonly bigint[]): ReadonlyMap<string, number> => {
  const distinct = [...new Set(bounds.map(keyOf))].map(key => BigInt(`0x${key}`)).sort(byBigint)
  return new Map(distinct.map((bound, i) => [keyOf(bound), (i + 1) * (2 ** 53 / (distinct.length + 2))]))
}

const keyOf = (bound: bigint): string => bound.toString(16)

const asLabels = (blocks: readonly Cidr<6>[], labels: ReadonlyMap<string, number>): readonly number[] => {
  const starts = Float64Array.from(blocks, cidr => labels.get(keyOf(firstOf(cidr))) as number).sort()
  const ends = Float64Array.from(
    blocks,
    cidr => labels.get(keyOf(firstOf(cidr) + (END >> BigInt(cidr.prefix)))) as number,
  )
  return normalise([...starts], [...ends.sort()], byNumber)
}

const four = (): void => {
  const list = texts(4)
  const [blocks, others] = [cidrs<4>(list), cidrs<4>(texts(4))]
  const bounds = Uint32Array.from([...blocks, ...others].map(cidr => cidr.words[0] as number))
  const sort = milliseconds(() => bounds.slice().sort())
  process.stdout.write(`IPv4, ${BLOCKS} blocks; a sort of as many bounds: ${sort.toFixed(1)} ms\n`)
  print(
    'read from text',
    milliseconds(() => cidrs(list)),
    sort,
  )
  print(
    'one set of all blocks',
    milliseconds(() => addresses4.ofCidrs(blocks)),
    sort,
    ' (bound 10)',
  )
  const [a, b] = [addresses4.ofCidrs(blocks), addresses4.ofCidrs(others)]
  print(
    'intersection of two such sets',
    milliseconds(() => addresses4.intersect(a, b)),
    sort,
  )
  const table = trafficTable()
  const algebra = regions<4, TrafficId>(4, table)
  const ids = [80, 443, 8080, 9090].map(port => {
    const read = portRange(port)
    return table.idOf(read.kind === 'read' ? portTraffic(TCP, read.value) : table.trafficOf(table.empty))
  })
  const boxes = blocks.map((cidr, i) => ({ addresses: addresses4.ofCidrs([cidr]), id: ids[i % 4] as TrafficId }))
  print(
    'region of as many boxes',
    milliseconds(() => algebra.ofBoxes(boxes)),
    sort,
    ' (bound 10)',
  )
  print(
    'union of as many sets',
    milliseconds(() => addresses4.unionOfMany(boxes.map(box => box.addresses))),
    sort,
  )
}

const six = (): void => {
  const list = texts(6)
  const [blocks, others] = [cidrs<6>(list), cidrs<6>(texts(6))]
  const words = Uint32Array.from([...blocks, ...others].flatMap(cidr => cidr.words))
  const bigints = [...blocks, ...others].map(firstOf)
  const sort = milliseconds(() => bigints.slice().sort(byBigint))
  process.stdout.write(`IPv6, ${BLOCKS} blocks; a sort of as many bounds as BigInt: ${sort.toFixed(1)} ms\n`)
  print(
    'a sort of them as words',
    milliseconds(() => sortedBounds(4, words)),
    sort,
  )
  print(
    'their order as words',
    milliseconds(() => orderOf(4, words)),
    sort,
  )
  print(
    'read from text',
    milliseconds(() => cidrs(list)),
    sort,
  )
  print(
    'four words: one set of all blocks',
    milliseconds(() => addresses6.ofCidrs(blocks)),
    sort,
    ' (bound 10)',
  )
  print(
    'BigInt: one set of all blocks',
    milliseconds(() => asBigints(blocks)),
    sort,
  )
  const every = [...blocks, ...others].flatMap(cidr => [firstOf(cidr), firstOf(cidr) + (END >> BigInt(cidr.prefix))])
  print(
    'order labels: giving them',
    milliseconds(() => labelsOf(every)),
    sort,
  )
  const labels = labelsOf(every)
  print(
    'order labels: one set of all blocks',
    milliseconds(() => asLabels(blocks, labels)),
    sort,
  )
  const [a, b] = [addresses6.ofCidrs(blocks), addresses6.ofCidrs(others)]
  print(
    'four words: intersection of two such sets',
    milliseconds(() => addresses6.intersect(a, b)),
    sort,
  )
  const [x, y] = [asBigints(blocks), asBigints(others)]
  print(
    'BigInt: intersection',
    milliseconds(() => intersect(x, y, byBigint)),
    sort,
  )
  const [p, q] = [asLabels(blocks, labels), asLabels(others, labels)]
  print(
    'order labels: intersection',
    milliseconds(() => intersect(p, q, byNumber)),
    sort,
  )
  const [size, size2] = [x.length, p.length]
  if (a.bounds.length / 4 !== size || size !== size2) throw new Error('the three do not agree')
}

four()
six()
