import type { AddressFamily, AddressItem, AddressPrefix } from '../../model/node-firewall.ts'

/** An address as tools print it, brought to one spelling (RFC 5952), so that every format names a host alike. */
export interface ParsedAddress {
  readonly family: AddressFamily
  readonly text: string
  /** Bytes, 4 or 16. */
  readonly bytes: readonly number[]
}

/** Spellings that parsers read differently (`010.0.0.1`, `10.1`) are null. */
export const parseAddress = (text: string): ParsedAddress | null => {
  if (text.includes(':')) {
    const bytes = parse6(text)
    return bytes === null ? null : { family: 6, text: format6(bytes), bytes }
  }
  const bytes = parse4(text)
  return bytes === null ? null : { family: 4, text: bytes.join('.'), bytes }
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, a bare address; null when malformed or the mask has holes. */
export const parsePrefix = (text: string): AddressPrefix | null => {
  const slash = text.indexOf('/')
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === null) return null
  const bits = address.family === 4 ? 32 : 128
  const length = slash === -1 ? bits : maskLength(text.slice(slash + 1), address.family)
  return length === null ? null : prefixOf(address, length)
}

export const prefixOf = (address: ParsedAddress, length: number): AddressPrefix => {
  const masked = address.bytes.map((byte, i) => byte & (0xff << (8 - Math.max(0, Math.min(8, length - i * 8)))) & 0xff)
  return { kind: 'prefix', family: address.family, address: addressText(masked), length }
}

export const addressText = (bytes: readonly number[]): string => (bytes.length === 4 ? bytes.join('.') : format6(bytes))

export const anywhere = (family: AddressFamily): AddressPrefix => ({
  kind: 'prefix',
  family,
  address: family === 4 ? '0.0.0.0' : '::',
  length: 0,
})

/** `first-last` of one family and in order, else unknown. */
export const rangeItem = (first: string, last: string): AddressItem => {
  const low = parseAddress(first)
  const high = parseAddress(last)
  if (low === null || high === null || low.family !== high.family || compareBytes(low.bytes, high.bytes) > 0)
    return { kind: 'unknown', text: `${first}-${last}` }
  return { kind: 'range', family: low.family, first: low.text, last: high.text }
}

const compareBytes = (a: readonly number[], b: readonly number[]): number => {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const maskLength = (text: string, family: AddressFamily): number | null => {
  if (/^[0-9]{1,3}$/.test(text)) {
    const length = Number(text)
    return length <= (family === 4 ? 32 : 128) ? length : null
  }
  const mask = parseAddress(text)
  if (mask === null || mask.family !== family) return null
  const bits = mask.bytes.map(byte => byte.toString(2).padStart(8, '0')).join('')
  const length = bits.indexOf('0') === -1 ? bits.length : bits.indexOf('0')
  return bits.slice(length).includes('1') ? null : length
}

const parse4 = (text: string): readonly number[] | null => {
  const parts = text.split('.', 5)
  if (parts.length !== 4) return null
  const bytes: number[] = []
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return null
    const byte = Number(part)
    if (byte > 255) return null
    bytes.push(byte)
  }
  return bytes
}

const parse6 = (text: string): readonly number[] | null => {
  if (text.length > 45) return null
  const gap = text.indexOf('::')
  if (gap !== -1 && text.includes('::', gap + 1)) return null
  const head = words(gap === -1 ? text : text.slice(0, gap), gap === -1)
  const tail = gap === -1 ? [] : words(text.slice(gap + 2), true)
  if (head === null || tail === null) return null
  const missing = 16 - head.length - tail.length
  if (gap === -1 ? missing !== 0 : missing < 2) return null
  return [...head, ...new Array<number>(missing).fill(0), ...tail]
}

/** Colon-separated 16-bit words as bytes; a dotted IPv4 tail where the text ends the address. */
const words = (text: string, last: boolean): number[] | null => {
  if (text === '') return []
  const parts = text.split(':')
  const bytes: number[] = []
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const dotted = parse4(part)
      if (dotted === null) return null
      bytes.push(...dotted)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null
      const word = Number.parseInt(part, 16)
      bytes.push(word >> 8, word & 0xff)
    }
  }
  return bytes
}

const format6 = (bytes: readonly number[]): string => {
  const mapped = bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  if (mapped) return `::ffff:${bytes.slice(12).join('.')}`
  const parts = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  let best = { start: -1, length: 1 }
  for (let i = 0; i < 8; i += 1) {
    let length = 0
    while (i + length < 8 && parts[i + length] === 0) length += 1
    if (length > best.length) best = { start: i, length }
    i += length
  }
  const hex = parts.map(part => part.toString(16))
  if (best.start === -1) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}
