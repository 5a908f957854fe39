import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import type { FirewallMatch, FirewallRule } from '../../model/node-firewall.ts'
import { readNftJson } from './nft-json.ts'

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')

/** A ruleset of one forward chain with one rule. */
const read = (...expr: readonly unknown[]) =>
  readNftJson(
    JSON.stringify({
      nftables: [
        { chain: { family: 'inet', table: 't', name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
        { rule: { family: 'inet', table: 't', chain: 'c', handle: 1, expr } },
      ],
    }),
    'nft.json',
  )
const ruleOf = (...expr: readonly unknown[]): FirewallRule => {
  const rule = read(...expr).value[0]?.rules[0]
  assert.ok(rule)
  return rule
}
const check = (input: unknown, expected: readonly FirewallMatch[]) => assert.deepEqual(ruleOf(input).matches, expected)
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } })
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } })
const meta = (key: string) => ({ meta: { key } })

test('addresses bring their family, ports their protocol', () => {
  check(match(payload('ip', 'daddr'), { prefix: { addr: '203.0.113.0', len: 24 } }, '!='), [
    { kind: 'family', negated: false, family: 4 },
    {
      kind: 'address',
      side: 'destination',
      negated: true,
      items: [{ kind: 'prefix', family: 4, address: '203.0.113.0', length: 24 }],
      set: null,
    },
  ])
  check(match(payload('ip6', 'saddr'), { set: ['2001:db8::1', { range: ['2001:db8::5', '2001:db8::9'] }] }), [
    { kind: 'family', negated: false, family: 6 },
    {
      kind: 'address',
      side: 'source',
      negated: false,
      items: [
        { kind: 'prefix', family: 6, address: '2001:db8::1', length: 128 },
        { kind: 'range', family: 6, first: '2001:db8::5', last: '2001:db8::9' },
      ],
      set: null,
    },
  ])
  check(match(payload('tcp', 'dport'), 1024, '>='), [
    { kind: 'protocol', negated: false, protocols: [6] },
    { kind: 'port', side: 'destination', negated: false, ports: [{ first: 1024, last: 65535 }], set: null },
  ])
  check(match(payload('th', 'sport'), { range: [1, 9] }), [
    { kind: 'port', side: 'source', negated: false, ports: [{ first: 1, last: 9 }], set: null },
  ])
})

test('states, marks, interfaces, owners, flags', () => {
  check(match({ ct: { key: 'state' } }, ['established', 'related'], 'in'), [
    { kind: 'connectionState', negated: false, states: ['established', 'related'] },
  ])
  check(match({ '&': [meta('mark'), 0xf00] }, 0x200), [
    { kind: 'mark', subject: 'packet', negated: false, value: 0x200, mask: 0xf00 },
  ])
  check(match(meta('iifname'), { set: ['cni*', 'eth0'] }), [
    {
      kind: 'interface',
      side: 'in',
      negated: false,
      names: [
        { name: 'cni', prefix: true },
        { name: 'eth0', prefix: false },
      ],
    },
  ])
  check(match(meta('skuid'), 1337, '!='), [
    { kind: 'owner', subject: 'user', negated: true, ids: [{ first: 1337, last: 1337 }] },
  ])
  check(match({ numgen: { mode: 'random', mod: 100, offset: 0 } }, 30, '<'), [{ kind: 'share', share: 0.3 }])
  check(match(meta('l4proto'), { set: ['tcp', 'ipv6-icmp', 132] }), [
    { kind: 'protocol', negated: false, protocols: [6, 58, 132] },
  ])
  check(match({ '&': [payload('tcp', 'flags'), { '|': ['syn', 'ack'] }] }, 'syn'), [
    { kind: 'protocol', negated: false, protocols: [6] },
    { kind: 'tcpFlags', negated: false, examined: ['syn', 'ack'], set: ['syn'] },
  ])
})

test('what is not understood stays in its place and is counted', () => {
  const strange = match({ rt: { key: 'classid' } }, 7)
  const reading = read(strange, { accept: null })
  assert.deepEqual(reading.value[0]?.rules[0]?.matches, [{ kind: 'unknown', text: JSON.stringify(strange) }])
  assert.deepEqual(
    reading.notes.map(({ state }) => state),
    ['partly'],
  )
  assert.equal(ruleOf({ limit: { rate: 5, per: 'second' } }, { drop: null }).matches[0]?.kind, 'unknown')
  assert.deepEqual(ruleOf({ teleport: 1 }).verdict, { kind: 'unknown', text: '{"teleport":1}' })
  assert.equal(ruleOf(match(payload('ip', 'daddr'), '2001:db8::1')).matches.length, 2)
  assert.equal(ruleOf({ xt: { type: 'match', name: 'recent' } }, { accept: null }).matches[0]?.kind, 'unknown')
  assert.deepEqual(ruleOf({ xt: { type: 'match', name: 'comment' } }, { accept: null }).matches, [])
})

