/** Protocol names as the tools print them. Source: IANA "Assigned Internet Protocol Numbers", read 2026-01. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['ip', 0],
  ['hopopt', 0],
  ['icmp', 1],
  ['igmp', 2],
  ['ggp', 3],
  ['ipencap', 4],
  ['ipip', 4],
  ['ipv4', 4],
  ['st', 5],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['hmp', 20],
  ['xns-idp', 22],
  ['rdp', 27],
  ['dccp', 33],
  ['ipv6', 41],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['idrp', 45],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['skip', 57],
  ['ipv6-icmp', 58],
  ['icmpv6', 58],
  ['icmp6', 58],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['ospf', 89],
  ['ipcomp', 108],
  ['comp', 108],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['isis', 124],
  ['sctp', 132],
  ['mobility-header', 135],
  ['mh', 135],
  ['udplite', 136],
  ['mpls-in-ip', 137],
])

/** A name or a number from 0 to 255. */
export const protocolNumber = (text: string): number | null => {
  const named = NUMBERS.get(text.toLowerCase())
  if (named !== undefined) return named
  if (!/^[0-9]{1,3}$/.test(text)) return null
  const value = Number(text)
  return value <= 255 ? value : null
}

/** Types that firewalls print by name. Source: IANA ICMP and ICMPv6 parameters. */
const ICMP4: ReadonlyMap<string, number> = new Map([
  ['echo-reply', 0],
  ['destination-unreachable', 3],
  ['source-quench', 4],
  ['redirect', 5],
  ['echo-request', 8],
  ['router-advertisement', 9],
  ['router-solicitation', 10],
  ['time-exceeded', 11],
  ['parameter-problem', 12],
  ['timestamp-request', 13],
  ['timestamp-reply', 14],
])
const ICMP6: ReadonlyMap<string, number> = new Map([
  ['destination-unreachable', 1],
  ['packet-too-big', 2],
  ['time-exceeded', 3],
  ['parameter-problem', 4],
  ['echo-request', 128],
  ['echo-reply', 129],
  ['mld-listener-query', 130],
  ['mld-listener-report', 131],
  ['mld-listener-done', 132],
  ['nd-router-solicit', 133],
  ['nd-router-advert', 134],
  ['nd-neighbor-solicit', 135],
  ['nd-neighbor-advert', 136],
  ['nd-redirect', 137],
])

/** `8`, `3/1`, `echo-request`. */
export const icmpType = (
  text: string,
  family: 4 | 6,
): { readonly type: number; readonly code: number | null } | null => {
  const named = (family === 4 ? ICMP4 : ICMP6).get(text)
  if (named !== undefined) return { type: named, code: null }
  const numbers = /^([0-9]{1,3})(?:\/([0-9]{1,3}))?$/.exec(text)
  if (numbers === null) return null
  const type = Number(numbers[1])
  const code = numbers[2] === undefined ? null : Number(numbers[2])
  return type > 255 || (code ?? 0) > 255 ? null : { type, code }
}
