import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../model/json.ts'
import type { CiliumContext, CiliumService } from './context.ts'
import { lines, lower, only, placesOf, settings } from './testing/lowered.ts'

const egress = (rule: Json, expected: readonly string[], context: Partial<CiliumContext> = {}): void => {
  const policy = only({ spec: { endpointSelector: {}, egress: [rule] } }, context)
  assert.equal(policy.inert, null)
  assert.deepEqual(lines(policy), expected)
}

// Source: pkg/policy/api, types CIDR and CIDRRule.
test('blocks and their exceptions', () => {
  egress({ toCIDR: ['10.0.0.0/8', '2001:db8::/127'] }, [
    'allow [block 10.0.0.0-10.255.255.255 2001:db8::-2001:db8::1] all',
  ])
  egress({ toCIDRSet: [{ cidr: '10.0.0.0/30', except: ['10.0.0.1/32'] }] }, [
    'allow [block 10.0.0.0 10.0.0.2-10.0.0.3] all',
  ])
  // Each item has its own exceptions: one fills the hole of another.
  egress({ toCIDRSet: [{ cidr: '10.0.0.0/31', except: ['10.0.0.1/32'] }, { cidr: '10.0.0.1/32' }] }, [
    'allow [block 10.0.0.0, block 10.0.0.1] all',
  ])
  // Mapped text is read as either family.
  egress({ toCIDR: ['::ffff:10.0.0.0/104'] }, ['allow [unknown] all'])
  egress({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: [] }] }, ['allow [block 10.0.0.0-10.255.255.255] all'])
})

test('groups of blocks', () => {
  const cidrGroups = new Map([
    ['a', { labels: new Map([['team', 'x']]), cidrs: ['192.0.2.0/31'] }],
    ['b', { labels: new Map(), cidrs: ['198.51.100.0/32'] }],
  ])
  egress({ toCIDRSet: [{ cidrGroupRef: 'a' }] }, ['allow [block 192.0.2.0-192.0.2.1] all'], { cidrGroups })
  egress({ toCIDRSet: [{ cidrGroupRef: 'a', except: ['192.0.2.1/32'] }] }, ['allow [block 192.0.2.0] all'], {
    cidrGroups,
  })
  egress(
    { toCIDRSet: [{ cidrGroupSelector: { matchLabels: { team: 'x' } } }] },
    ['allow [block 192.0.2.0-192.0.2.1] all'],
    { cidrGroups },
  )
  egress({ toCIDRSet: [{ cidrGroupSelector: {} }] }, ['allow [unknown] all'], { cidrGroups })
  // A group that is not there matches nothing, where all groups are known.
  egress({ toCIDRSet: [{ cidrGroupRef: 'c' }] }, ['allow [] all'], { cidrGroups })
  egress({ toCIDRSet: [{ cidrGroupRef: 'c' }] }, ['allow [unknown] all'], { cidrGroups, complete: false })
  const { notes } = lower({ spec: { endpointSelector: {}, egress: [{ toCIDRSet: [{ cidrGroupRef: 'c' }] }] } })
  assert.deepEqual(
    notes.map(({ at }) => at),
    [['spec', 'egress', 0, 'toCIDRSet', 0]],
  )
})

// Source: docs.cilium.io, "DNS based".
test('names', () => {
  const names = (toFQDNs: Json, expected: readonly string[], context = {}): void =>
    egress({ toFQDNs }, expected, context)
  names([{ matchName: 'API.example.com.' }], ['allow [names api.example.com] all'])
  names([{ matchPattern: '*.example.com' }, { matchName: 'a.b' }], ['allow [names *.example.com a.b] all'])
  names([{ matchPattern: 'part*ial.com' }], ['allow [names part*ial.com] all'])
  names([{ matchPattern: '*' }], ['allow [names *] all'])
  names([{ matchPattern: 'a**b.com' }], ['allow [names a*b.com] all'])
  names([{ matchPattern: '**.example.com' }], ['allow [names *.example.com] all'], { version: [1, 18] })
  names([{ matchPattern: '**.example.com' }], ['allow [names **.example.com] all'], { version: [1, 19] })
  names(
    [{ matchPattern: '**.example.com' }],
    ['allow [names *.example.com] all', 'allow [names *.example.com **.example.com] all ? unknown'],
    { version: null },
  )
  // Before 1.19 two stars alone are one label, which is not what one star alone is.
  names([{ matchPattern: '**' }], ['allow [names *] all'], { version: [1, 19] })
  const one = only({ spec: { endpointSelector: {}, egress: [{ toFQDNs: [{ matchPattern: '**' }] }] } })
  assert.deepEqual(one.egress.rules[0]?.peers, [
    { kind: 'names', patterns: [{ kind: 'labels', below: false, labels: ['*'] }] },
  ])
  names([{ matchName: 'a.b' }], ['allow [] all'], settings({ 'enable-l7-proxy': 'false' }))
})

