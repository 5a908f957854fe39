import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Connection, isDestinationTranslated, isSourceTranslated, type NodeFacts } from '../../model/node-facts.ts'
import { readConntrack } from './conntrack.ts'
import { readNodeFacts } from './read.ts'

/** Recorded outputs of a small network of namespaces, where this checkout has them beside it. */
const LAB = fileURLToPath(new URL('../../../../shared/samples/lab/', import.meta.url))
const skip = existsSync(LAB) ? false : 'the recorded samples are not beside this checkout'
const text = (name: string): string => readFileSync(`${LAB}${name}`, 'utf8')

const read = (nodeHint: string, ...names: readonly string[]) => {
  const reading = readNodeFacts(
    names.map(name => ({ name, bytes: readFileSync(`${LAB}${name}`), cluster: null, nodeHint })),
  )
  const [facts] = reading.value
  assert.ok(facts)
  return { ...reading, facts }
}
const files = (host: string): readonly string[] =>
  ['ss-HOST.txt', 'ip-addr-HOST.json', 'ip-route-HOST.json', 'ip-rule-HOST.json', 'nft-HOST.json'].map(name =>
    name.replace('HOST', host),
  )
const hosts = (items: readonly { readonly kind: string }[] | null) =>
  items?.map(item => ('address' in item && 'length' in item ? `${item.address}/${item.length}` : item.kind))
const natOf = (facts: NodeFacts) =>
  facts.nat.map(entry => {
    const to =
      'targets' in entry.translation
        ? entry.translation.targets.map(
            ({ address, ports }) => `${hosts(address === null ? [] : [address])}:${ports?.first ?? '*'}`,
          )
        : []
    return [
      entry.hook,
      entry.family,
      hosts(entry.sources),
      hosts(entry.destinations),
      entry.destinationPorts?.[0]?.first ?? null,
      entry.translation.kind,
      ...to,
    ]
  })
const ends = (flow: Connection) => [
  flow.protocol,
  flow.original,
  flow.reply,
  flow.originalCounters,
  flow.state,
  flow.replied,
  flow.assured,
  flow.mark,
]

test('every line of every conntrack form is read', { skip }, () => {
  for (const name of ['events', 'gw', 'node', 'node-snat', 'rtr']
    .map(part => `conntrack-${part}.txt`)
    .concat('proc-nf_conntrack-node.txt')) {
    const { value, diagnostics, notes } = readConntrack(text(name), name)
    assert.deepEqual([name, value.length, diagnostics, notes], [name, text(name).trimEnd().split('\n').length, [], []])
  }
  const xml = readConntrack(text('conntrack-node.xml'), 'x')
  assert.deepEqual(
    [xml.value.length, xml.diagnostics, xml.notes],
    [text('conntrack-node.xml').split('<flow').length - 1, [], []],
  )
})

test('one connection reads the same from the plain, the XML and the /proc form', { skip }, () => {
  const plain = readConntrack(text('conntrack-node.txt'), 'a').value.map(ends)
  assert.deepEqual(readConntrack(text('conntrack-node.xml'), 'b').value.map(ends), plain)
  assert.deepEqual(readConntrack(text('proc-nf_conntrack-node.txt'), 'c').value.map(ends), plain)
})

test('the node: what it translates and what it leaves to the gateway', { skip }, () => {
  const { facts, diagnostics } = read(
    'node',
    ...files('node'),
    'ip-link-node.json',
    'sysctl-node.txt',
    'conntrack-node.txt',
  )
  assert.deepEqual([diagnostics, facts.missing], [[], ['rules6']])
  assert.deepEqual(natOf(facts), [
    ['prerouting', 4, undefined, ['10.96.0.10/32'], 53, 'destination', '10.244.1.53/32:*'],
    ['prerouting', 4, undefined, undefined, 30080, 'destination', '10.244.1.10/32:8080'],
    ['output', 4, undefined, ['10.96.0.10/32'], 53, 'destination', '10.244.1.53/32:*'],
    ['postrouting', 4, ['10.244.0.0/16'], undefined, null, 'masquerade'],
    ['postrouting', 6, ['fd00:244::/32'], undefined, null, 'masquerade'],
  ])
  assert.deepEqual(facts.nat.at(-1)?.unless[0], [
    { kind: 'interface', side: 'out', negated: false, names: [{ name: 'vx42', prefix: false }] },
  ])
  const blocked = facts.chains.flatMap(({ rules }) => rules).find(({ verdict }) => verdict.kind === 'reject')
  const items = blocked?.matches.flatMap(match =>
    match.kind === 'address' && match.side === 'destination' ? match.items : [],
  )
  assert.deepEqual(hosts(items ?? []), ['198.51.100.0/24'])
})

