import { portRange } from '../sets/port-set.ts'
import { type PortProtocol, SCTP, TCP, UDP } from '../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../sets/traffic.ts'
import { trafficElements } from '../sets/traffic-text.ts'

/** Traffic that checks ask about, and how they write it. */

export const portOf = (protocol: PortProtocol, port: number): Traffic => portsFrom(protocol, port, port)

/** Both ends are inside. */
export const portsFrom = (protocol: PortProtocol, first: number, last: number): Traffic => {
  const read = portRange(first, last)
  if (read.kind === 'refused') throw new RangeError(read.why)
  return portTraffic(protocol, read.value)
}

export const TCP_AND_UDP: Traffic = unionOfTraffics([TCP, UDP].map(protocolTraffic))
export const WITH_PORTS: Traffic = unionOfTraffics([TCP, UDP, SCTP].map(protocolTraffic))

export const HTTP: Traffic = portOf(TCP, 80)
/** The web in TLS, as every client speaks it. */
export const WEB: Traffic = portOf(TCP, 443)
export const HTTPS: Traffic = unionOfTraffics([portOf(TCP, 443), portOf(UDP, 443)])
export const DNS: Traffic = unionOfTraffics([portOf(UDP, 53), portOf(TCP, 53)])
/** DNS over TLS, and over QUIC. Source: RFC 7858, section 3.1; RFC 9250, section 4.1.1. */
export const DNS_OVER_TLS: Traffic = unionOfTraffics([portOf(TCP, 853), portOf(UDP, 853)])

/** The part that has ports. */
export const portsIn = (traffic: Traffic): Traffic => traffics.intersect(traffic, WITH_PORTS)

/** `TCP 443, UDP 53` */
export const portsText = (traffic: Traffic): string =>
  trafficElements(portsIn(traffic))
    .map(element => ('ports' in element ? `${element.protocol} ${element.ports.replaceAll(',', ', ')}` : ''))
    .join(' and ')