const service = (
  name: string,
  selector: CiliumService['selector'],
  addresses: readonly string[] = [],
): CiliumService => ({
  ref: { cluster: 'c', group: '', kind: 'Service', namespace: 'shop', name },
  namespace: 'shop',
  labels: new Map([['tier', name]]),
  selector,
  endpoints: addresses.map(address => ({ address, pod: null, node: null })),
})

// Source: docs.cilium.io, "Services based".
test('Services without a selector are blocks, with one their pods since 1.17', () => {
  const services = [service('db', null, ['192.0.2.1', '2001:db8::1']), service('web', new Map([['app', 'web']]))]
  const named = (serviceName: string) => ({ toServices: [{ k8sService: { serviceName, namespace: 'shop' } }] })
  egress(named('db'), ['allow [block 192.0.2.1 2001:db8::1] all'], { services })
  egress(named('web'), ['allow [pods pod:app=web & ns=shop] all'], { services })
  egress(named('web'), ['allow [] all'], { services, version: [1, 16] })
  egress(named('web'), ['allow [] all', 'allow [pods pod:app=web & ns=shop] all ? unknown'], {
    services,
    version: null,
  })
  egress({ toServices: [{ k8sService: { serviceName: 'db' } }] }, ['allow [block 192.0.2.1 2001:db8::1] all'], {
    services,
  })
  egress(
    { toServices: [{ k8sServiceSelector: { selector: { matchLabels: { tier: 'web' } } } }] },
    ['allow [pods pod:app=web & ns=shop] all'],
    { services },
  )
  egress(named('gone'), ['allow [] all'], { services })
  egress(named('gone'), ['allow [unknown] all'], { services, complete: false })
})

test('ports next to Services that are none may open every destination', () => {
  const toPorts = [{ ports: [{ port: '443', protocol: 'TCP' }] }]
  egress({ toServices: [{ k8sService: { serviceName: 'gone' } }], toPorts }, [
    'allow [] TCP/443',
    'allow [everything] TCP/443 ? undefined',
  ])
})

test('groups of a cloud are not known', () => {
  egress({ toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] }, ['allow [unknown] all'])
})

// Source: docs.cilium.io, "Layer 4 Examples"; pkg/policy/api, type PortProtocol.
test('ports', () => {
  const ports = (list: Json, expected: string, context = {}): void =>
    egress({ toPorts: [{ ports: list }] }, [`allow [everything] ${expected}`], context)
  ports([{ port: '80', protocol: 'TCP' }], 'TCP/80')
  ports([{ port: '80' }], 'TCP/80 UDP/80 SCTP/80')
  ports([{ port: '53', protocol: 'ANY' }], 'TCP/53 UDP/53 SCTP/53')
  ports([{ port: '80', endPort: 90, protocol: 'UDP' }], 'UDP/80-90')
  ports([{ port: '80', endPort: 90, protocol: 'UDP' }], 'UDP/80', { version: [1, 15] })
  // An end below the port is ignored.
  ports([{ port: '80', endPort: 70, protocol: 'UDP' }], 'UDP/80')
  ports([{ port: 'HTTP', protocol: 'TCP' }], 'TCP/http')
  ports([{ port: '0', protocol: 'TCP' }], 'TCP/1-65535')
  ports([{ port: '0', endPort: 9, protocol: 'TCP' }], 'TCP/1-9')
  ports([{ port: '0' }], 'TCP/1-65535 UDP/1-65535 SCTP/1-65535 perhaps ICMP/* ICMPv6/* OTHER')
  // The agent reads a leading zero as octal.
  ports([{ port: '010', protocol: 'TCP' }], 'perhaps TCP/1-65535')
  ports([], 'perhaps all')
  ports([{ protocol: 'ESP', port: '0' }], '50', settings({ 'enable-extended-ip-protocols': 'true' }))
})

