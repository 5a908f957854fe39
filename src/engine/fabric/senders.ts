import type { Fabric, FilterPeers } from '../../model/fabric.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { compareAt, countBefore, countUpTo, sortedBounds, type Words } from '../../sets/bounds.ts'
import { type Family, widthOf } from '../../sets/cidr.ts'
import { keptBy, lazily, numbering } from '../lazily.ts'
import { inFamily } from './filters.ts'

/** Equal keys for addresses of senders that no filter of the fabric tells apart. */
export const cellsIn = (fabric: Fabric, family: Family): ((seen: Addresses) => string) => {
  const width = widthOf(family)
  const rules = lazily(() => fabric.filters.flatMap(({ egress, ingress }) => [...egress, ...ingress]))
  /** Where the answer of some rule may change. */
  const bounds = lazily(() => {
    const asked = [
      ...fabric.filters.flatMap(({ ingress }) => ingress.map(({ peers }) => peers)),
      ...rules().flatMap(({ own }) => own ?? []),
    ]
    const words = asked.flatMap(peers => Array.from(wordsOf(peers, family) ?? []))
    return distinct(sortedBounds(width, Uint32Array.from(words)), width)
  })
  // Who is a member of this end is asked for each sender by itself.
  const isEachItsOwn = lazily(() => rules().some(({ own }) => own?.kind === 'members'))
  const numberOf = numbering<Addresses>()
  const numbers = new Map<string, number>()
  const short = (cells: string): string => {
    const known = numbers.get(cells) ?? numbers.size
    numbers.set(cells, known)
    return `${known}`
  }
  return keptBy((seen: Addresses): string => {
    if (isEachItsOwn()) return `#${numberOf(seen)}`
    const own = inFamily(seen, family).bounds
    const cells: number[] = []
    // Each bound that ends is the first address outside.
    for (let at = 0; at < own.length; at += 2 * width)
      cells.push(
        countUpTo(width, bounds(), own.subarray(at, at + width)),
        at + width < own.length
          ? countBefore(width, bounds(), own.subarray(at + width, at + 2 * width))
          : bounds().length / width,
      )
    return short(cells.join(' '))
  })
}

const wordsOf = (peers: FilterPeers, family: Family): Words | null =>
  peers.kind === 'addresses' || peers.kind === 'perhaps' ? inFamily(peers.addresses, family).bounds : null

const distinct = (sorted: Words, width: 1 | 4): Words => {
  const kept: number[] = []
  for (let at = 0; at < sorted.length; at += width)
    if (at === 0 || compareAt(width, sorted, at - width, sorted, at) !== 0)
      for (let w = 0; w < width; w++) kept.push(sorted[at + w] as number)
  return Uint32Array.from(kept)
}
