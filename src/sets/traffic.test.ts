import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Reading } from './algebra.ts'
import { type IcmpSet, icmpMessages, icmpSets, printIcmp, readIcmp } from './icmp-set.ts'
import { containsPoint } from './interval-set.ts'
import { type PortSet, portRange, portSets, printPorts, readPorts, unionOfPorts } from './port-set.ts'
import { ICMP, ICMPV6, printProtocol, readProtocol, SCTP, TCP, UDP } from './protocol.ts'
import { assertComplementLaws, assertLaws, assertPointwise } from './testing/laws.ts'
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
import { trafficTable } from './traffic-table.ts'
import { readTraffic, type TrafficElement, trafficElements } from './traffic-text.ts'

const must = <T>(read: Reading<T>): T => {
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}
const refusal = (read: Reading<unknown>): string => (read.kind === 'refused' ? read.why : assert.fail('was read'))

const has = (set: { readonly bounds: PortSet['bounds'] }, point: number): boolean =>
  containsPoint(1, set.bounds, [point])

describe('ports', () => {
  const check = (text: string, canonical: string): void => assert.equal(printPorts(must(readPorts(text))), canonical)
  test('canonical text', () => {
    check('443,80', '80,443')
    check('8080-8090,80,8000-8080,81', '80-81,8000-8090')
    check('1-65535', '1-65535')
    check('65535', '65535')
    check('', '')
    assert.equal(printPorts(portSets.full), '1-65535')
    assert.equal(printPorts(portSets.complement(must(readPorts('1-1023,65535')))), '1024-65534')
  })
  test('what is no port is refused', () => {
    for (const text of [
      '0',
      '65536',
      '1-65536',
      '0-80',
      '90-80',
      '080',
      '80-',
      '-80',
      'http',
      '80;81',
      '1,,2',
      '0x50',
      '999999',
    ])
      assert.equal(readPorts(text).kind, 'refused', text)
    assert.match(refusal(portRange(1.5)), /port `1\.5` is not a whole number/)
    assert.match(refusal(portRange(90, 80)), /ends before it starts/)
  })
  // Eight ports at each end of the range and in the middle.
  const points = [1, 2, 3, 4, 65532, 65533, 65534, 65535]
  const set = fc.subarray(points).map(ports => unionOfPorts(ports.map(port => must(portRange(port)))))
  test('laws', () => {
    fc.assert(fc.property(set, set, set, (a, b, c) => assertLaws(portSets, a, b, c)))
    fc.assert(fc.property(set, set, (a, b) => assertComplementLaws(portSets, a, b)))
    fc.assert(fc.property(set, set, (a, b) => assertPointwise(portSets, points, has, a, b)))
    fc.assert(fc.property(set, a => assert.deepEqual(must(readPorts(printPorts(a))), a)))
  })
})

describe('ICMP', () => {
  const check = (text: string, canonical: string): void => assert.equal(printIcmp(must(readIcmp(text))), canonical)
  test('canonical text', () => {
    check('8/0,3/*', '3/*,8/0')
    check('*', '*')
    check('', '')
    check('0-255/*', '*')
    check('3/0,3/1,3/2,3/4', '3/0-2,3/4')
    check('3/0-255', '3/*')
    check('3/*,4/*,5/*', '3-5/*')
    check('3/255,4/*,5/0', '3/255,4/*,5/0')
    assert.equal(printIcmp(icmpSets.complement(must(icmpMessages(8, null)))), '0-7/*,9-255/*')
  })
  test('types and codes', () => {
    assert.equal(printIcmp(must(icmpMessages(8, 0))), '8/0')
    assert.equal(printIcmp(must(icmpMessages(128, null))), '128/*')
    assert.equal(printIcmp(must(icmpMessages(null, null))), '*')
    assert.match(refusal(icmpMessages(null, 3)), /has no type/)
    assert.match(refusal(icmpMessages(256, null)), /type `256`/)
    assert.match(refusal(icmpMessages(3, -1)), /code `-1`/)
    for (const text of ['8', '8/', '/0', '256/*', '3/256', '4-3/*', '3/2-1', '3-4/0', 'echo', '8/0;3/0'])
      assert.equal(readIcmp(text).kind, 'refused', text)
  })
  const points = [0, 1, 255, 256, 257, 511, 512, 65280, 65534, 65535]
  const part = fc.constantFrom(
    '0/0',
    '0/*',
    '0/255',
    '1/*',
    '1/1-255',
    '2/0',
    '255/0',
    '255/254-255',
    '255/*',
    '1-254/*',
  )
  const set = fc.array(part, { maxLength: 4 }).map(parts => must(readIcmp(parts.join(','))))
  test('laws', () => {
    fc.assert(fc.property(set, set, set, (a, b, c) => assertLaws(icmpSets, a, b, c)))
    fc.assert(fc.property(set, set, (a, b) => assertComplementLaws(icmpSets, a, b)))
    fc.assert(fc.property(set, a => assert.deepEqual(must(readIcmp(printIcmp(a))), a)))
    const brute = (a: IcmpSet, b: IcmpSet): void => {
      for (const p of points) assert.equal(has(icmpSets.subtract(a, b), p), has(a, p) && !has(b, p))
    }
    fc.assert(fc.property(set, set, brute))
  })
})

