import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import fc from 'fast-check'
import type { NodeFacts } from '../../model/node-facts.ts'
import { NODE_FACTS_SECTIONS, type NodeFactsBlob, readNodeFacts } from './read.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const fixture = (name: string): Uint8Array => readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
const blob = (name: string, content: Uint8Array | string, nodeHint: string | null = null): NodeFactsBlob => ({
  name,
  bytes: typeof content === 'string' ? bytes(content) : content,
  cluster: 'c1',
  nodeHint,
})
const only = (blobs: readonly NodeFactsBlob[]): NodeFacts => {
  const { value } = readNodeFacts(blobs)
  assert.equal(value.length, 1)
  const [facts] = value
  assert.ok(facts)
  return facts
}

test('one stream gives one node with every kind of fact', () => {
  const reading = readNodeFacts([blob('node-a.facts', fixture('node-a.facts'))])
  const [facts] = reading.value
  assert.ok(facts)
  assert.deepEqual(reading.diagnostics, [])
  assert.deepEqual([facts.cluster, facts.node, facts.missing], ['c1', 'node-a', ['firewall']])
  assert.deepEqual(
    facts.listeners.map(({ port, families }) => [port, families.length]),
    [
      [53, 1],
      [546, 1],
      [10250, 1],
      [22, 1],
      [30080, 2],
    ],
  )
  assert.deepEqual(
    facts.sysctls.map(({ interface: name, value }) => [name, value]),
    [
      ['eth0.100', '2'],
      [null, '1'],
      [null, '32768\t60999'],
    ],
  )
  assert.deepEqual(
    facts.interfaces.map(({ name, kind, master }) => [name, kind, master]),
    [
      ['lo', null, null],
      ['eth0', null, 'bond0'],
      ['veth1', 'veth', null],
      ['vx0', 'vxlan', null],
    ],
  )
  assert.deepEqual(
    facts.routes.map(({ family, type, table }) => [family, type, table]),
    [
      [4, 'unicast', 'main'],
      [4, 'unicast', 'main'],
      [4, 'blackhole', '100'],
      [4, 'prohibit', 'main'],
      [4, 'unicast', 'main'],
      [4, 'unicast', 'main'],
      [6, 'unreachable', 'main'],
      [6, 'unicast', 'main'],
    ],
  )
  assert.deepEqual(
    facts.rules.map(({ family, priority }) => [family, priority]),
    [
      [4, 0],
      [4, 9],
      [4, 20],
      [4, 21],
      [4, 22],
      [4, 23],
      [4, 24],
      [4, 32766],
      [6, 0],
      [6, 32766],
    ],
  )
  assert.equal(facts.connections.length, 1)
  // What has no neutral word: the two members of an encapsulation, and a selector of a rule.
  assert.deepEqual(
    reading.notes.map(({ state, why }) => [state, why.split(': ')[1]]),
    [
      ['partly', '`encap "mpls"`'],
      ['partly', '`dst_label 16`'],
      ['partly', '`tun_id 7`'],
    ],
  )
  assert.deepEqual(
    reading.gaps.map(({ resource, why }) => [resource, why]),
    [['node facts nft of node-a', 'unavailable on the node: nft is not installed']],
  )
})

test('lines count from the file, not from the section', () => {
  const facts = only([blob('node-a.facts', fixture('node-a.facts'))])
  const text = new TextDecoder().decode(fixture('node-a.facts')).split('\n')
  for (const { origin } of facts.sysctls) assert.match(text[(origin.line ?? 0) - 1] ?? '', /^net\./)
  for (const { origin, address } of facts.listeners)
    assert.ok(address === null || text[(origin.line ?? 0) - 1]?.includes(address))
  for (const { origin, priority } of facts.rules)
    assert.ok(text[(origin.line ?? 0) - 1]?.includes(`"priority":${priority}`))
})

