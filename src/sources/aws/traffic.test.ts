import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../model/json.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { type TrafficReading, trafficOfAclEntry, trafficOfPermission } from './traffic.ts'

const check = ({ traffic, doubt }: TrafficReading, expected: string): void => {
  const parts = trafficElements(traffic).map(element => Object.values(element).join(' '))
  assert.equal(`${parts.join('; ')}${doubt === null ? '' : ' ?'}`, expected)
}
const permission = (rule: Json, expected: string): void => check(trafficOfPermission(rule), expected)
const entry = (rule: Json, family: 4 | 6, expected: string): void => check(trafficOfAclEntry(rule, family), expected)

const EVERYTHING = 'TCP 1-65535; UDP 1-65535; SCTP 1-65535; ICMP *; ICMPv6 *; OTHER'

test('-1 is all traffic, whatever ports stand beside it', () => {
  permission({ IpProtocol: '-1' }, EVERYTHING)
  permission({ IpProtocol: '-1', FromPort: 443, ToPort: 443 }, EVERYTHING)
  entry({ Protocol: '-1', PortRange: { From: 22, To: 22 } }, 4, EVERYTHING)
})

test('names and numbers mean the same', () => {
  for (const IpProtocol of ['tcp', '6']) permission({ IpProtocol, FromPort: 80, ToPort: 81 }, 'TCP 80-81')
  for (const IpProtocol of ['icmpv6', '58']) permission({ IpProtocol, FromPort: 128, ToPort: 0 }, 'ICMPv6 128/0')
  entry({ Protocol: '17', PortRange: { From: 53, To: 53 } }, 4, 'UDP 53')
})

test('without ports a rule of a group is about all of them', () => {
  permission({ IpProtocol: 'tcp' }, 'TCP 1-65535')
  permission({ IpProtocol: 'udp', FromPort: null, ToPort: null }, 'UDP 1-65535')
  permission({ IpProtocol: 'icmpv6' }, 'ICMPv6 *')
  permission({ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535 }, 'TCP 1-65535')
  permission({ IpProtocol: 'tcp', FromPort: 0, ToPort: 0 }, '')
})

test('ports of other protocols say nothing', () => {
  permission({ IpProtocol: '132', FromPort: 80, ToPort: 80 }, 'SCTP 1-65535')
  permission({ IpProtocol: '50', FromPort: 0, ToPort: 0 }, '50')
  entry({ Protocol: '132', PortRange: { From: 80, To: 80 } }, 4, 'SCTP 1-65535')
})

test('ICMP has its type where ports begin and its code where they end', () => {
  permission({ IpProtocol: 'icmp', FromPort: 3, ToPort: 4 }, 'ICMP 3/4')
  permission({ IpProtocol: 'icmp', FromPort: 8, ToPort: -1 }, 'ICMP 8/*')
  permission({ IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }, 'ICMP *')
  permission({ IpProtocol: 'icmp', FromPort: -1, ToPort: 4 }, 'ICMP * ?')
  entry({ Protocol: '1', IcmpTypeCode: { Type: 8, Code: -1 } }, 4, 'ICMP 8/*')
  entry({ Protocol: '1', IcmpTypeCode: { Type: -1, Code: -1 } }, 4, 'ICMP *')
})

// Source: EC2 API Reference, CreateNetworkAclEntry, Protocol.
test('ICMPv6 in an entry for IPv4 is all of it, in one for IPv6 what it says', () => {
  entry({ Protocol: '58', IcmpTypeCode: { Type: 128, Code: 0 } }, 4, 'ICMPv6 *')
  entry({ Protocol: '58', IcmpTypeCode: { Type: 128, Code: 0 } }, 6, 'ICMPv6 128/0')
  entry({ Protocol: '58' }, 6, 'ICMPv6 * ?')
})

test('what cannot be read is all that it may be, with a doubt', () => {
  permission({}, `${EVERYTHING} ?`)
  permission({ IpProtocol: 'tcpp' }, `${EVERYTHING} ?`)
  permission({ IpProtocol: 'tcp', FromPort: '80', ToPort: 80 }, 'TCP 1-65535 ?')
  permission({ IpProtocol: 'tcp', FromPort: 80 }, 'TCP 1-65535 ?')
  permission({ IpProtocol: 'tcp', FromPort: 90, ToPort: 80 }, 'TCP 1-65535 ?')
  entry({ Protocol: '6' }, 4, 'TCP 1-65535 ?')
})