test('changes of a mark come to one form', () => {
  const mark = (value: unknown) => ruleOf({ mangle: { key: meta('mark'), value } }).effects
  assert.deepEqual(mark(7), [{ kind: 'mark', subject: 'packet', keep: 0, toggle: 7 }])
  // (mark & 0xffff00ff) | 0x4000: the bits 0xff00 are lost, 0x4000 is set.
  assert.deepEqual(mark({ '|': [{ '&': [meta('mark'), 0xffff00ff] }, 0x4000] }), [
    { kind: 'mark', subject: 'packet', keep: 0xffff00ff, toggle: 0x4000 },
  ])
  // Setting a bit that is kept must not toggle it.
  assert.deepEqual(mark({ '|': [meta('mark'), 0x4000] }), [
    { kind: 'mark', subject: 'packet', keep: 0xffffbfff, toggle: 0x4000 },
  ])
  assert.deepEqual(mark({ '^': [meta('mark'), 1] }), [{ kind: 'mark', subject: 'packet', keep: 0xffffffff, toggle: 1 }])
  assert.deepEqual(mark({ ct: { key: 'mark' } }), [{ kind: 'copyMark', to: 'packet', mask: 0xffffffff }])
  assert.equal(mark({ payload: { protocol: 'ip', field: 'dscp' } })[0]?.kind, 'unknown')
})

test('sets: members are resolved, sets of tuples become alternatives, dynamic sets stay sets', () => {
  const { value, diagnostics } = readNftJson(fixture('service-maps.nft.json'), 'f')
  assert.deepEqual(diagnostics, [])
  const rules = value.find(chain => chain.name === 'fwd')?.rules ?? []
  assert.deepEqual(
    rules.map(rule => rule.position),
    [0, 1, 2, 3, 4],
  )
  assert.deepEqual(rules[0]?.matches, [
    {
      kind: 'address',
      side: 'destination',
      negated: false,
      items: [
        { kind: 'prefix', family: 4, address: '203.0.113.0', length: 25 },
        { kind: 'prefix', family: 4, address: '203.0.113.200', length: 32 },
      ],
      set: 'blocked',
    },
  ])
  assert.deepEqual(
    [rules[0]?.verdict, rules[0]?.comment],
    [{ kind: 'reject', with: 'icmp admin-prohibited' }, 'blocked'],
  )
  assert.equal(rules[1]?.matches[0]?.kind, 'set')
  const [pairs] = rules[2]?.matches ?? []
  assert.equal(pairs?.kind === 'anyOf' ? pairs.alternatives.length : 0, 2)
  assert.deepEqual(pairs?.kind === 'anyOf' ? pairs.alternatives[1]?.find(part => part.kind === 'port') : null, {
    kind: 'port',
    side: 'destination',
    negated: false,
    ports: [{ first: 100, last: 200 }],
    set: null,
  })
  assert.deepEqual(
    rules[3]?.matches.map(part => part.kind),
    ['mark', 'unknown'],
  )
  assert.equal(rules[4]?.verdict.kind, 'unknown')
})

test('a dormant table is not in force; a broken item does not take the others with it', () => {
  const table = (flags: readonly string[]) =>
    `{"nftables":[{"table":{"family":"ip","name":"t","flags":${JSON.stringify(flags)}}},{"chain":{"family":"ip","table":"t","name":"c"}}]}`
  assert.equal(readNftJson(table(['dormant']), 'f').value.length, 0)
  assert.equal(readNftJson(table([]), 'f').value.length, 1)
  const broken =
    '{"nftables":[\n{"chain":{"family":"ip","table":"t","name":"a"}},\n{"chain":nonsense},\n{"chain":{"family":"ip","table":"t","name":"b"}}\n]}'
  const { value, diagnostics } = readNftJson(broken, 'f')
  assert.deepEqual(
    value.map(chain => [chain.name, chain.origin.line]),
    [
      ['a', 2],
      ['b', 4],
    ],
  )
  assert.deepEqual(
    diagnostics.map(({ line }) => line),
    [3],
  )
  assert.equal(readNftJson('{"nftables":[{"chain":{"family":"ip","table":"t","name":"a"}},{"cha', 'f').value.length, 1)
  const deep = `{"nftables":[{"rule":${'['.repeat(100_000)}${']'.repeat(100_000)}},{"chain":{"family":"ip","table":"t","name":"a"}}]}`
  assert.equal(readNftJson(deep, 'f').value.length, 1)
})

test('a key that JavaScript knows is only a key', () => {
  assert.equal(ruleOf(JSON.parse('{"__proto__":{"accept":null}}')).verdict.kind, 'unknown')
  assert.deepEqual({}.constructor, Object)
})
