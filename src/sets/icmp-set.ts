import { type BooleanAlgebra, quoted, type Reading, readAs, refuse } from './algebra.ts'
import { type IntervalSet, intervalAlgebra, unionOfMany } from './interval-set.ts'

/** A set of ICMP or ICMPv6 messages: the point of a message is `256 × type + code`. */
export interface IcmpSet extends IntervalSet {
  readonly kind: 'icmp'
}

export const icmpSets: BooleanAlgebra<IcmpSet> = intervalAlgebra(1, Uint32Array.of(0, 65536), bounds => ({
  kind: 'icmp',
  bounds,
}))

/** `null` is every type, or every code. A code without a type is refused: codes mean nothing alone. */
export const icmpMessages = (type: number | null, code: number | null): Reading<IcmpSet> => {
  if (type === null)
    return code === null ? readAs(icmpSets.full) : refuse(`ICMP code ${quoted(String(code))} has no type: add one`)
  for (const [word, value] of [
    ['type', type],
    ['code', code ?? 0],
  ] as const)
    if (!Number.isInteger(value) || value < 0 || value > 255)
      return refuse(`ICMP ${word} ${quoted(String(value))} is not a whole number from 0 to 255: correct it`)
  const first = 256 * type + (code ?? 0)
  return readAs({ kind: 'icmp', bounds: Uint32Array.of(first, first + (code === null ? 256 : 1)) })
}

/** Canonical text, ascending by type, then code: `*`, or parts like `3/*`, `8/0`, `3/0-2`, `9-255/*`; empty for none. */
export const printIcmp = (set: IcmpSet): string => {
  if (icmpSets.equals(set, icmpSets.full)) return '*'
  const parts: string[] = []
  for (let i = 0; i < set.bounds.length; i += 2) {
    let from = set.bounds[i] as number
    const end = set.bounds[i + 1] as number
    while (from < end) {
      // Whole types together; else what this type holds of the interval.
      const whole = from % 256 === 0 ? Math.floor((end - from) / 256) : 0
      const to = whole > 0 ? from + 256 * whole : Math.min(end, 256 * (Math.floor(from / 256) + 1))
      const type = Math.floor(from / 256)
      parts.push(whole > 0 ? `${span(type, type + whole - 1)}/*` : `${type}/${span(from % 256, (to - 1) % 256)}`)
      from = to
    }
  }
  return parts.join(',')
}

const span = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`)

/** Reads back what `printIcmp` writes, in any order. */
export const readIcmp = (text: string): Reading<IcmpSet> => {
  if (text === '*') return readAs(icmpSets.full)
  if (text === '') return readAs(icmpSets.empty)
  const sets: IcmpSet[] = []
  for (const part of text.split(',')) {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?\/(?:\*|(\d{1,3})(?:-(\d{1,3}))?)$/.exec(part.trim())
    if (match === null) return refuse(`${quoted(part)} is not an ICMP type with its code: write them like \`8/0,3/*\``)
    const [, type, lastType = type, code, lastCode = code] = match
    const [t, u, c, d] = [Number(type), Number(lastType), Number(code ?? 0), Number(lastCode ?? 255)]
    if (Math.max(t, u, c, d) > 255 || t > u || c > d || (t < u && code !== undefined))
      return refuse(`${quoted(part)} is not a range of ICMP messages from 0 to 255, lower first: correct it`)
    sets.push({ kind: 'icmp', bounds: Uint32Array.of(256 * t + c, 256 * u + d + 1) })
  }
  return readAs({
    kind: 'icmp',
    bounds: unionOfMany(
      1,
      sets.map(set => set.bounds),
    ),
  })
}