test('the order of the files does not matter, and a fact that is told twice is one', () => {
  const blobs = [
    blob(
      'n1/addr.json',
      '[{"ifindex":2,"ifname":"eth0","flags":["UP"],"addr_info":[{"local":"192.0.2.1","prefixlen":24}]}]',
      'n1',
    ),
    blob('n1/link.json', '[{"ifindex":2,"ifname":"eth0","flags":["UP"],"linkinfo":{"info_kind":"veth"}}]', 'n1'),
    blob('n1/ct.txt', fixture('flows.extended.txt'), 'n1'),
    blob('n1/ct.xml', fixture('flows.xml'), 'n1'),
    blob('n1/nat.txt', fixture('nat.iptables-save.txt'), 'n1'),
    blob('n1/nat-again.txt', fixture('nat.iptables-save.txt'), 'n1'),
  ]
  const facts = only(blobs)
  assert.deepEqual(facts, only([...blobs].reverse()))
  assert.deepEqual(
    [facts.node, facts.interfaces.length, facts.interfaces[0]?.kind, facts.interfaces[0]?.addresses.length],
    ['n1', 1, 'veth', 1],
  )
  assert.deepEqual([facts.connections.length, facts.nat.length], [5, 4])
})

test('a table that iptables tells in full is not counted again from nftables', () => {
  const nft = JSON.stringify({
    nftables: [
      {
        chain: {
          family: 'ip',
          table: 'nat',
          name: 'POSTROUTING',
          type: 'nat',
          hook: 'postrouting',
          prio: 100,
          policy: 'accept',
        },
      },
      {
        rule: {
          family: 'ip',
          table: 'nat',
          chain: 'POSTROUTING',
          handle: 1,
          expr: [{ xt: { type: 'target', name: 'SNAT' } }],
        },
      },
    ],
  })
  const save = (how: string) =>
    `# Generated by iptables-save v1.8.9${how} on x\n*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j SNAT --to-source 192.0.2.9\nCOMMIT\n`
  const kinds = (how: string) =>
    only([blob('n/nft.json', nft, 'n'), blob('n/save.txt', save(how), 'n')]).nat.map(
      ({ translation }) => translation.kind,
    )
  assert.deepEqual(kinds(' (nf_tables)'), ['source'])
  const notes = (how: string) =>
    readNodeFacts([blob('n/nft.json', nft, 'n'), blob('n/save.txt', save(how), 'n')]).notes.map(({ state }) => state)
  assert.deepEqual([notes(' (nf_tables)'), notes('')], [[], ['partly']])
  // Legacy tables are others than those of nftables: both apply.
  assert.deepEqual(kinds('').sort(), ['source', 'untold'])
  assert.equal(
    only([blob('n/nft.json', nft, 'n'), blob('n/save.txt', save(' (nf_tables)'), 'n')]).chains.filter(
      ({ restated }) => restated,
    ).length,
    1,
  )
})

test('a chain that is told twice and differently is told so', () => {
  const save = (to: string) => `*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j SNAT --to-source ${to}\nCOMMIT\n`
  const { value, diagnostics } = readNodeFacts([
    blob('n/a', save('192.0.2.1'), 'n'),
    blob('n/b', save('192.0.2.2'), 'n'),
  ])
  assert.equal(value[0]?.nat.length, 1)
  assert.match(diagnostics[0]?.message ?? '', /told twice/)
})

test('files that name no node are never joined; several nodes may stand in one file', () => {
  const ss = 'tcp LISTEN 0 5 192.0.2.1:80 0.0.0.0:*\n'
  assert.deepEqual(
    readNodeFacts([blob('a', ss), blob('b', ss)]).value.map(({ node }) => node),
    [null, null],
  )
  const part = (node: string) =>
    `# postern-node-facts v1 node=${node} section=ss command=ss\n${ss}# postern-node-facts v1 node=${node} section=ss exit=0\n# postern-node-facts v1 node=${node} end\n`
  assert.deepEqual(
    readNodeFacts([blob('all', part('n2') + part('n1'))]).value.map(({ node, listeners }) => [node, listeners.length]),
    [
      ['n1', 1],
      ['n2', 1],
    ],
  )
})

