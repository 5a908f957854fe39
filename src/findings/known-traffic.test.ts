import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SCTP, TCP, UDP } from '../sets/protocol.ts'
import { traffics, unionOfTraffics } from '../sets/traffic.ts'
import { DNS, HTTPS, portOf, portsIn, portsText } from './known-traffic.ts'

test('ports as a sentence says them', () => {
  assert.equal(portsText(portOf(TCP, 443)), 'TCP 443')
  assert.equal(
    portsText(unionOfTraffics([portOf(TCP, 22), portOf(TCP, 443), portOf(UDP, 53)])),
    'TCP 22, 443 and UDP 53',
  )
  assert.equal(portsText(HTTPS), 'TCP 443 and UDP 443')
  assert.equal(portsText(portOf(SCTP, 132)), 'SCTP 132')
  assert.equal(portsText(traffics.empty), '')
})

test('only what has ports is asked about', () => {
  assert.equal(traffics.equals(portsIn(traffics.full), traffics.full), false)
  assert.equal(traffics.equals(portsIn(DNS), DNS), true)
})
