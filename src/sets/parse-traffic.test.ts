import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseTraffic, printTraffic } from './parse-traffic.ts'
import { portRange } from './port-set.ts'
import { TCP, UDP } from './protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from './traffic.ts'
import { trafficElements } from './traffic-text.ts'

const parsed = (text: string): Traffic => {
  const read = parseTraffic(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

test('ports are TCP where no protocol is named', () => {
  assert.deepEqual(trafficElements(parsed('443')), [{ protocol: 'TCP', ports: '443' }])
  assert.deepEqual(trafficElements(parsed('80,8000-8080/udp')), [{ protocol: 'UDP', ports: '80,8000-8080' }])
  assert.deepEqual(trafficElements(parsed('*/sctp')), [{ protocol: 'SCTP', ports: '1-65535' }])
  assert.deepEqual(trafficElements(parsed('8/0,3/*/ICMP')), [{ protocol: 'ICMP', types: '3/*,8/0' }])
  assert.deepEqual(trafficElements(parsed('gre')), [{ protocol: '47' }])
  assert.deepEqual(trafficElements(parsed('*/other')), [{ protocol: 'OTHER' }])
})

test('what is no traffic is refused', () => {
  for (const text of ['70000', '443/nonsense', '5/gre', '8/ports/icmp', '1-', ''])
    if (text !== '') assert.equal(parseTraffic(text).kind, 'refused', text)
})

const part: fc.Arbitrary<Traffic> = fc.oneof(
  fc
    .tuple(fc.constantFrom(TCP, UDP), fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 1, max: 65535 }))
    .map(([protocol, a, b]) => {
      const range = portRange(Math.min(a, b), Math.max(a, b))
      if (range.kind === 'refused') throw new Error(range.why)
      return portTraffic(protocol as typeof TCP, range.value)
    }),
  fc.integer({ min: 0, max: 255 }).map(protocolTraffic),
  fc.constant(traffics.full),
)

test('what is written is read back as the same traffic', () =>
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 2 }), (some, less) => {
      const traffic = traffics.subtract(unionOfTraffics(some), unionOfTraffics(less))
      assert.ok(traffics.equals(unionOfTraffics(printTraffic(traffic).map(parsed)), traffic))
    }),
  ))