test('the node: pod traffic goes to the tunnel, all but the metadata service and the cluster', { skip }, () => {
  const { facts } = read('node', ...files('node'), 'ip-link-node.json')
  const pod = facts.rules.filter(rule => rule.source?.address === '10.244.1.10')
  assert.deepEqual(
    pod.map(rule => [rule.priority, rule.destination?.address ?? null, rule.action]),
    [
      [90, '10.0.0.0', { kind: 'lookup', table: 'main' }],
      [91, '169.254.0.0', { kind: 'lookup', table: 'main' }],
      [100, null, { kind: 'lookup', table: '100' }],
    ],
  )
  const hop = (table: string, family: number) =>
    facts.routes.find(route => route.table === table && route.family === family && route.destination.length === 0)
      ?.nextHops[0]
  assert.deepEqual([hop('100', 4)?.gateway?.address, hop('100', 4)?.device], ['10.250.0.2', 'vx42'])
  assert.deepEqual([hop('main', 4)?.gateway?.address, hop('main', 6)?.gateway?.address], ['192.168.50.1', 'fd00:50::1'])
  const kinds = new Map(
    facts.interfaces.map(({ name, kind, master, tunnel }) => [name, [kind, master, tunnel?.id ?? null]]),
  )
  assert.deepEqual(kinds.get('veth10'), ['veth', 'cni0', null])
  assert.deepEqual(kinds.get('vx42'), ['vxlan', null, 42])
  assert.deepEqual(
    facts.interfaces.find(({ name }) => name === 'eth0')?.addresses.find(({ family }) => family === 4)?.address,
    '192.168.50.11',
  )
})

test('the gateway: its address is what the pod leaves with', { skip }, () => {
  const { facts, diagnostics } = read('gw', ...files('gw'), 'sysctl-gw.txt', 'conntrack-gw.txt')
  assert.deepEqual(diagnostics, [])
  assert.deepEqual(natOf(facts), [
    ['postrouting', 4, ['10.244.1.10/32'], undefined, null, 'source', '192.168.50.100/32:*'],
  ])
  assert.deepEqual(
    facts.listeners.map(({ protocol, port }) => [protocol, port]),
    [['udp', 4789]],
  )
  assert.equal(facts.sysctls.find(({ name }) => name === 'net.ipv4.ip_forward')?.value, '1')
  const out = facts.connections.filter(
    flow => flow.original.source === '10.244.1.10' && flow.original.destination === '203.0.113.10',
  )
  assert.ok(out.length > 0)
  for (const flow of out) assert.equal(flow.reply.destination, '192.168.50.100')
})

test('the flows show what the documents of the samples say', { skip }, () => {
  const flows = readConntrack(text('conntrack-node.txt'), 'x').value
  const to = (source: string, destination: string) =>
    flows.filter(flow => flow.original.source === source && flow.original.destination === destination)
  for (const flow of to('10.244.1.10', '203.0.113.10')) assert.equal(isSourceTranslated(flow), false)
  for (const flow of to('10.244.1.11', '203.0.113.11')) assert.equal(flow.reply.destination, '192.168.50.11')
  for (const flow of to('10.244.1.10', '169.254.169.254')) assert.equal(flow.reply.destination, '192.168.50.11')
  for (const flow of to('10.244.1.10', '10.96.0.10'))
    assert.deepEqual([isDestinationTranslated(flow), flow.reply.source], [true, '10.244.1.53'])
  const port = flows.find(flow => flow.original.destinationPort === 30080)
  assert.deepEqual([port?.reply.source, port?.reply.sourcePort], ['10.244.1.10', 8080])
  assert.equal(flows.filter(({ state }) => state === 'ESTABLISHED').length, 1)
  const outside = readConntrack(text('conntrack-rtr.txt'), 'x').value
  const seen = new Set(
    outside.filter(flow => flow.original.destination === '203.0.113.11').map(flow => flow.reply.destination),
  )
  assert.deepEqual(seen, new Set(['198.18.0.1']))
})

test('the same tables saved through both backends are the same facts', { skip }, () => {
  const legacy = read('x', 'iptables-save-legacy.txt').facts
  const nft = read('x', 'iptables-save-nft.txt').facts
  assert.deepEqual(natOf(legacy), natOf(nft))
  assert.deepEqual(natOf(nft), [
    ['prerouting', 4, undefined, ['10.96.0.10/32'], 53, 'destination', '10.244.1.53/32:53'],
    ['postrouting', 4, ['10.244.0.0/16'], undefined, null, 'masquerade'],
  ])
  const unknown = read('x', 'iptables-save-nft.txt').notes.map(({ line, state }) => [line, state])
  assert.deepEqual(unknown, [
    [25, 'partly'],
    [29, 'partly'],
  ])
  assert.deepEqual(natOf(read('x', 'ip6tables-save-nft.txt').facts), [
    ['postrouting', 6, ['fd00:244::/32'], undefined, null, 'masquerade'],
  ])
})
