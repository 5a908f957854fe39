import { type Addresses, addressesOfCidrs } from '../addresses.ts'
import { readCidr } from '../cidr.ts'

/** The addresses of blocks by their text. For tests only: throws for text that is no block. */
export const blocksOf = (...texts: readonly string[]): Addresses =>
  addressesOfCidrs(
    texts.map(text => {
      const read = readCidr(text)
      if (read.kind !== 'read') throw new Error(`\`${text}\` is no block of addresses`)
      return read.value
    }),
  )
