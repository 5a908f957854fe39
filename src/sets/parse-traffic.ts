import { quoted, type Reading, readAs, refuse } from './algebra.ts'
import { readIcmp } from './icmp-set.ts'
import { readPorts } from './port-set.ts'
import { hasPorts, hasTypes, type IcmpProtocol, readProtocol } from './protocol.ts'
import { icmpTraffic, OTHER_PROTOCOLS, portTraffic, protocolTraffic, type Traffic } from './traffic.ts'
import { trafficElements } from './traffic-text.ts'

/**
 * `443`, `80,8000-8080/tcp`, `8/0/icmp`, `*\/udp`, `gre`: ports without a protocol are TCP, `*` is every port or type, `other`
 * every protocol but TCP, UDP, SCTP, ICMP and ICMPv6.
 */
export const parseTraffic = (text: string): Reading<Traffic> => {
  const slash = text.lastIndexOf('/')
  const last = text.slice(slash + 1)
  // The protocol is the last part: a word, or a number after the ports; a word alone is all of it.
  const hasProtocol = slash >= 0 || /^[a-z]/i.test(text)
  if (hasProtocol && last.toLowerCase() === 'other') return readAs(OTHER_PROTOCOLS)
  const protocol = readProtocol(hasProtocol ? last : 'tcp')
  if (protocol.kind === 'refused') return protocol
  const number = protocol.value
  const ports = slash >= 0 ? text.slice(0, slash) : hasProtocol ? '*' : text
  if (ports === '*' || ports === '') return readAs(protocolTraffic(number))
  if (hasTypes(number)) return readMessages(ports, number)
  if (!hasPorts(number)) return refuse(`protocol ${quoted(last)} has no ports: write ${quoted(`*/${last}`)}`)
  const read = readPorts(ports)
  return read.kind === 'refused' ? read : readAs(portTraffic(number, read.value))
}

/** A type alone is every code of it. */
const readMessages = (text: string, protocol: IcmpProtocol): Reading<Traffic> => {
  const read = readIcmp(
    text
      .split(',')
      .map(part => (part.includes('/') ? part : `${part}/*`))
      .join(','),
  )
  return read.kind === 'refused' ? read : readAs(icmpTraffic(protocol, read.value))
}

/** Texts that `parseTraffic` reads back: together they are the traffic. */
export const printTraffic = (traffic: Traffic): readonly string[] =>
  trafficElements(traffic).map(element =>
    'ports' in element
      ? `${every(element.ports, '1-65535')}/${element.protocol}`
      : 'types' in element
        ? `${element.types}/${element.protocol}`
        : `*/${element.protocol}`,
  )

const every = (ports: string, all: string): string => (ports === all ? '*' : ports)
