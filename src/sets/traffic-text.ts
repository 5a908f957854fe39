import { type Reading, readAs, refuse } from './algebra.ts'
import { printIcmp, readIcmp } from './icmp-set.ts'
import { printPorts, readPorts } from './port-set.ts'
import { hasPorts, hasTypes, NAMED_PROTOCOLS, printProtocol, readProtocol } from './protocol.ts'
import {
  icmpTraffic,
  messagesOf,
  OTHER_PROTOCOLS,
  otherProtocolsOf,
  portsOf,
  portTraffic,
  protocolTraffic,
  type Traffic,
  traffics,
  unionOfTraffics,
} from './traffic.ts'

/** Traffic as results show it: one element a protocol. */
export type TrafficElement =
  | { readonly protocol: string; readonly ports: string }
  | { readonly protocol: string; readonly types: string }
  | { readonly protocol: string }

/**
 * In the order TCP, UDP, SCTP, ICMP, ICMPv6, others by number. `OTHER` stands for all protocols but these five; if one is
 * missing, those that are there are named by number.
 */
export const trafficElements = (traffic: Traffic): readonly TrafficElement[] => {
  const elements: TrafficElement[] = []
  for (const number of NAMED_PROTOCOLS) {
    const protocol = printProtocol(number)
    if (hasPorts(number)) {
      const ports = printPorts(portsOf(traffic, number))
      if (ports !== '') elements.push({ protocol, ports })
    } else {
      const types = printIcmp(messagesOf(traffic, number))
      if (types !== '') elements.push({ protocol, types })
    }
  }
  if (traffics.isSubset(OTHER_PROTOCOLS, traffic)) return [...elements, { protocol: 'OTHER' }]
  return [...elements, ...otherProtocolsOf(traffic).map(number => ({ protocol: printProtocol(number) }))]
}

/** Reads back what `trafficElements` writes. Ports or types left out are all of them. */
export const readTraffic = (elements: readonly TrafficElement[]): Reading<Traffic> => {
  const parts: Traffic[] = []
  for (const element of elements) {
    const read = readElement(element)
    if (read.kind === 'refused') return read
    parts.push(read.value)
  }
  return readAs(unionOfTraffics(parts))
}

const readElement = (element: TrafficElement): Reading<Traffic> => {
  if (element.protocol === 'OTHER') return readAs(OTHER_PROTOCOLS)
  const protocol = readProtocol(element.protocol)
  if (protocol.kind === 'refused') return protocol
  const number = protocol.value
  if ('ports' in element) {
    if (!hasPorts(number)) return refuse(`\`${element.protocol}\` has no ports: leave them out`)
    const ports = readPorts(element.ports)
    return ports.kind === 'refused' ? ports : readAs(portTraffic(number, ports.value))
  }
  if ('types' in element) {
    if (!hasTypes(number)) return refuse(`\`${element.protocol}\` has no types: leave them out`)
    const messages = readIcmp(element.types)
    return messages.kind === 'refused' ? messages : readAs(icmpTraffic(number, messages.value))
  }
  return readAs(protocolTraffic(number))
}
