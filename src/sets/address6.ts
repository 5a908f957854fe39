import { dottedQuad } from './address4.ts'
import { quoted, type Reading, readAs, refuse } from './algebra.ts'

/** An IPv6 address as four 32-bit words, the most significant first. */
export type Words6 = readonly [number, number, number, number]

/**
 * IPv6 text in any form of RFC 4291, section 2.2. IPv4-mapped addresses are refused: one reader matches them against IPv4
 * traffic, another against none. So are zone ids, which mean something on one host only.
 */
export const readAddress6 = (text: string): Reading<Words6> => {
  const words = words6Of(text)
  if (words === null) return refuse(whyNot6(text))
  return isMapped(words)
    ? refuse(`${quoted(text)} is an IPv4-mapped address, which readers take as IPv4 or as IPv6: write the one you mean`)
    : readAs(words)
}

/** The words of any well-formed text, IPv4-mapped too; null for anything else. */
export const words6Of = (text: string): Words6 | null => {
  const groups: number[] = []
  let gap = -1
  let at = 0
  if (text.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < text.length) {
    let group = 0
    const start = at
    for (let digit = hexDigit(text, at); digit >= 0; digit = hexDigit(text, ++at)) group = group * 16 + digit
    const digits = at - start
    if (text[at] === '.') {
      // The last 32 bits in IPv4 form: the rest of the text, and read as strictly.
      const tail = dottedQuad(text, start)
      if (tail === null || groups.length > 6) return null
      groups.push(tail >>> 16, tail & 0xffff)
      return wordsOf(groups, gap)
    }
    if (digits === 0 || digits > 4 || groups.push(group) > 8) return null
    if (at === text.length) break
    if (text[at++] !== ':') return null
    if (text[at] === ':') {
      if (gap >= 0) return null
      gap = groups.length
      at++
    } else if (at === text.length) return null
  }
  return wordsOf(groups, gap)
}

const hexDigit = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** `gap` says after how many groups the zeros are left out, or is negative. At least one group must be left out. */
const wordsOf = (groups: readonly number[], gap: number): Words6 | null => {
  if (gap < 0 ? groups.length !== 8 : groups.length > 7) return null
  const missing = 8 - groups.length
  const group = (n: number): number =>
    gap < 0 || n < gap ? (groups[n] as number) : n < gap + missing ? 0 : (groups[n - missing] as number)
  const word = (n: number): number => group(2 * n) * 0x10000 + group(2 * n + 1)
  return [word(0), word(1), word(2), word(3)]
}

export const isMapped = (words: ArrayLike<number>): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`, mapped ones with an IPv4 tail. */
export const printAddress6 = (words: ArrayLike<number>): string => {
  const groups: number[] = []
  for (let w = 0; w < 4; w++) groups.push((words[w] as number) >>> 16, (words[w] as number) & 0xffff)
  if (isMapped(words)) {
    const [high = 0, low = 0] = groups.slice(6)
    return `::ffff:${high >>> 8}.${high & 255}.${low >>> 8}.${low & 255}`
  }
  let from = 0
  let longest = 1
  let run = 0
  for (let i = 0; i < 8; i++) {
    run = groups[i] === 0 ? run + 1 : 0
    if (run > longest) {
      longest = run
      from = i + 1 - run
    }
  }
  const text = (part: readonly number[]): string => part.map(group => group.toString(16)).join(':')
  return longest === 1 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(from + longest))}`
}

const whyNot6 = (text: string): string => {
  const shown = quoted(text)
  if (text.includes('%')) return `${shown} has a zone id, which means something on one host only: leave it out`
  if (/^\[|\]$/.test(text)) return `${shown} is in brackets, which belong to addresses with ports: leave them out`
  if (/^\s|\s$/.test(text)) return `${shown} has white space around it: remove it`
  if (/:::|::.*::/.test(text)) return `${shown} leaves out zeros in more than one place: write \`::\` once`
  if (/:\d+(\.\d*)+$/.test(text))
    return `${shown} has an IPv4 tail in the wrong place or form: write IPv6 as eight groups of up to four hexadecimal digits`
  return `${shown} is not an IPv6 address: write up to eight groups of up to four hexadecimal digits`
}
