import assert from 'node:assert/strict'
import test from 'node:test'
import type { FirewallMatch, FirewallRule } from '../../model/node-firewall.ts'
import { readIptablesSave } from './iptables-save.ts'

const read = (rule: string, family: 4 | 6 = 4) =>
  readIptablesSave(`*filter\n:FORWARD DROP [0:0]\n:KUBE - [0:0]\n-A FORWARD ${rule}\nCOMMIT\n`, 'f', 1, family)
const ruleOf = (rule: string, family: 4 | 6 = 4): FirewallRule => {
  const { value, diagnostics } = read(rule, family)
  assert.deepEqual(diagnostics, [])
  const found = value[0]?.rules[0]
  assert.ok(found)
  return found
}
const check = (input: string, expected: readonly FirewallMatch[], family: 4 | 6 = 4) =>
  assert.deepEqual(ruleOf(input, family).matches, expected)

test('the conditions of every rule', () => {
  check('-s 192.0.2.0/24 ! -d 203.0.113.7/32 -i cni+ ! -o eth0 -j ACCEPT', [
    {
      kind: 'address',
      side: 'source',
      negated: false,
      items: [{ kind: 'prefix', family: 4, address: '192.0.2.0', length: 24 }],
      set: null,
    },
    {
      kind: 'address',
      side: 'destination',
      negated: true,
      items: [{ kind: 'prefix', family: 4, address: '203.0.113.7', length: 32 }],
      set: null,
    },
    { kind: 'interface', side: 'in', negated: false, names: [{ name: 'cni', prefix: true }] },
    { kind: 'interface', side: 'out', negated: true, names: [{ name: 'eth0', prefix: false }] },
  ])
  check('-s 192.0.0.0/255.0.255.0 -j ACCEPT', [
    {
      kind: 'address',
      side: 'source',
      negated: false,
      items: [{ kind: 'unknown', text: '192.0.0.0/255.0.255.0' }],
      set: null,
    },
  ])
  check(
    '-s 2001:db8::/32 -j ACCEPT',
    [
      {
        kind: 'address',
        side: 'source',
        negated: false,
        items: [{ kind: 'prefix', family: 6, address: '2001:db8::', length: 32 }],
        set: null,
      },
    ],
    6,
  )
})

test('ports, states, marks, sets, owners', () => {
  check('-p tcp -m tcp --sport 1:99 ! --dport 5 -j DROP', [
    { kind: 'protocol', negated: false, protocols: [6] },
    { kind: 'port', side: 'source', negated: false, ports: [{ first: 1, last: 99 }], set: null },
    { kind: 'port', side: 'destination', negated: true, ports: [{ first: 5, last: 5 }], set: null },
  ])
  check('-p tcp -m multiport --dports 80,443,8000:8100 -j DROP', [
    { kind: 'protocol', negated: false, protocols: [6] },
    {
      kind: 'port',
      side: 'destination',
      negated: false,
      ports: [
        { first: 80, last: 80 },
        { first: 443, last: 443 },
        { first: 8000, last: 8100 },
      ],
      set: null,
    },
  ])
  check('-m conntrack --ctstate RELATED,ESTABLISHED -m mark ! --mark 0x4000/0x4000 -j DROP', [
    { kind: 'connectionState', negated: false, states: ['related', 'established'] },
    { kind: 'mark', subject: 'packet', negated: true, value: 0x4000, mask: 0x4000 },
  ])
  check('-m set ! --match-set names dst,dst -j DROP', [
    { kind: 'set', name: 'names', negated: true, sides: ['dst', 'dst'] },
  ])
  check('-m owner --uid-owner 0-1337 -j RETURN', [
    { kind: 'owner', subject: 'user', negated: false, ids: [{ first: 0, last: 1337 }] },
  ])
  check('-m statistic --mode nth --every 4 --packet 0 -j DROP', [{ kind: 'share', share: 0.25 }])
  check(
    '-p ipv6-icmp -m icmp6 --icmpv6-type 128 -j DROP',
    [
      { kind: 'protocol', negated: false, protocols: [58] },
      { kind: 'icmp', family: 6, negated: false, types: [{ type: 128, code: null }] },
    ],
    6,
  )
})

test('what is not understood stays, as a whole extension, and is counted', () => {
  check('-m recent --rcheck --seconds 10 --name X --rsource -j DROP', [
    { kind: 'unknown', text: '-m recent --rcheck --seconds 10 --name X --rsource' },
  ])
  check('-m conntrack --ctstate NEW --ctdir ORIGINAL -j DROP', [
    { kind: 'unknown', text: '-m conntrack --ctstate NEW --ctdir ORIGINAL' },
  ])
  check('-m socket -j DROP', [{ kind: 'unknown', text: '-m socket' }])
  check('! -f -j DROP', [{ kind: 'unknown', text: '! -f' }])
  assert.deepEqual(
    read('-m u32 --u32 "0x6&0xff=0x1" -j DROP').notes.map(({ state, line }) => [state, line]),
    [['partly', 4]],
  )
  assert.equal(ruleOf('-j SOMETHING --new').verdict.kind, 'unknown')
})

