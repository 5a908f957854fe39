import { numberOf, rangesIn } from './address-points.ts'
import { type AddressSet, addresses4, addresses6 } from './address-set.ts'
import { readAddress4 } from './address4.ts'
import { words6Of } from './address6.ts'
import type { Addresses } from './addresses.ts'
import { quoted, type Reading, readAs, refuse } from './algebra.ts'
import { type Address, type AnyCidr, type Cidr, type Family, printAddress, printCidr, widthOf } from './cidr.ts'

/** Inclusive `first-last` ranges in order, one address written once, adjacent ranges merged. */
export const printRanges = (set: AddressSet<Family>): readonly string[] =>
  rangesIn(set).map(({ first, last }) => {
    const from = printAddress(first)
    const to = printAddress(last)
    return from === to ? from : `${from}-${to}`
  })

/** IPv4 before IPv6. */
export const printAddresses = ({ v4, v6 }: Addresses): readonly string[] => [...printRanges(v4), ...printRanges(v6)]

/** The fewest blocks that hold exactly the set, in order. */
export const cidrsOf = <F extends Family>(set: AddressSet<F>): readonly Cidr<F>[] => {
  const { family } = set
  const bits = BigInt(32 * widthOf(family))
  const cidrs: Cidr<F>[] = []
  for (const { first, last } of rangesIn(set)) {
    let from = numberOf(first.words)
    const end = numberOf(last.words) + 1n
    while (from < end) {
      // The largest block that starts here and does not pass the end.
      const room = BigInt((end - from).toString(2).length - 1)
      const aligned = from === 0n ? bits : BigInt(from.toString(2).length - 1 - from.toString(2).lastIndexOf('1'))
      const free = aligned < room ? aligned : room
      cidrs.push({ family, words: wordsOfNumber(family, from), prefix: Number(bits - free) })
      from += 1n << free
    }
  }
  return cidrs
}

export const printCidrs = (set: AddressSet<Family>): readonly string[] =>
  cidrsOf(set).map(cidr => printCidr(cidr as AnyCidr))

const wordsOfNumber = (family: Family, number: bigint): readonly number[] =>
  Array.from({ length: widthOf(family) }, (_, w) =>
    Number((number >> BigInt(32 * (widthOf(family) - 1 - w))) & 0xffffffffn),
  )

/** Reads back what `printAddresses` writes, in any order and overlapping too. */
export const readRanges = (texts: readonly string[]): Reading<Addresses> => {
  const v4: AddressSet<4>[] = []
  const v6: AddressSet<6>[] = []
  for (const text of texts) {
    const [from = '', to = from, ...more] = text.split('-')
    if (more.length > 0) return refuse(notARange(text))
    if (text.includes(':')) {
      const range = inOrder<6>(rangeEnd6(from), rangeEnd6(to))
      if (range === null) return refuse(notARange(text))
      v6.push(addresses6.ofRange(...range))
    } else {
      const range = inOrder<4>(rangeEnd4(from), rangeEnd4(to))
      if (range === null) return refuse(notARange(text))
      v4.push(addresses4.ofRange(...range))
    }
  }
  return readAs({ v4: addresses4.unionOfMany(v4), v6: addresses6.unionOfMany(v6) })
}

const notARange = (text: string): string =>
  `${quoted(text)} is not a range: write \`first-last\` with two addresses of one family in order`

const rangeEnd4 = (text: string): Address<4> | null => {
  const read = readAddress4(text)
  return read.kind === 'refused' ? null : { family: 4, words: [read.value] }
}

/** The end of a range of IPv6 may lie among the mapped addresses: what a range is of is plain. */
const rangeEnd6 = (text: string): Address<6> | null => {
  const words = words6Of(text)
  return words === null ? null : { family: 6, words }
}

const inOrder = <F extends Family>(
  first: Address<F> | null,
  last: Address<F> | null,
): readonly [Address<F>, Address<F>] | null =>
  first !== null && last !== null && numberOf(first.words) <= numberOf(last.words) ? [first, last] : null