// Source: pkg/policy/api, type ICMPField.
test('ICMP types by number and name, of one family', () => {
  const types = (fields: Json, expected: string): void =>
    egress({ icmps: [{ fields }] }, [`allow [everything] ${expected}`])
  types([{ type: 8 }], 'ICMP/8/*')
  types([{ type: '8', family: 'IPv4' }], 'ICMP/8/*')
  types([{ type: 'EchoRequest', family: 'IPv6' }], 'ICMPv6/128/*')
  types([{ type: 'DestinationUnreachable' }, { type: 'DestinationUnreachable', family: 'IPv6' }], 'ICMP/3/* ICMPv6/1/*')
})

// Source: docs.cilium.io, "Layer 7 Examples".
test('what a proxy limits stands by itself', () => {
  const dns = { ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*.example.com' }] } }
  const web = { ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/x' }, {}] } }
  const open = { ports: [{ port: '22', protocol: 'TCP' }] }
  const policy = only({ spec: { endpointSelector: {}, egress: [{ toEntities: ['all'], toPorts: [dns, open, web] }] } })
  assert.deepEqual(lines(policy), [
    'allow [everything] TCP/22',
    'allow [everything] UDP/53 dns(*.example.com)',
    'allow [everything] TCP/80 http(GET /x; any request)',
  ])
  assert.deepEqual(placesOf(policy), ['spec.egress[0]', 'spec.egress[0].toPorts[0]', 'spec.egress[0].toPorts[2]'])
})

test('server names, listeners, other rules', () => {
  const ports = [{ port: '443', protocol: 'TCP' }]
  const all = (item: Record<string, Json>, expected: readonly string[], context = {}): void =>
    egress(
      { toPorts: [{ ports, ...item }] },
      expected.map(line => `allow [everything] TCP/443 ${line}`),
      context,
    )
  const sni = (name: string, expected: readonly string[], version: CiliumContext['version']): void =>
    all({ serverNames: [name] }, expected, { version })
  sni('www.example.com', ['sni(www.example.com)'], [1, 17])
  // Wildcards came with 1.18, as a prefix; anywhere with 1.20.
  sni('*.example.com', ['sni()'], [1, 17])
  sni('*.example.com', ['sni(*.example.com)'], [1, 18])
  sni('**.example.com', ['sni(**.example.com)'], [1, 18])
  sni('a*.example.com', ['sni(a*.example.com)'], [1, 20])
  sni('a*.example.com', ['sni()', 'sni(a*.example.com) ? unknown'], [1, 19])
  sni('**.example.com', ['sni()', 'sni(**.example.com) ? unknown'], null)
  all({ listener: { name: 'x', envoyConfig: {} } }, ['other(what Envoy listener `x` lets through)'])
  all({ rules: { kafka: [{ topic: 'a' }] } }, ['other(kafka rules)'])
  all({ rules: { l7proto: 'r2d2', l7: [{}] } }, ['other(r2d2 rules)'])
  // From 1.20 on such rules are cut off, and what is left is open.
  all({ rules: { kafka: [{ topic: 'a' }] } }, ['other(kafka rules)', '? unknown'], { version: null })
  egress({ toPorts: [{ ports, rules: { kafka: [{}] } }] }, ['allow [everything] TCP/443'], { version: [1, 20] })
})

test('deny rules know no proxy and no names', () => {
  const policy = only({
    spec: {
      endpointSelector: {},
      egressDeny: [
        { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } }] },
        { toFQDNs: [{ matchName: 'a.b' }] },
        { toServices: [{ k8sService: { serviceName: 'db' } }] },
      ],
    },
  })
  assert.deepEqual(lines(policy), ['deny [everything] TCP/80', 'deny [] all', 'deny [] all'])
})
