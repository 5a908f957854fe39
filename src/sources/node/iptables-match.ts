import type { AddressFamily, AddressItem, FirewallMatch, NumberSpan } from '../../model/node-firewall.ts'
import { parsePrefix, rangeItem } from './address.ts'
import { icmpType, protocolNumber } from './protocols.ts'
import { portNumber, unsigned } from './reading.ts'

/** One option of a rule with its values: `! --dport 80`. */
export interface Option {
  readonly name: string
  readonly negated: boolean
  readonly values: readonly string[]
}

/**
 * The options that have a neutral word, by the extension that they belong to (`-` for those of every rule). null: the
 * option is known and says nothing here. undefined: not understood.
 * Source: iptables-extensions(8), 1.8.9.
 */
export const optionMatch = (
  module: string,
  option: Option,
  family: AddressFamily,
): FirewallMatch | null | undefined => {
  const { name, negated } = option
  const value = option.values[0] ?? ''
  const address = (side: 'source' | 'destination', item: AddressItem | null): FirewallMatch | undefined =>
    item === null ? undefined : { kind: 'address', side, negated, items: [item], set: null }
  const ports = (side: 'source' | 'destination' | 'either'): FirewallMatch | undefined => {
    const spans = portList(value)
    return spans === null ? undefined : { kind: 'port', side, negated, ports: spans, set: null }
  }
  switch (`${module} ${name}`) {
    case '- -s':
      return address('source', prefixOrUnknown(value, family))
    case '- -d':
      return address('destination', prefixOrUnknown(value, family))
    case '- -i':
    case '- -o': {
      const prefix = value.endsWith('+')
      const names = [{ name: prefix ? value.slice(0, -1) : value, prefix }]
      return { kind: 'interface', side: name === '-i' ? 'in' : 'out', negated, names }
    }
    case '- -p': {
      const number = protocolNumber(value)
      return number === null ? undefined : { kind: 'protocol', negated, protocols: [number] }
    }
    case 'tcp --sport':
    case 'udp --sport':
    case 'sctp --sport':
    case 'dccp --sport':
    case 'udplite --sport':
    case 'multiport --sports':
      return ports('source')
    case 'tcp --dport':
    case 'udp --dport':
    case 'sctp --dport':
    case 'dccp --dport':
    case 'udplite --dport':
    case 'multiport --dports':
      return ports('destination')
    case 'multiport --ports':
      return ports('either')
    case 'tcp --tcp-flags':
      return { kind: 'tcpFlags', negated, examined: flags(value), set: flags(option.values[1] ?? '') }
    case 'icmp --icmp-type':
      return icmp(value, 4, negated)
    case 'icmp6 --icmpv6-type':
      return icmp(value, 6, negated)
    case 'conntrack --ctstate':
    case 'state --state':
      return { kind: 'connectionState', negated, states: value.toLowerCase().split(',') }
    case 'mark --mark':
    case 'connmark --mark':
      return markMatch(module === 'mark' ? 'packet' : 'connection', negated, value)
    case 'addrtype --src-type':
    case 'addrtype --dst-type': {
      const side = name === '--src-type' ? 'source' : 'destination'
      return { kind: 'addressType', side, negated, types: value.toLowerCase().split(',') }
    }
    case 'set --match-set':
      return { kind: 'set', name: value, negated, sides: (option.values[1] ?? '').split(',') }
    case 'iprange --src-range':
    case 'iprange --dst-range': {
      const [first = '', last = first] = value.split('-')
      return address(name === '--src-range' ? 'source' : 'destination', rangeItem(first, last))
    }
    case 'owner --uid-owner':
    case 'owner --gid-owner': {
      const [first, last] = value.split('-').map(id => unsigned(id))
      if (first === undefined || first === null || last === null) return undefined
      const subject = name === '--uid-owner' ? 'user' : 'group'
      return { kind: 'owner', subject, negated, ids: [{ first, last: last ?? first }] }
    }
    case 'comment --comment':
      return null
    default:
      return undefined
  }
}

/** `-m statistic`: its options are one condition together. */
export const shareOf = (options: readonly Option[]): FirewallMatch | undefined => {
  const value = (name: string): string | undefined => options.find(option => option.name === name)?.values[0]
  if (options.some(option => option.negated)) return undefined
  const share =
    value('--mode') === 'random'
      ? Number(value('--probability'))
      : value('--mode') === 'nth'
        ? 1 / Number(value('--every'))
        : Number.NaN
  return share >= 0 && share <= 1 ? { kind: 'share', share } : undefined
}

export const portList = (text: string): readonly NumberSpan[] | null => {
  const spans: NumberSpan[] = []
  for (const part of text.split(',')) {
    const [low = '', high = low, ...more] = part.split(/[:-]/)
    const first = portNumber(low === '' ? '0' : low)
    const last = portNumber(high === '' ? '65535' : high)
    if (first === null || last === null || more.length > 0) return null
    spans.push({ first, last })
  }
  return spans
}

/** `value` or `value/mask`. */
export const markAndMask = (text: string): { readonly value: number; readonly mask: number } | null => {
  const [told = '', under] = text.split('/')
  const value = unsigned(told)
  const mask = under === undefined ? 0xffff_ffff : unsigned(under)
  return value === null || mask === null ? null : { value, mask }
}

const markMatch = (subject: 'packet' | 'connection', negated: boolean, text: string): FirewallMatch | undefined => {
  const mark = markAndMask(text)
  return mark === null ? undefined : { kind: 'mark', subject, negated, ...mark }
}

const icmp = (text: string, family: AddressFamily, negated: boolean): FirewallMatch | null | undefined => {
  if (text === 'any' || text === '255') return null
  const type = icmpType(text, family)
  return type === null ? undefined : { kind: 'icmp', family, negated, types: [type] }
}

const prefixOrUnknown = (text: string, family: AddressFamily): AddressItem => {
  const prefix = parsePrefix(text)
  return prefix?.family === family ? prefix : { kind: 'unknown', text }
}

const flags = (text: string): readonly string[] => (text === 'NONE' ? [] : text.toLowerCase().split(','))
