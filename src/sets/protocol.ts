import { quoted, type Reading, readAs, refuse } from './algebra.ts'

/** IP protocols by number. Source: IANA, Assigned Internet Protocol Numbers. */
export const TCP = 6
export const UDP = 17
export const SCTP = 132
export const ICMP = 1
export const ICMPV6 = 58

export type PortProtocol = typeof TCP | typeof UDP | typeof SCTP
export type IcmpProtocol = typeof ICMP | typeof ICMPV6

/** The protocols that have ports or types, in the order of every output. */
export const NAMED_PROTOCOLS = [TCP, UDP, SCTP, ICMP, ICMPV6] as const

const NAMES: Readonly<Record<number, string>> = {
  [TCP]: 'TCP',
  [UDP]: 'UDP',
  [SCTP]: 'SCTP',
  [ICMP]: 'ICMP',
  [ICMPV6]: 'ICMPv6',
}

/** Other names that policies and firewalls write, in lower case. Source: IANA keywords, and `/etc/protocols`. */
const NUMBERS: Readonly<Record<string, number>> = {
  tcp: TCP,
  udp: UDP,
  sctp: SCTP,
  icmp: ICMP,
  icmpv6: ICMPV6,
  'ipv6-icmp': ICMPV6,
  igmp: 2,
  ipip: 4,
  ipencap: 4,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  udplite: 136,
}

/** A protocol with ports by its name in the API, upper case; null for any other text. */
export const portProtocolNamed = (name: string): PortProtocol | null =>
  name === 'TCP' ? TCP : name === 'UDP' ? UDP : name === 'SCTP' ? SCTP : null

export const hasPorts = (protocol: number): protocol is PortProtocol =>
  protocol === TCP || protocol === UDP || protocol === SCTP

export const hasTypes = (protocol: number): protocol is IcmpProtocol => protocol === ICMP || protocol === ICMPV6

/** `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`, or the number in decimal. */
export const printProtocol = (protocol: number): string => NAMES[protocol] ?? String(protocol)

/** A name in any case, or a number from 0 to 255. */
export const readProtocol = (protocol: string | number): Reading<number> => {
  const text = String(protocol)
  const number = /^(0|[1-9]\d{0,2})$/.test(text)
    ? Number(text)
    : Object.hasOwn(NUMBERS, text.toLowerCase())
      ? NUMBERS[text.toLowerCase()]
      : undefined
  return number === undefined || number > 255
    ? refuse(`${quoted(text)} is not a protocol: write TCP, UDP, SCTP, ICMP, ICMPv6 or a number from 0 to 255`)
    : readAs(number)
}
