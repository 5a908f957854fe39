import { printAddress4, readAddress4 } from './address4.ts'
import { printAddress6, readAddress6 } from './address6.ts'
import { quoted, type Reading, readAs, refuse } from './algebra.ts'
import type { Width } from './bounds.ts'

/** The address family, in the types of everything that is made of addresses. */
export type Family = 4 | 6

/** One address: one word for IPv4, four for IPv6, the most significant first. */
export interface Address<F extends Family> {
  readonly family: F
  readonly words: readonly number[]
}

/** Aligned: the bits after the prefix are zero. */
export interface Cidr<F extends Family> extends Address<F> {
  readonly prefix: number
}

export type AnyAddress = Address<4> | Address<6>
export type AnyCidr = Cidr<4> | Cidr<6>

export const widthOf = (family: Family): Width => (family === 4 ? 1 : 4)

/** Text with a colon is taken for IPv6. */
export const readAddress = (text: string): Reading<AnyAddress> => {
  if (text.includes(':')) {
    const read = readAddress6(text)
    return read.kind === 'refused' ? read : readAs({ family: 6, words: read.value })
  }
  const read = readAddress4(text)
  return read.kind === 'refused' ? read : readAs({ family: 4, words: [read.value] })
}

/** Host bits are cleared, with a note. An address without a prefix is refused: say which block is meant. */
export const readCidr = (text: string): Reading<AnyCidr> => {
  const slash = text.indexOf('/')
  const address = readAddress(slash < 0 ? text : text.slice(0, slash))
  if (address.kind === 'refused') return address
  const bits = 32 * address.value.words.length
  if (slash < 0) return refuse(`${quoted(text)} has no prefix length: write \`${text}/${bits}\` for this address alone`)
  const prefixText = text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > bits)
    return refuse(
      `${quoted(text)} has no prefix length that all readers take: write a number from 0 to ${bits}, without leading zeros`,
    )
  const cidr = maskedTo(address.value, Number(prefixText))
  const changed = cidr.words.some((word, i) => word !== address.value.words[i])
  return readAs(cidr, changed ? [`${quoted(text)} has host bits: read as \`${printCidr(cidr)}\``] : undefined)
}

/** The block of that prefix length that holds the address. */
export const maskedTo = <F extends Family>(address: Address<F>, prefix: number): Cidr<F> => ({
  family: address.family,
  words: address.words.map((word, w) => (word & maskOf(prefix - 32 * w)) >>> 0),
  prefix,
})

/** The mask of one word, of which `bits` are kept: none if negative, all from 32 on. */
const maskOf = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0)

/** Writes the first address after the block to `out` at `at`; false if the block ends where the family does. */
export const writeAfter = (cidr: AnyCidr, out: Uint32Array, at: number): boolean => {
  let carry: boolean = true
  for (let w = cidr.words.length - 1; w >= 0; w--) {
    const word = cidr.words[w] as number
    const bits = cidr.prefix - 32 * w
    // The word that the prefix ends in takes the step; a word after it is zero and stays so, one before it takes the carry.
    const step: number = bits > 32 || bits <= 0 ? Number(bits > 32 && carry) : 2 ** (32 - bits)
    out[at + w] = word + step
    if (bits > 0) carry = word + step > 0xffffffff
  }
  return !carry
}

export const printAddress = ({ words }: { readonly words: ArrayLike<number> }): string =>
  words.length === 1 ? printAddress4(words[0] as number) : printAddress6(words)

export const printCidr = (cidr: AnyCidr): string => `${printAddress(cidr)}/${cidr.prefix}`