test('protocols by name in any case, and by number', () => {
  for (const [text, number] of [
    ['tcp', 6],
    ['TCP', 6],
    ['Udp', 17],
    ['SCTP', 132],
    ['icmp', 1],
    ['ICMPv6', 58],
    ['6', 6],
    [17, 17],
    ['gre', 47],
    ['0', 0],
    [255, 255],
  ] as const)
    assert.equal(must(readProtocol(text)), number)
  for (const text of ['', 'tcpp', '256', '-1', '06', '6.0', 'constructor', '__proto__', 1.5])
    assert.equal(readProtocol(text).kind, 'refused')
  assert.deepEqual([6, 17, 132, 1, 58, 47].map(printProtocol), ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', '47'])
})

describe('traffic', () => {
  const ports = (text: string): PortSet => must(readPorts(text))
  const check = (traffic: Traffic, expected: readonly TrafficElement[]): void => {
    assert.deepEqual(trafficElements(traffic), expected)
    assert.deepEqual(must(readTraffic(expected)), traffic)
  }
  test('as results show it', () => {
    check(traffics.empty, [])
    check(traffics.full, [
      { protocol: 'TCP', ports: '1-65535' },
      { protocol: 'UDP', ports: '1-65535' },
      { protocol: 'SCTP', ports: '1-65535' },
      { protocol: 'ICMP', types: '*' },
      { protocol: 'ICMPv6', types: '*' },
      { protocol: 'OTHER' },
    ])
    check(unionOfTraffics([portTraffic(UDP, ports('53')), portTraffic(TCP, ports('53,443'))]), [
      { protocol: 'TCP', ports: '53,443' },
      { protocol: 'UDP', ports: '53' },
    ])
    check(unionOfTraffics([protocolTraffic(47), protocolTraffic(2), icmpTraffic(ICMP, must(icmpMessages(8, 0)))]), [
      { protocol: 'ICMP', types: '8/0' },
      { protocol: '2' },
      { protocol: '47' },
    ])
    check(traffics.subtract(traffics.full, traffics.union(OTHER_PROTOCOLS, protocolTraffic(TCP))), [
      { protocol: 'UDP', ports: '1-65535' },
      { protocol: 'SCTP', ports: '1-65535' },
      { protocol: 'ICMP', types: '*' },
      { protocol: 'ICMPv6', types: '*' },
    ])
  })
  test('OTHER is all protocols but the five; with one missing they are named', () => {
    assert.equal(otherProtocolsOf(traffics.full).length, 251)
    const withoutGre = trafficElements(traffics.subtract(OTHER_PROTOCOLS, protocolTraffic(47)))
    assert.equal(withoutGre.length, 250)
    assert.ok(!withoutGre.some(({ protocol }) => protocol === '47' || protocol === 'OTHER'))
  })
  test('parts come out as they went in', () => {
    const mixed = unionOfTraffics([portTraffic(SCTP, ports('9')), icmpTraffic(ICMPV6, must(icmpMessages(128, 0)))])
    assert.equal(printPorts(portsOf(mixed, SCTP)), '9')
    assert.equal(printPorts(portsOf(mixed, TCP)), '')
    assert.equal(printIcmp(messagesOf(mixed, ICMPV6)), '128/0')
    assert.equal(printIcmp(messagesOf(mixed, ICMP)), '')
    assert.throws(() => protocolTraffic(256), RangeError)
  })
  test('elements that make no sense are refused', () => {
    for (const element of [
      { protocol: 'ICMP', ports: '80' },
      { protocol: 'TCP', types: '*' },
      { protocol: '47', ports: '1' },
      { protocol: 'TCP', ports: 'x' },
      { protocol: 'ICMP', types: 'x' },
      { protocol: 'HTTP' },
    ])
      assert.equal(readTraffic([element]).kind, 'refused')
    assert.deepEqual(must(readTraffic([{ protocol: 'tcp' }])), protocolTraffic(TCP))
  })

  const part = fc.constantFrom(
    ...['1', '65535', '80-90', '1-65535'].flatMap(text => [TCP, UDP, SCTP].map(p => portTraffic(p as 6, ports(text)))),
    ...['0/0', '255/*', '*'].flatMap(text => [ICMP, ICMPV6].map(p => icmpTraffic(p as 1, must(readIcmp(text))))),
    protocolTraffic(0),
    protocolTraffic(47),
    OTHER_PROTOCOLS,
  )
  const set = fc.array(part, { maxLength: 5 }).map(unionOfTraffics)
  test('laws', () => {
    fc.assert(fc.property(set, set, set, (a, b, c) => assertLaws(traffics, a, b, c)))
    fc.assert(fc.property(set, set, (a, b) => assertComplementLaws(traffics, a, b)))
    fc.assert(fc.property(set, a => assert.deepEqual(must(readTraffic(trafficElements(a))), a)))
  })
  test('each protocol by itself is what the product is', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const p of [TCP, UDP, SCTP] as const)
          assert.deepEqual(portsOf(traffics.subtract(a, b), p), portSets.subtract(portsOf(a, p), portsOf(b, p)))
        for (const p of [ICMP, ICMPV6] as const)
          assert.deepEqual(messagesOf(traffics.union(a, b), p), icmpSets.union(messagesOf(a, p), messagesOf(b, p)))
      }),
    )
  })
  test('a table gives equal traffic one id, and the same answers', () => {
    const table = trafficTable()
    const id = set.map(table.idOf)
    fc.assert(fc.property(id, id, id, (a, b, c) => assertLaws(table, a, b, c)))
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [x, y] = [table.idOf(a), table.idOf(b)]
        assert.equal(x === y, traffics.equals(a, b))
        assert.deepEqual(table.trafficOf(table.union(x, y)), traffics.union(a, b))
        assert.deepEqual(table.trafficOf(table.intersect(x, y)), traffics.intersect(a, b))
        assert.deepEqual(table.trafficOf(table.subtract(x, y)), traffics.subtract(a, b))
        assert.equal(table.isSubset(x, y), traffics.isSubset(a, b))
      }),
    )
    assert.throws(() => table.trafficOf(1e9), RangeError)
    assert.equal(trafficTable().size(), 2)
  })
})
