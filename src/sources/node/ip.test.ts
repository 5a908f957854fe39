import assert from 'node:assert/strict'
import test from 'node:test'
import { readIpAddr } from './ip-addr.ts'
import { readIpRoute } from './ip-route.ts'
import { readIpRule } from './ip-rule.ts'

const check = (input: readonly object[], expected: readonly string[], family: 4 | 6 | null = null) => {
  const { value, diagnostics } = readIpRoute(JSON.stringify(input), 'f', 1, family)
  assert.deepEqual(diagnostics, [])
  const told = value.map(({ type, table, destination, source, nextHops }) => {
    const hops = nextHops.map(({ gateway, device, weight }) => `${gateway?.address ?? 'link'}@${device}*${weight}`)
    const from = source === null ? '' : ` from ${source.address}/${source.length}`
    return `${table} ${destination.address}/${destination.length}${from} ${typeof type === 'string' ? type : '?'} ${hops.join(' ')}`.trimEnd()
  })
  assert.deepEqual(told, expected)
}

test('routes: defaults, tables, multipath, ends', () => {
  check([{ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', flags: [] }], ['main 0.0.0.0/0 unicast 192.0.2.1@eth0*1'])
  check([{ dst: '203.0.113.7', dev: 'eth0', table: '100', flags: [] }], ['100 203.0.113.7/32 unicast link@eth0*1'])
  const nexthops = [
    { gateway: '192.0.2.2', dev: 'eth0', weight: 3, flags: [] },
    { gateway: '192.0.2.3', dev: 'eth1', weight: 1, flags: ['dead'] },
  ]
  check(
    [{ dst: '203.0.113.0/24', flags: [], nexthops }],
    ['main 203.0.113.0/24 unicast 192.0.2.2@eth0*3 192.0.2.3@eth1*1'],
  )
  for (const type of ['blackhole', 'unreachable', 'prohibit', 'throw'])
    check([{ type, dst: '2001:db8::/32', dev: 'lo', flags: [], pref: 'medium' }], [`main 2001:db8::/32 ${type}`])
  check(
    [{ dst: '198.18.0.0/15', via: { family: 'inet6', host: '2001:db8::1' }, dev: 'eth0', flags: [] }],
    ['main 198.18.0.0/15 unicast 2001:db8::1@eth0*1'],
  )
  check(
    [{ dst: '2001:db8:9::/48', from: '2001:db8:1::/64', dev: 'eth0', flags: [] }],
    ['main 2001:db8:9::/48 from 2001:db8:1::/64 unicast link@eth0*1'],
  )
})

test('the family of a default route', () => {
  check([{ type: 'unreachable', dst: 'default', dev: 'lo', flags: [], pref: 'medium' }], ['main ::/0 unreachable'])
  check([{ dst: 'default', gateway: 'fe80::1', dev: 'eth0', flags: [] }], ['main ::/0 unicast fe80::1@eth0*1'])
  check(
    [{ dst: 'default', via: { family: 'inet6', host: 'fe80::1' }, dev: 'eth0', flags: [] }],
    ['main 0.0.0.0/0 unicast fe80::1@eth0*1'],
  )
  check([{ dst: 'default', dev: 'tun0', flags: [] }], ['main ::/0 unicast link@tun0*1'], 6)
})

test('an encapsulation is not dropped, a malformed gateway refuses the route, an answer is no table', () => {
  const encap = readIpRoute('[{"dst":"192.0.2.0/24","encap":"mpls","dev":"eth0","flags":[]}]', 'f')
  assert.deepEqual([encap.value[0]?.unknown[0]?.text, encap.notes[0]?.state], ['encap "mpls"', 'partly'])
  const broken = readIpRoute(
    '[{"dst":"default","gateway":"192.0.2.1","flags":[]},\n{"dst":"default","gateway":"010.0.0.1","flags":[]}]',
    'f',
  )
  assert.deepEqual([broken.value.length, broken.diagnostics[0]?.line], [1, 2])
  assert.equal(readIpRoute('[{"dst":"192.0.2.1","flags":[],"cache":[]}]', 'f').notes[0]?.state, 'ignorable')
  assert.match(
    readIpRoute('[{"dst":"default","flags":[]}]\nDump terminated\n', 'f').diagnostics[0]?.message ?? '',
    /outside of the list/,
  )
})

test('rules: selectors and actions', () => {
  const rules = [
    { priority: 9, src: 'all', fwmark: '0x200', fwmask: '0xf00', table: '2004' },
    { priority: 20, not: null, src: '192.0.2.0', srclen: 25, iif: 'eth0', table: '100' },
    { priority: 21, src: 'all', dst: '203.0.113.0', dstlen: 24, action: 'prohibit' },
    { priority: 22, src: 'all', ipproto: 'tcp', sport_start: 1000, sport_end: 2000, dport: 443, goto: 32766 },
    { priority: 23, src: 'all', table: 'main', suppress_prefixlen: 0 },
    { priority: 24, src: 'all', l3mdev: null },
    { priority: 25, src: 'all', nop: null },
    { priority: 32767, src: 'all', table: 'default' },
  ]
  const { value, diagnostics, notes } = readIpRule(JSON.stringify(rules), 'f')
  assert.deepEqual([diagnostics, notes], [[], []])
  assert.deepEqual(
    value.map(rule => rule.family),
    [4, 4, 4, 4, 4, 4, 4, 4],
  )
  assert.deepEqual(
    value.map(rule => rule.action.kind),
    ['lookup', 'lookup', 'prohibit', 'goto', 'lookup', 'interfaceDomain', 'nothing', 'lookup'],
  )
  assert.deepEqual(value[0]?.mark, { value: 0x200, mask: 0xf00 })
  assert.deepEqual(
    [value[1]?.negated, value[1]?.source, value[1]?.inputInterface],
    [true, { kind: 'prefix', family: 4, address: '192.0.2.0', length: 25 }, 'eth0'],
  )
  assert.deepEqual(
    [value[3]?.sourcePorts, value[3]?.destinationPorts, value[3]?.protocol],
    [{ first: 1000, last: 2000 }, { first: 443, last: 443 }, 'tcp'],
  )
  assert.equal(value[4]?.suppressPrefixLength, 0)
})

test('rules that tell no family, a selector that is not understood, a mark that cannot be read', () => {
  const bare = readIpRule(
    '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]',
    'f',
  )
  assert.deepEqual([bare.value[0]?.family, bare.notes[0]?.state], [null, 'partly'])
  assert.equal(
    readIpRule('[{"priority":5,"src":"2001:db8::1","table":"9"},{"priority":6,"src":"all","table":"9"}]', 'f').value[1]
      ?.family,
    6,
  )
  assert.equal(
    readIpRule('[{"priority":5,"src":"all","table":"9","tun_id":7}]', 'f', 1, 4).value[0]?.unknown[0]?.text,
    'tun_id 7',
  )
  assert.deepEqual(readIpRule('[{"priority":5,"src":"all","table":"9","fwmark":"lots"}]', 'f', 1, 4).value, [])
})

test('interfaces: addresses of both families, kinds, masters, tunnels', () => {
  const { value, diagnostics } = readIpAddr(
    JSON.stringify([
      {},
      {
        ifindex: 2,
        ifname: 'eth0',
        flags: ['UP'],
        mtu: 1500,
        master: 'br0',
        addr_info: [
          {},
          { family: 'inet', local: '192.0.2.1', prefixlen: 24, scope: 'global' },
          { family: 'inet6', local: '2001:DB8::1', prefixlen: 64, scope: 'global' },
        ],
      },
      {
        ifindex: 3,
        ifname: 'vx0',
        flags: [],
        linkinfo: { info_kind: 'vxlan', info_data: { id: 42, remote: '198.51.100.4', port: 4789 } },
        addr_info: [],
      },
      {
        ifindex: 4,
        ifname: 'veth1',
        flags: ['UP'],
        link_index: 2,
        link_netnsid: 0,
        linkinfo: { info_kind: 'veth' },
        addr_info: [],
      },
      {
        ifindex: 5,
        ifname: 'tun0',
        flags: ['UP', 'POINTOPOINT'],
        linkinfo: { info_kind: 'ipip', info_data: { remote: '0.0.0.0', local: '192.0.2.1' } },
        addr_info: [{ local: '192.0.2.5', address: '192.0.2.6', prefixlen: 32 }],
      },
    ]),
    'f',
  )
  assert.deepEqual(diagnostics, [])
  const [eth0, vx0, veth1, tun0] = value
  assert.deepEqual(
    [eth0?.master, eth0?.kind, eth0?.addresses.map(({ address, length }) => `${address}/${length}`)],
    ['br0', null, ['192.0.2.1/24', '2001:db8::1/64']],
  )
  assert.deepEqual([vx0?.up, vx0?.tunnel], [false, { id: 42, local: null, remote: '198.51.100.4', port: 4789 }])
  assert.deepEqual([veth1?.kind, veth1?.peerElsewhere], ['veth', true])
  assert.deepEqual(
    [tun0?.tunnel?.remote, tun0?.tunnel?.local, tun0?.addresses[0]?.peer],
    [null, '192.0.2.1', '192.0.2.6'],
  )
})
