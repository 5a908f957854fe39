import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, namespace, networkPolicy, pod } from './estate.ts'
import { check } from './table.ts'

// Text that parsers read differently is not guessed; text that all read alike is.

const WEB = namespace('default') + pod('web', { ip: '10.244.0.5' })
const to = (cidr: string, except = ''): string =>
  WEB +
  networkPolicy(`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "${cidr}"${except}}}]}]}`)

check('host bits are put aside', to('203.0.114.77/24'), 'web', '203.0.114.9:443', 'allowed')
check('and widen nothing', to('203.0.114.77/24'), 'web', '203.0.115.9:443', 'denied')
check('upper case', to('2606:4700:ABCD::/48'), 'web', '[2606:4700:abcd::1]:443', 'allowed')
check('uncompressed', to('2606:4700:0000:0000:0000:0000:0000:0000/32'), 'web', '[2606:4700::1]:443', 'allowed')
check('host bits of IPv6', to('2606:4700::1/32'), 'web', '[2606:4700:ffff::1]:443', 'allowed')
for (const block of [
  '010.0.0.0/8',
  '10.0/8',
  '10.1',
  '167772160/8',
  '::ffff:10.0.0.0/104',
  '10.0.0.0/08',
  '0x0a.0.0.0/8',
  '10.0.0.0',
  '10.0.0.0/33',
  'fe80::1%eth0/64',
  '',
])
  check(`\`${block}\` is not guessed`, to(block), 'web', '10.0.0.1:443', 'unknown unknown')
check(
  'an exception that is not read leaves the block open',
  to('203.0.112.0/22', ', except: [203.0.114.000/24]'),
  'web',
  '203.0.113.1:443',
  'unknown unknown',
)
check(
  'and opens nothing around it',
  to('203.0.112.0/22', ', except: [203.0.114.000/24]'),
  'web',
  '203.0.116.1:443',
  'denied',
)
check('the other family stays closed for certain', to('::ffff:10.0.0.0/104'), 'web', '203.0.114.9:443', 'unknown')

// Questions.
const refuses = (question: string, reason: RegExp): void => {
  test(`the question ${question} is refused`, () => assert.throws(() => ask(WEB, 'web', question), reason))
}
refuses('010.0.0.1', /`010\.0\.0\.1`/)
refuses('10.1', /`10\.1`/)
refuses('167772161', /`167772161`/)
refuses('0x7f000001', /`0x7f000001`/)
refuses('10.0.0.0x1', /`10\.0\.0\.0x1`/)
refuses('::ffff:10.0.0.1', /IPv4-mapped/)
refuses('[::ffff:10.0.0.1]:443', /IPv4-mapped/)
refuses('fe80::1%eth0', /`fe80::1%eth0`/)
refuses('10.0.0.1/33', /0 to 32/)
refuses('10.0.0.1:0', /1 to 65535/)
refuses('10.0.0.1:65536', /1 to 65535/)
refuses('10.0.0.1:90-80', /lower port first/)
refuses('10.0.0.1:80/quic', /`quic` is not a protocol/)
refuses('10.0.0.1:80/gre', /has no ports/)
refuses('10.0.0.1:300/icmp', /0 to 255/)
refuses('10.0.0.1:x/icmp', /`x/)
refuses('10.0.0.1:8/0/0/icmp', /8\/0\/0/)
refuses('svc:nowhere', /no Service/)
refuses('[]', /write/)
const takes = (question: string): void => {
  test(`the question ${question} is taken`, () => assert.equal(ask(WEB, 'web', question).verdict, 'allowed'))
}
for (const question of [
  '203.0.114.9',
  '203.0.114.9:443',
  '203.0.114.9:443/TCP',
  '203.0.114.9:443/Tcp',
  '203.0.114.9:80,443,8000-8010',
  '203.0.114.0/24:443',
  '[2606:4700::1]:443/udp',
  '2606:4700::1',
  '[2606:4700::]/32:443',
  '203.0.114.9:8/0/icmp',
  '203.0.114.9:8/*/icmp',
  '203.0.114.9:*/gre',
  '203.0.114.9:*/47',
  '203.0.114.9:443/6',
  '203.0.114.9:443/17',
  'EXAMPLE.com:443',
  'example.com.',
])
  takes(question)

// YAML 1.1: what the API server makes of a scalar.
test('`017` is fifteen', () => {
  const yaml = WEB + networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 017}]}]}')
  assert.equal(ask(yaml, 'web', '203.0.114.9:15').verdict, 'allowed')
  assert.equal(ask(yaml, 'web', '203.0.114.9:17').verdict, 'denied')
})
test('a label `yes` is a boolean, which the API refuses', () => {
  const { diagnostics } = ask(
    WEB + networkPolicy('{podSelector: {matchLabels: {app: yes}}, policyTypes: [Egress]}'),
    'web',
    '203.0.114.9',
  )
  assert.equal(diagnostics.length, 1)
})