test('interruptions, failures and strange markers are told', () => {
  const start = '# postern-node-facts v1 node=n section=sysctl command=sysctl -a\nnet.ipv4.ip_forward = 1\n'
  const cut = readNodeFacts([blob('f', start)])
  assert.deepEqual([cut.value[0]?.sysctls.length, cut.diagnostics[0]?.severity, cut.gaps.length], [1, 'error', 1])
  const failed = readNodeFacts([
    blob('f', `${start}# postern-node-facts v1 node=n section=sysctl exit=1\n# postern-node-facts v1 node=n end\n`),
  ])
  assert.deepEqual([failed.diagnostics, failed.gaps[0]?.why], [[], 'the tool ended with exit code 1'])
  const silent = readNodeFacts([
    blob(
      'f',
      '# postern-node-facts v1 node=n section=rule command=ip\n\n# postern-node-facts v1 node=n section=rule exit=1\n# postern-node-facts v1 node=n end\n',
    ),
  ])
  assert.ok(silent.value[0]?.missing.includes('rules4'))
  const newer = readNodeFacts([blob('f', '# postern-node-facts v2 node=n section=ss command=ss\n')])
  assert.match(newer.diagnostics[0]?.message ?? '', /another version/)
  const name = readNodeFacts([
    blob('f', '# postern-node-facts v1 node=../../x section=ss command=ss\n# postern-node-facts v1 node=../../x end\n'),
  ])
  assert.deepEqual([name.value[0]?.node ?? null, name.diagnostics.length], [null, 2])
  const odd = readNodeFacts([
    blob(
      'f',
      '# postern-node-facts v1 node=n section=weather command=x\n# postern-node-facts v1 node=n section=weather exit=0\n# postern-node-facts v1 node=n end\n',
    ),
  ])
  assert.equal(odd.notes[0]?.state, 'unrecognised')
  // What the script does to a line that only looks like a marker.
  const guarded = readNodeFacts([
    blob(
      'f',
      `${start}# # postern-node-facts v1 node=evil section=ss command=x\n# postern-node-facts v1 node=n section=sysctl exit=0\n# postern-node-facts v1 node=n end\n`,
    ),
  ])
  assert.deepEqual(
    guarded.value.map(({ node }) => node),
    ['n'],
  )
})

test('text output and other files are told, not dropped', () => {
  const { notes, sections } = readNodeFacts([blob('a', 'table inet t {\n\tchain c {\n'), blob('b', 'hello\n')])
  assert.deepEqual(
    notes.map(({ file, state }) => [file, state]),
    [
      ['a', 'notImplemented'],
      ['b', 'unrecognised'],
    ],
  )
  assert.deepEqual(
    sections.map(({ state }) => state),
    ['notImplemented', 'unrecognised'],
  )
})

test('no bytes make it throw, whatever the section', () => {
  const names = fc.constantFrom(...NODE_FACTS_SECTIONS)
  const seeds = [
    'node-a.facts',
    'nat.nft.json',
    'service-maps.nft.json',
    'nat.iptables-save.txt',
    'flows.xml',
    'flows.proc.txt',
  ].map(fixture)
  const section = (name: string, body: Uint8Array) =>
    Buffer.concat([
      bytes(`# postern-node-facts v1 node=n section=${name} command=x\n`),
      body,
      bytes(`\n# postern-node-facts v1 node=n section=${name} exit=0\n`),
    ])
  fc.assert(
    fc.property(
      names,
      fc.uint8Array({ maxLength: 200 }),
      (name, body) => void readNodeFacts([blob('f', section(name, body)), blob('g', body)]),
    ),
  )
  // Real shapes with bytes changed, cut out and put in.
  fc.assert(
    fc.property(
      names,
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(30), fc.uint8Array({ maxLength: 8 })), { maxLength: 5 }),
      (name, seed, edits) => {
        let body = Buffer.from(seed)
        for (const [at, length, put] of edits) {
          const start = at % (body.length + 1)
          body = Buffer.concat([body.subarray(0, start), put, body.subarray(Math.min(body.length, start + length))])
        }
        const { value } = readNodeFacts([blob('f', section(name, body)), blob('g', body)])
        assert.ok(Array.isArray(value))
      },
    ),
    { numRuns: 300 },
  )
})
