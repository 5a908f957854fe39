import { type PortSet, portSets } from '../../sets/port-set.ts'
import type { PortProtocol } from '../../sets/protocol.ts'
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'

/** What a protocol of a rule covers; `inside`: packets tell it only by what they hold. */
export interface Protocol {
  readonly traffic: (ports: PortSet) => Traffic
  readonly inside: boolean
}

/** null: nobody’s. Source: Suricata User Guide, “Rules Format”, Protocol; Network Firewall API Reference, Header, `Protocol`. */
export const protocolNamed = (name: string): Protocol | null => {
  const word = name.toLowerCase()
  const carriers = CARRIERS[word]
  if (word === 'ip')
    return {
      inside: false,
      traffic: ports => (portSets.equals(ports, portSets.full) ? traffics.full : over([TCP, UDP, SCTP], ports)),
    }
  if (word === 'icmp') return { inside: false, traffic: () => unionOfTraffics([ICMP, ICMPV6].map(protocolTraffic)) }
  if (word === 'icmpv4') return { inside: false, traffic: () => protocolTraffic(ICMP) }
  if (word === 'icmpv6') return { inside: false, traffic: () => protocolTraffic(ICMPV6) }
  if (carriers === undefined) return null
  return { inside: !PLAIN.includes(word), traffic: ports => over(carriers, ports) }
}

const over = (protocols: readonly PortProtocol[], ports: PortSet): Traffic =>
  unionOfTraffics(protocols.map(protocol => portTraffic(protocol, ports)))

const PLAIN = ['tcp', 'tcp-pkt', 'udp', 'sctp']

const named = (words: string, carriers: readonly PortProtocol[]): readonly [string, readonly PortProtocol[]][] =>
  words.split(' ').map(word => [word, carriers])

/** What carries each. */
const CARRIERS: Readonly<Record<string, readonly PortProtocol[] | undefined>> = Object.assign(
  Object.create(null),
  Object.fromEntries([
    ...named('tcp tcp-pkt tcp-stream tls ssl http http1 http2 ftp smtp imap msn ssh smb dcerpc rdp mqtt', [TCP]),
    ...named('udp quic ntp dhcp tftp snmp ike ikev2', [UDP]),
    ...named('sctp', [SCTP]),
    ...named('dns krb5 sip nfs', [TCP, UDP]),
  ]),
)