test('targets', () => {
  const verdict = (rule: string) => ruleOf(rule).verdict
  assert.deepEqual(verdict('-j KUBE'), { kind: 'jump', chain: 'KUBE' })
  assert.deepEqual(verdict('-g KUBE'), { kind: 'goto', chain: 'KUBE' })
  assert.deepEqual(verdict('-j REJECT --reject-with tcp-reset'), { kind: 'reject', with: 'tcp-reset' })
  assert.deepEqual(verdict('-j TPROXY --on-port 15001 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff'), {
    kind: 'proxy',
    address: null,
    port: 15001,
  })
  assert.deepEqual(verdict('-j MASQUERADE --to-ports 1024-2048 --random-fully'), {
    kind: 'translate',
    translation: { kind: 'masquerade', ports: { first: 1024, last: 2048 } },
  })
  const to = (address: object | null, ports: object | null) => ({
    kind: 'translate',
    translation: { kind: 'destination', targets: [{ when: [], address, ports }] },
  })
  const host = (address: string, family: number) => ({
    kind: 'prefix',
    family,
    address,
    length: family === 4 ? 32 : 128,
  })
  assert.deepEqual(verdict('-j DNAT --to-destination 192.0.2.1:80'), to(host('192.0.2.1', 4), { first: 80, last: 80 }))
  assert.deepEqual(verdict('-j DNAT --to-destination :8080'), to(null, { first: 8080, last: 8080 }))
  assert.deepEqual(
    verdict('-j DNAT --to-destination [2001:db8::5]:80'),
    to(host('2001:db8::5', 6), { first: 80, last: 80 }),
  )
  assert.deepEqual(verdict('-j DNAT --to-destination 2001:db8::5'), to(host('2001:db8::5', 6), null))
  assert.deepEqual(
    verdict('-j DNAT --to-destination 192.0.2.1-192.0.2.4:1-9 --random'),
    to({ kind: 'range', family: 4, first: '192.0.2.1', last: '192.0.2.4' }, { first: 1, last: 9 }),
  )
  assert.equal(JSON.stringify(verdict('-j DNAT --to-destination example')).includes('untold'), true)
})

test('effects let the next rule be asked', () => {
  const rule = ruleOf('-j MARK --set-xmark 0x4000/0x4000')
  assert.deepEqual(
    [rule.verdict, rule.effects],
    [{ kind: 'continue' }, [{ kind: 'mark', subject: 'packet', keep: 0xffffbfff, toggle: 0x4000 }]],
  )
  assert.deepEqual(ruleOf('-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80').effects, [
    { kind: 'copyMark', to: 'packet', mask: 0x80 },
  ])
  assert.equal(ruleOf('-j TEE --gateway 192.0.2.9').effects[0]?.kind, 'unknown')
})

test('quotes: a comment may hold anything that looks like a rule', () => {
  const rule = ruleOf('-m comment --comment "say \\"hi\\" -j DROP" -j ACCEPT')
  assert.deepEqual([rule.comment, rule.matches, rule.verdict], ['say "hi" -j DROP', [], { kind: 'accept' }])
  assert.deepEqual(ruleOf('-m comment --comment -j -j ACCEPT').verdict, { kind: 'accept' })
  assert.equal(read('-m comment --comment "open').diagnostics[0]?.line, 4)
})

test('family, backend, hooks and counters', () => {
  const text = (header: string, rule = '-A POSTROUTING -j MASQUERADE') =>
    `${header}\n*nat\n:POSTROUTING ACCEPT [1:2]\n[3:4] ${rule}\nCOMMIT\n`
  const told = (header: string) => {
    const [chain] = readIptablesSave(text(header), 'f').value
    return [
      chain?.family,
      chain?.backend,
      chain?.hook,
      chain?.priority,
      chain?.policy,
      chain?.rules[0]?.counters?.bytes,
    ]
  }
  assert.deepEqual(told('# Generated by iptables-save v1.8.9 (nf_tables) on x'), [
    4,
    'nft',
    'postrouting',
    100,
    'accept',
    4,
  ])
  assert.deepEqual(told('# Generated by ip6tables-nft-save v1.8.9 on x'), [6, 'nft', 'postrouting', 100, 'accept', 4])
  assert.deepEqual(told('# Generated by iptables-save v1.4.21 on x'), [4, 'legacy', 'postrouting', 100, 'accept', 4])
  assert.equal(readIptablesSave(text('', '-A POSTROUTING -s 2001:db8::/64 -j ACCEPT'), 'f').value[0]?.family, 6)
})

test('what the tool says of other tables is not lost, nor a cut end', () => {
  const notes = readIptablesSave(
    "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n# Table `nat' is incompatible, use 'nft' tool.\n",
    'f',
  ).notes
  assert.deepEqual(
    notes.map(({ state }) => state),
    ['partly', 'notImplemented'],
  )
  assert.match(readIptablesSave('*nat\n:A - [0:0]\n', 'f').diagnostics[0]?.message ?? '', /COMMIT/)
  assert.deepEqual(
    readIptablesSave('*nat\nnonsense\n-A GONE -j ACCEPT\nCOMMIT\n', 'f').diagnostics.map(({ line }) => line),
    [2, 3],
  )
})
