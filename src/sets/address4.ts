import { quoted, type Reading, readAs, refuse } from './algebra.ts'

/**
 * IPv4 text: four decimal numbers, nothing else. Readers differ on leading zeros (octal or not), on fewer than four numbers
 * and on one big number, so those are refused. Source: RFC 6943, section 3.1.1.
 */
export const readAddress4 = (text: string): Reading<number> => {
  const value = dottedQuad(text, 0)
  return value === null ? refuse(whyNot4(text)) : readAs(value)
}

/** From 0 to 2^32 - 1; null unless the text from `start` on is exactly four numbers. */
export const dottedQuad = (text: string, start: number): number | null => {
  let value = 0
  let number = 0
  let digits = 0
  let dots = 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return null
      value = value * 256 + number
      number = 0
      digits = 0
    } else {
      if (code < ZERO || code > NINE || (digits > 0 && number === 0)) return null
      number = number * 10 + code - ZERO
      if (number > 255) return null
      digits++
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + number : null
}

const DOT = 46
const ZERO = 48
const NINE = 57

export const printAddress4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`

const whyNot4 = (text: string): string => {
  const shown = quoted(text)
  const parts = text.split('.')
  if (text === '') return 'the address is empty: write one'
  if (/^\s|\s$/.test(text)) return `${shown} has white space around it: remove it`
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text))
    return `${shown} is one number, which only some readers take as an address: ${FOUR}`
  if (parts.some(part => /^0x/i.test(part)))
    return `${shown} has a hexadecimal number, which only some readers take: ${FOUR}`
  if (parts.some(part => !/^\d+$/.test(part)))
    return `${shown} is not an address: write IPv4 as \`10.0.0.1\`, IPv6 as \`fd00::1\``
  if (parts.some(part => /^0\d/.test(part)))
    return `${shown} has a number with a leading zero, which some readers take as octal: write it without`
  if (parts.length < 4)
    return `${shown} has ${parts.length} of four numbers, which readers fill in differently: ${FOUR}`
  if (parts.length > 4) return `${shown} has more than four numbers: ${FOUR}`
  return `${shown} has a number above 255: correct it`
}

const FOUR = 'write four decimal numbers'
