import { quoted, type Reading, readAs, refuse } from './algebra.ts'
import { icmpMessages } from './icmp-set.ts'
import { readPorts } from './port-set.ts'
import { hasPorts, hasTypes, type IcmpProtocol, readProtocol } from './protocol.ts'
import { icmpTraffic, portTraffic, protocolTraffic, type Traffic, unionOfTraffics } from './traffic.ts'

/** `443`, `80,8000-8080/tcp`, `8/0/icmp`, `*\/udp`, `gre`: ports without a protocol are TCP, `*` is every port or type. */
export const parseTraffic = (text: string): Reading<Traffic> => {
  const slash = text.lastIndexOf('/')
  const last = text.slice(slash + 1)
  // The protocol is the last part: a word, or a number after the ports; a word alone is all of it.
  const hasProtocol = slash >= 0 || /^[a-z]/i.test(text)
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

const readMessages = (text: string, protocol: IcmpProtocol): Reading<Traffic> => {
  const parts: Traffic[] = []
  for (const part of text.split(',')) {
    const [, type, code] = /^(\d{1,3})(?:\/(\d{1,3}|\*))?$/.exec(part) ?? []
    if (type === undefined) return refuse(`${quoted(part)} is no ICMP type with its code: write \`8/0\` or \`8/*\``)
    const read = icmpMessages(Number(type), code === undefined || code === '*' ? null : Number(code))
    if (read.kind === 'refused') return read
    parts.push(icmpTraffic(protocol, read.value))
  }
  return readAs(unionOfTraffics(parts))
}
