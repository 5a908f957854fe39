import { type Json, list, text } from '../../model/json.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { type AnyAddress, type AnyCidr, readAddress, readCidr } from '../../sets/cidr.ts'

/** Blocks of a list, or single addresses in place of them, and what of it cannot be read. */
export const rangesIn = (
  written: Json | undefined,
): { readonly ranges: readonly AnyCidr[]; readonly faults: readonly string[] } => {
  const ranges: AnyCidr[] = []
  const faults: string[] = []
  for (const one of list(written)) {
    const read = rangeOf(one)
    if (read === null) faults.push('a range cannot be read')
    else ranges.push(read)
  }
  return { ranges, faults }
}

/** null: it cannot be read. */
export const rangeOf = (written: Json | undefined): AnyCidr | null => {
  const word = text(written)
  if (word === undefined) return null
  if (word.includes('/')) {
    const read = readCidr(word)
    return read.kind === 'read' ? read.value : null
  }
  const read = readAddress(word)
  return read.kind === 'read' ? blockOf(read.value) : null
}

export const addressOf = (written: Json | undefined): AnyAddress | null => {
  const read = readAddress(text(written) ?? '')
  return read.kind === 'read' ? read.value : null
}

const blockOf = ({ family, words }: AnyAddress): AnyCidr =>
  family === 4 ? { family, words, prefix: 32 } : { family, words, prefix: 128 }

export const setOf = (ranges: readonly AnyCidr[]): Addresses => addressesOfCidrs(ranges)

export const setOfAddresses = (addresses: readonly AnyAddress[]): Addresses => addressesOfCidrs(addresses.map(blockOf))

export const cidrsOf = (...texts: readonly string[]): readonly AnyCidr[] =>
  texts.flatMap(one => {
    const read = readCidr(one)
    return read.kind === 'read' ? [read.value] : []
  })

export const setOfTexts = (...texts: readonly string[]): Addresses => setOf(cidrsOf(...texts))

export const holds = (outer: Addresses, inner: AnyCidr): boolean => bothFamilies.isSubset(setOf([inner]), outer)
