import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EgressIntent } from '../../model/intent.ts'
import { pathText } from '../../model/provenance.ts'
import { printAddresses } from '../../sets/address-text.ts'
import { printNamePattern } from '../../sets/name-pattern.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { estateOf } from '../kubernetes/testing/estate-of.ts'

const document = (spec: string, metadata = '{name: x}'): string =>
  `apiVersion: postern.dev/v1alpha1\nkind: EgressIntent\nmetadata: ${metadata}\nspec: ${spec}\n`

const intentOf = (spec: string, metadata?: string): EgressIntent => {
  const [found] = estateOf({ 'x.yaml': document(spec, metadata) }).intents.intents
  assert.ok(found)
  return found
}

const faultsOf = (spec: string, metadata?: string): readonly string[] =>
  intentOf(spec, metadata).faults.map(({ at, says }) => `${pathText(at)}: ${says}`)

test('an intent as written', () => {
  const { from, allow, faults } = intentOf(
    '{from: {clusters: [prod-*], namespaces: [pay], labels: {app: w*}}, allow: [{to: {names: ["*.stripe.com"], cidrs: [203.0.113.7, "2001:db8::/32"]}, ports: [443/TCP, 8000-8080, 53/udp], via: hub, owner: team, justification: why, reviewBy: 2027-02-01}]}',
  )
  assert.deepEqual(faults, [])
  assert.deepEqual(from, {
    kind: 'workloads',
    clusters: ['prod-*'],
    namespaces: ['pay'],
    serviceAccounts: null,
    workloads: null,
    labels: new Map([['app', 'w*']]),
  })
  const [entry] = allow
  assert.ok(entry)
  assert.deepEqual(entry.names.map(printNamePattern), ['*.stripe.com'])
  assert.deepEqual(printAddresses(entry.addresses), [
    '203.0.113.7',
    '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  ])
  assert.deepEqual(trafficElements(entry.traffic), [
    { protocol: 'TCP', ports: '443,8000-8080' },
    { protocol: 'UDP', ports: '53' },
  ])
  assert.deepEqual([entry.via, entry.owner, entry.reviewBy, entry.expires], ['hub', 'team', '2027-02-01', null])
})

test('a misspelt key in `from` makes the intent speak of nobody, not of more', () => {
  const intent = intentOf('{from: {clusters: [a], namespace: [pay]}, allow: []}')
  assert.equal(intent.from, null)
  assert.deepEqual(faultsOf('{from: {clusters: [a], namespace: [pay]}, allow: []}'), [
    'spec.from.namespace: `namespace` is no field here',
  ])
})

test('a misspelt key in an entry makes it declare nothing, not every port', () => {
  const intent = intentOf(
    '{from: {namespaces: [a]}, allow: [{to: {names: [a.com]}, port: [443]}, {to: {names: [b.com]}}]}',
  )
  assert.deepEqual(
    intent.allow.map(({ at }) => pathText(at)),
    ['spec.allow[1]'],
  )
})

test('what no schema can tell is a fault, too', () => {
  const entry = (text: string): readonly string[] => faultsOf(`{from: {namespaces: [a]}, allow: [${text}]}`)
  assert.match(entry('{to: {cidrs: [10.0.0.0/33]}}')[0] ?? '', /^spec\.allow\[0\]\.to\.cidrs\[0\]: /)
  assert.match(entry('{to: {names: ["a*.com"]}}')[0] ?? '', /^spec\.allow\[0\]\.to\.names\[0\]: /)
  assert.match(entry('{to: {names: ["*"]}}')[0] ?? '', /^spec\.allow\[0\]\.to\.names\[0\]: /)
  assert.match(entry('{to: {names: [a.com]}, ports: ["70000"]}')[0] ?? '', /^spec\.allow\[0\]\.ports\[0\]: /)
  assert.deepEqual(entry('{to: {names: [a.com]}, reviewBy: 2027-02-01, expires: 2027-01-01}'), [
    'spec.allow[0].reviewBy: it is reviewed after it has expired',
  ])
})

test('nodes and functions have egress of their own, and go with nothing else', () => {
  assert.deepEqual(intentOf('{from: {nodePools: [a*], clusters: [c]}, allow: []}').from, {
    kind: 'nodes',
    nodePools: ['a*'],
    clusters: ['c'],
  })
  assert.deepEqual(intentOf('{from: {functions: [f], accounts: ["1*"]}, allow: []}').from, {
    kind: 'functions',
    functions: ['f'],
    accounts: ['1*'],
  })
  for (const from of ['{nodePools: [a], namespaces: [b]}', '{functions: [f], clusters: [c]}', '{}'])
    assert.equal(intentOf(`{from: ${from}, allow: []}`).from, null, from)
})

test('an intent in a namespace speaks of that namespace only', () => {
  const inPay = '{name: x, namespace: pay}'
  assert.deepEqual(faultsOf('{from: {namespaces: [pay]}, allow: []}', inPay), [])
  for (const from of ['{namespaces: [other]}', '{namespaces: ["*"]}', '{clusters: [a]}', '{nodePools: [a]}'])
    assert.equal(intentOf(`{from: ${from}, allow: []}`, inPay).from, null, from)
})

test('two documents of one name that differ declare nothing', () => {
  const one = document('{from: {namespaces: [a]}, allow: []}')
  const other = document('{from: {namespaces: [b]}, allow: []}')
  const { intents } = estateOf({ 'x.yaml': one, 'y.yaml': other }).intents
  assert.deepEqual(
    intents.map(({ from }) => from),
    [null, null],
  )
  const same = estateOf({ 'x.yaml': one, 'y.yaml': one }).intents.intents
  assert.equal(same.length, 1)
  assert.notEqual(same[0]?.from, null)
})

test('a key beside `from` and `allow` makes the whole intent declare nothing: `expires` was meant to end it', () => {
  const spec = '{expires: 2020-01-01, from: {namespaces: [a]}, allow: [{to: {names: [b.com]}}]}'
  assert.equal(intentOf(spec).from, null)
  assert.deepEqual(faultsOf(spec), ['spec.expires: `expires` is no field here'])
})

test('a list of entries that is too long declares nothing', () => {
  const entries = Array.from({ length: 257 }, (_, i) => `{to: {names: [n${i}.example.com]}}`).join(', ')
  const { from, allow } = intentOf(`{from: {namespaces: [a]}, allow: [${entries}]}`)
  assert.deepEqual([from, allow], [null, []])
})

test('a day that no calendar has is a fault, and the entry declares nothing', () => {
  const spec = '{from: {namespaces: [a]}, allow: [{to: {names: [b.com]}, expires: 2027-02-29}]}'
  assert.deepEqual(intentOf(spec).allow, [])
  assert.deepEqual(faultsOf(spec), ['spec.allow[0].expires: no calendar has the day `2027-02-29`'])
  assert.deepEqual(faultsOf(spec.replace('2027', '2028')), [])
})

const endpointsOf = (...specs: readonly string[]) => {
  const text = specs.map(
    spec => `apiVersion: postern.dev/v1alpha1\nkind: PrivateEndpoint\nmetadata: {name: x}\nspec: ${spec}\n`,
  )
  return estateOf({ 'x.yaml': text.join('---\n') }).intents.endpoints.map(({ addresses, names }) => [
    ...printAddresses(addresses),
    ...names.map(printNamePattern),
  ])
}

test('an endpoint that cannot be read, or that two documents tell otherwise, stands for no place', () => {
  assert.deepEqual(endpointsOf('{addresses: [10.0.0.1], names: [a.com]}'), [['10.0.0.1', 'a.com']])
  assert.deepEqual(endpointsOf('{addresses: [10.0.0.1], names: [a.com], excpt: [10.0.0.1]}'), [[]])
  assert.deepEqual(endpointsOf('{addresses: [10.0.0.1]}', '{addresses: [10.0.0.2]}'), [[], []])
})

test('a resolver with a misspelt key is nobody’s: `cluster` for `clusters` must not approve it everywhere', () => {
  const text =
    'apiVersion: postern.dev/v1alpha1\nkind: Resolver\nmetadata: {name: x}\nspec: {addresses: [10.0.0.1], cluster: [a]}\n'
  const [resolver] = estateOf({ 'x.yaml': text }).intents.resolvers
  assert.deepEqual(resolver === undefined ? null : printAddresses(resolver.addresses), [])
})
