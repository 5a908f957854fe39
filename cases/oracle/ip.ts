import type { Tri } from './types.ts'

/**
 * Addresses as numbers. Text that parsers read differently is not read at all: leading zeros in IPv4 (octal to some),
 * fewer than four parts, IPv4-mapped IPv6, zones, leading zeros in a prefix length.
 */

export interface Address {
  readonly family: 4 | 6
  readonly bits: bigint
}

export interface Block extends Address {
  readonly length: number
}

export const readAddress = (text: string): Address | null => {
  const four = readFour(text)
  if (four !== null) return { family: 4, bits: four }
  const six = readSix(text)
  if (six === null || six >> 32n === 0xffffn) return null
  return { family: 6, bits: six }
}

export const readBlock = (text: string): Block | null => {
  const [head = '', tail, ...rest] = text.split('/')
  const address = readAddress(head)
  if (address === null || tail === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(tail)) return null
  const length = Number(tail)
  return length > width(address) ? null : { ...address, length }
}

/** Host bits of the block do not count. */
export const inBlock = (address: Address, block: Block): boolean => {
  if (address.family !== block.family) return false
  const shift = BigInt(width(block) - block.length)
  return address.bits >> shift === block.bits >> shift
}

/** Whether the block that this text means holds the address; unreadable text may mean any block. */
export const inBlockText = (address: Address | null, text: string | undefined): Tri => {
  const block = text === undefined ? null : readBlock(text)
  if (block === null) return 'unknown'
  return address !== null && inBlock(address, block) ? 'yes' : 'no'
}

const width = (address: Address): number => (address.family === 4 ? 32 : 128)

const readFour = (text: string): bigint | null => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

const readSix = (text: string): bigint | null => {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groups(halves[0] ?? '')
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((sum, group) => sum * 65536n + group, 0n)
}

/** The 16-bit groups of one side of `::`; the last may be written as an IPv4 address. */
const groups = (text: string): readonly bigint[] | null => {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  const four = last.includes('.') ? readFour(last) : null
  const hex = last.includes('.') ? parts.slice(0, -1) : parts
  if ((last.includes('.') && four === null) || !hex.every(part => /^[0-9a-fA-F]{1,4}$/.test(part))) return null
  const numbers = hex.map(part => BigInt(`0x${part}`))
  return four === null ? numbers : [...numbers, four >> 16n, four & 0xffffn]
}
