import assert from 'node:assert/strict'
import { test } from 'node:test'
import { A_PROXY_DECIDES } from './cilium.ts'
import { judge } from './judge.ts'
import { CILIUM, check, namespace, packet, pod, SMALL } from './testing.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

const cnp = (spec: Fields, name = 'cnp'): Json => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { namespace: 'a', name },
  spec: { endpointSelector: {}, ...spec },
})
const ccnp = (spec: Fields): Json => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'ccnp' },
  spec: { endpointSelector: {}, ...spec },
})
const np = (spec: Fields): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'a', name: 'np' },
  spec: { podSelector: {}, ...spec },
})
const egress = (...rules: readonly Json[]): Json => cnp({ egress: rules })
const ports = (...entries: readonly Fields[]): Fields => ({ toPorts: [{ ports: entries }] })
const apiserver = (address: string): Json => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  endpoints: [{ addresses: [address] }],
})

test('an empty rule allows nothing and isolates, an empty section leaves the direction alone', () => {
  check([...SMALL, egress({})], CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'denied', 'a/web > b/web tcp 1': 'denied' })
  check([...SMALL, cnp({ egress: [], ingress: [{}] })], CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'b/web > a/web tcp 1': 'denied',
  })
})

test('default deny is for a direction that has rules, deny rules too, unless it is switched off', () => {
  const deny = { egressDeny: [{ toCIDR: ['192.0.2.0/24'] }] }
  check([...SMALL, cnp(deny)], CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > 198.51.100.1 tcp 1': 'denied',
    'b/web > a/web tcp 1': 'allowed',
  })
  check([...SMALL, cnp({ ...deny, enableDefaultDeny: { egress: false } })], CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > 198.51.100.1 tcp 1': 'allowed',
  })
})

test('deny beats allow across all kinds of policy', () => {
  const objects = [
    ...SMALL,
    np({ policyTypes: ['Egress'], egress: [{}] }),
    ccnp({ egressDeny: [{ toCIDR: ['192.0.2.0/24'] }], enableDefaultDeny: { egress: false } }),
  ]
  check(objects, CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'denied', 'a/web > 198.51.100.1 tcp 1': 'allowed' })
})

test('NetworkPolicy and Cilium policies stand together', () => {
  const objects = [
    ...SMALL,
    np({ policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 80 }] }] }),
    egress({ toCIDR: ['198.51.100.0/24'] }),
  ]
  check(objects, CILIUM, {
    'a/web > 192.0.2.1 tcp 80': 'allowed',
    'a/web > 198.51.100.1 tcp 80': 'allowed',
    'a/web > 203.0.113.1 tcp 80': 'denied',
    // Isolated by NetworkPolicy, a pod loses ICMP as well.
    'a/web > 192.0.2.1 icmp 8': 'denied',
  })
})

test('selectors of a namespaced policy mean its namespace unless they name one', () => {
  const toward = (selector: Json): Json => egress({ toEndpoints: [selector] })
  check([...SMALL, toward({})], CILIUM, {
    'a/web > a/db tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'denied',
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > n2 tcp 1': 'denied',
    'b/web > 192.0.2.1 tcp 1': 'allowed',
  })
  check([...SMALL, toward({ matchLabels: { 'k8s:app': 'web', 'k8s:io.kubernetes.pod.namespace': 'b' } })], CILIUM, {
    'a/web > b/web tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'denied',
    'a/db > a/web tcp 1': 'denied',
  })
  check([...SMALL, toward({ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'y' } })], CILIUM, {
    'a/web > b/db tcp 1': 'allowed',
    'a/web > a/db tcp 1': 'denied',
  })
  check([...SMALL, toward({ matchLabels: { 'any:app': 'db' } })], CILIUM, { 'a/web > a/db tcp 1': 'allowed' })
})

test('a negative requirement on the namespace is met by what has none', () => {
  const selector = {
    matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['a'] }],
  }
  check([...SMALL, egress({ toEndpoints: [selector] })], CILIUM, {
    'a/web > b/db tcp 1': 'allowed',
    'a/web > a/db tcp 1': 'denied',
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > n2 tcp 1': 'allowed',
  })
})

test('a clusterwide selector means pods, not the world', () => {
  check([...SMALL, ccnp({ egress: [{ toEndpoints: [{}] }] })], CILIUM, {
    'a/web > b/db tcp 1': 'allowed',
    'b/web > a/db tcp 1': 'allowed',
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > n2 tcp 1': 'denied',
  })
})

test('an empty list selects nothing, ports without a peer everything', () => {
  check([...SMALL, egress({ toEndpoints: [], ...ports({ port: '443' }) })], CILIUM, {
    'a/web > a/db tcp 443': 'denied',
    'a/web > 192.0.2.1 tcp 443': 'denied',
  })
  check([...SMALL, egress(ports({ port: '443', protocol: 'TCP' }))], CILIUM, {
    'a/web > a/db tcp 443': 'allowed',
    'a/web > 192.0.2.1 tcp 443': 'allowed',
    'a/web > n2 tcp 443': 'allowed',
    'a/web > 192.0.2.1 udp 443': 'denied',
    'a/web > 192.0.2.1 icmp 8': 'denied',
  })
})

test('CIDRs mean neither pods nor nodes, unless the match mode says so', () => {
  const objects = [...SMALL, egress({ toCIDR: ['10.0.0.0/8', '192.168.0.0/24', '203.0.113.0/24'] })]
  check(objects, CILIUM, {
    'a/web > b/web tcp 1': 'denied',
    'a/web > n2 tcp 1': 'denied',
    'a/web > 203.0.113.1 tcp 1': 'allowed',
    'a/web > 2001:db8::1 tcp 1': 'denied',
  })
  check(
    objects,
    { ...CILIUM, ciliumCidrMatchesPods: true, ciliumCidrMatchesNodes: true },
    {
      'a/web > b/web tcp 1': 'allowed',
      'a/web > n2 tcp 1': 'allowed',
    },
  )
})

test('an exception is a hole that another rule may fill', () => {
  const rule = { toCIDRSet: [{ cidr: '192.0.2.0/24', except: ['192.0.2.64/26'] }] }
  check([...SMALL, egress(rule)], CILIUM, {
    'a/web > 192.0.2.63 tcp 1': 'allowed',
    'a/web > 192.0.2.64 tcp 1': 'denied',
    'a/web > 192.0.2.127 tcp 1': 'denied',
    'a/web > 192.0.2.128 tcp 1': 'allowed',
  })
  check([...SMALL, egress(rule, { toCIDR: ['192.0.2.64/32'] })], CILIUM, {
    'a/web > 192.0.2.64 tcp 1': 'allowed',
    'a/web > 192.0.2.65 tcp 1': 'denied',
  })
})

test('CIDR groups by name and by label', () => {
  const group = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumCIDRGroup',
    metadata: { name: 'partners', labels: { trust: 'high' } },
    spec: { externalCIDRs: ['192.0.2.0/25', '2001:db8::/32'] },
  }
  for (const entry of [{ cidrGroupRef: 'partners' }, { cidrGroupSelector: { matchLabels: { trust: 'high' } } }])
    check([...SMALL, group, egress({ toCIDRSet: [entry] })], CILIUM, {
      'a/web > 192.0.2.127 tcp 1': 'allowed',
      'a/web > 192.0.2.128 tcp 1': 'denied',
      'a/db > 2001:db8::1 tcp 1': 'allowed',
    })
  check([...SMALL, group, egress({ toCIDRSet: [{ cidrGroupRef: 'other' }] })], CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'denied',
  })
})

test('entities', () => {
  const toward = (entity: string): readonly Json[] => [
    ...SMALL,
    apiserver('192.0.2.9'),
    egress({ toEntities: [entity] }),
  ]
  check(toward('world'), CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 2001:db8::1 tcp 1': 'allowed',
    'a/web > b/web tcp 1': 'denied',
    'a/web > n2 tcp 1': 'denied',
  })
  check(toward('world-ipv4'), CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 2001:db8::1 tcp 1': 'denied',
  })
  check(toward('cluster'), CILIUM, {
    'a/web > b/web tcp 1': 'allowed',
    'a/web > n1 tcp 1': 'allowed',
    'a/web > b/agent tcp 1': 'allowed',
    'a/web > 192.0.2.9 tcp 1': 'allowed',
    'a/web > 192.0.2.1 tcp 1': 'denied',
  })
  check(toward('host'), CILIUM, { 'a/web > n1 tcp 1': 'allowed', 'a/web > n2 tcp 1': 'denied' })
  check(toward('remote-node'), CILIUM, {
    'a/web > n1 tcp 1': 'denied',
    'a/web > n2 tcp 1': 'allowed',
    'a/web > b/agent tcp 1': 'allowed',
  })
  check(toward('all'), CILIUM, { 'a/web > n1 tcp 1': 'allowed', 'a/web > 192.0.2.1 gre': 'allowed' })
  check(toward('none'), CILIUM, { 'a/web > n1 tcp 1': 'denied', 'a/web > a/db tcp 1': 'denied' })
})

test('kube-apiserver is where the Service’s endpoints are, and unknown without them', () => {
  const policy = egress({ toEntities: ['kube-apiserver'] })
  check([...SMALL, policy, apiserver('192.168.0.2')], CILIUM, {
    'a/web > n2 tcp 1': 'allowed',
    'a/web > n1 tcp 1': 'denied',
    'a/web > 192.0.2.1 tcp 1': 'denied',
  })
  check([...SMALL, policy], CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'unknown', 'a/web > a/db tcp 1': 'denied' })
})

test('ports: any protocol, ranges, zero, and names on ingress', () => {
  check(
    [
      ...SMALL,
      egress(ports({ port: '443' }, { port: '8000', endPort: 8080, protocol: 'TCP' }, { port: '0', protocol: 'SCTP' })),
    ],
    CILIUM,
    {
      'a/web > 192.0.2.1 tcp 443': 'allowed',
      'a/web > 192.0.2.1 udp 443': 'allowed',
      'a/web > 192.0.2.1 sctp 9': 'allowed',
      'a/web > 192.0.2.1 tcp 7999': 'denied',
      'a/web > 192.0.2.1 tcp 8000': 'allowed',
      'a/web > 192.0.2.1 tcp 8080': 'allowed',
      'a/web > 192.0.2.1 tcp 8081': 'denied',
      'a/web > 192.0.2.1 udp 8000': 'denied',
    },
  )
  check([...SMALL, cnp({ ingress: [ports({ port: 'http', protocol: 'TCP' })] })], CILIUM, {
    'b/web > a/web tcp 8080': 'allowed',
    'b/web > a/db tcp 8080': 'denied',
    'b/web > a/db tcp 80': 'allowed',
  })
})

test('a port of zero for any protocol: versions differ about what has no ports', () => {
  check([...SMALL, egress(ports({ port: '0' }))], CILIUM, {
    'a/web > 192.0.2.1 udp 9': 'allowed',
    'a/web > 192.0.2.1 icmp 8': 'unknown',
  })
})

test('a port name on egress is certain where one number among all pods is the destination’s own', () => {
  const named = egress(ports({ port: 'metrics', protocol: 'TCP' }))
  const one = pod('b/one', { ips: ['10.0.0.7'], ports: [{ name: 'metrics', containerPort: 9090 }] })
  const two = pod('b/two', { ips: ['10.0.0.8'], ports: [{ name: 'metrics', containerPort: 9091 }] })
  check([...SMALL, one, named], CILIUM, {
    'a/web > b/one tcp 9090': 'allowed',
    'a/web > b/one tcp 9091': 'denied',
    'a/web > b/web tcp 9090': 'unknown',
    'a/web > 192.0.2.1 tcp 9090': 'unknown',
    'a/web > 192.0.2.1 tcp 80': 'denied',
  })
  check([...SMALL, one, two, named], CILIUM, {
    'a/web > b/one tcp 9090': 'unknown',
    'a/web > b/two tcp 9090': 'denied',
  })
})

test('icmps: by family and type, number or name', () => {
  const fields = [{ type: 8 }, { family: 'IPv6', type: 'EchoRequest' }]
  check([...SMALL, egress({ icmps: [{ fields }] })], CILIUM, {
    'a/db > 192.0.2.1 icmp 8': 'allowed',
    'a/db > 192.0.2.1 icmp 0': 'denied',
    'a/db > 2001:db8::1 icmpv6 128': 'allowed',
    'a/db > 2001:db8::1 icmpv6 8': 'denied',
    'a/db > 192.0.2.1 tcp 8': 'denied',
  })
})

const dns = (...patterns: readonly Json[]): Json => ({
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: patterns } }],
})

test('toFQDNs needs a DNS rule of the same pod that lets the question through', () => {
  const named = { toFQDNs: [{ matchPattern: '*.example.com' }] }
  check([...SMALL, egress(named)], CILIUM, { 'a/web > 192.0.2.1 tcp 443 www.example.com': 'denied' })
  check([...SMALL, egress(named, dns({ matchName: 'www.example.com' }))], CILIUM, {
    'a/web > 192.0.2.1 tcp 443 www.example.com': 'allowed',
    'a/web > 192.0.2.1 tcp 443 api.example.com': 'denied',
    'a/web > 192.0.2.1 tcp 443': 'denied',
    'a/web > 192.0.2.1 tcp 443 ?': 'unknown',
    'a/web > b/web tcp 443': 'denied',
  })
  const elsewhere = cnp(
    { endpointSelector: { matchLabels: { app: 'db' } }, egress: [dns({ matchPattern: '*' })] },
    'dns',
  )
  check([...SMALL, egress(named), elsewhere], CILIUM, {
    'a/web > 192.0.2.1 tcp 443 www.example.com': 'denied',
    'a/db > 192.0.2.1 tcp 443 www.example.com': 'allowed',
  })
  check(
    [...SMALL, egress({ toFQDNs: [{ matchName: 'other.test' }] }, dns({ matchPattern: '*.example.com' }))],
    CILIUM,
    {
      'a/web > 192.0.2.1 tcp 443 ?': 'denied',
    },
  )
})

test('without the proxy, names match nothing and rules for it are refused', () => {
  const off = { ...CILIUM, dnsProxy: false }
  check([...SMALL, egress({ toFQDNs: [{ matchName: 'example.com' }] })], off, {
    'a/web > 192.0.2.1 tcp 1 example.com': 'denied',
  })
  check([...SMALL, egress(dns({ matchPattern: '*' }))], off, { 'a/web > 192.0.2.1 tcp 1': 'allowed' })
})

test('what a proxy decides is unknown; DNS rules for every name refuse no question', () => {
  const http = { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] }
  const sni = { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['www.example.com'] }] }
  check([...SMALL, egress(http, sni, dns({ matchName: 'example.com' }))], CILIUM, {
    'a/web > 192.0.2.1 tcp 80': 'unknown',
    'a/web > 192.0.2.1 tcp 443': 'unknown',
    'a/web > 192.0.2.1 udp 53': 'unknown',
    'a/web > 192.0.2.1 tcp 81': 'denied',
  })
  const { why } = judge({ objects: [...SMALL, egress(http)], platform: CILIUM }, packet('a/web > 192.0.2.1 tcp 80'))
  assert.ok(why.includes(A_PROXY_DECIDES))
  check([...SMALL, egress(http, { toCIDR: ['192.0.2.0/24'] }, dns({ matchPattern: '*' }))], CILIUM, {
    'a/web > 192.0.2.1 tcp 80': 'allowed',
    'a/web > 198.51.100.1 udp 53': 'allowed',
  })
})

test('a document that breaks a rule is not enforced at all', () => {
  const refused: readonly Json[] = [
    { toCIDR: ['192.0.2.0/24'], toEndpoints: [{}] },
    { toFQDNs: [{ matchName: 'example.com' }], toEntities: ['world'] },
    { icmps: [{ fields: [{ type: 8 }] }], ...ports({ port: '80' }) },
    { toEntities: ['mars'] },
    { toCIDRSet: [{ cidr: '192.0.2.0/24', except: ['198.51.100.0/24'] }] },
    { toPorts: [{ ports: [{ port: '80', protocol: 'UDP' }], rules: { http: [{}] } }] },
  ]
  for (const rule of refused)
    check([...SMALL, egress({ toCIDR: ['203.0.113.0/24'] }, rule)], CILIUM, { 'a/web > 198.51.100.1 tcp 1': 'allowed' })
  check([...SMALL, cnp({ ingress: [{ toPorts: [{ ports: [{ port: '53' }], rules: { dns: [{}] } }] }] })], CILIUM, {
    'b/web > a/web tcp 1': 'allowed',
  })
  const specs = [
    { endpointSelector: {}, egress: [{}] },
    { endpointSelector: {}, egress: [refused[0] ?? null] },
  ]
  check([...SMALL, { ...(cnp({}) as Fields), spec: null, specs }], CILIUM, { 'a/web > 198.51.100.1 tcp 1': 'allowed' })
})

test('what Cilium itself calls invalid is not enforced', () => {
  const status = { conditions: [{ type: 'Valid', status: 'False', message: 'no' }] }
  check([...SMALL, { ...(egress({}) as Fields), status }], CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'allowed' })
})

test('specs count like policies of their own', () => {
  const specs = [
    { endpointSelector: {}, egress: [{ toCIDR: ['192.0.2.0/24'] }] },
    { endpointSelector: { matchLabels: { app: 'db' } }, egressDeny: [{ toCIDR: ['192.0.2.0/25'] }] },
  ]
  check([...SMALL, { ...(cnp({}) as Fields), spec: null, specs }], CILIUM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/db > 192.0.2.1 tcp 1': 'denied',
    'a/db > 192.0.2.128 tcp 1': 'allowed',
  })
})

test('a nodeSelector is for the host firewall', () => {
  const host = { ...(ccnp({}) as Fields), spec: { nodeSelector: {}, egress: [{}] } }
  check([...SMALL, host], CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'allowed', 'n1 > 192.0.2.1 tcp 1': 'allowed' })
})

test('toNodes needs a setting that is not given: the whole document may not count', () => {
  check([...SMALL, egress({ toNodes: [{ matchLabels: { pool: 'edge' } }] })], CILIUM, {
    'a/web > n2 tcp 1': 'allowed',
    'a/web > 192.0.2.1 tcp 1': 'unknown',
  })
})

test('requirements were dropped by recent versions: certain only where they change nothing', () => {
  const rule = { toEndpoints: [{}], toRequires: [{ matchLabels: { app: 'db' } }] }
  check([...SMALL, egress(rule)], CILIUM, {
    'a/web > a/db tcp 1': 'allowed',
    'a/db > a/web tcp 1': 'unknown',
    'a/web > b/db tcp 1': 'denied',
  })
  // Not those of a rule that denies.
  const deny = [{ toEndpoints: [{ matchLabels: { app: 'db' } }] }]
  check([...SMALL, cnp({ egress: [rule], egressDeny: deny })], CILIUM, { 'a/web > a/db tcp 1': 'denied' })
})

test('services: with a selector their pods, without one the addresses of their endpoints', () => {
  const service = (name: string, selector: Fields): Json => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'b', name, labels: { of: name } },
    spec: Object.keys(selector).length > 0 ? { selector } : {},
  })
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'b', name: 'outside-1', labels: { 'kubernetes.io/service-name': 'outside' } },
    endpoints: [{ addresses: ['192.0.2.9'] }, { addresses: ['10.0.0.4'] }],
  }
  const world = [...SMALL, service('pods', { app: 'web' }), service('outside', {}), slice]
  check([...world, egress({ toServices: [{ k8sService: { serviceName: 'pods', namespace: 'b' } }] })], CILIUM, {
    'a/web > b/web tcp 1': 'allowed',
    'a/db > a/web tcp 1': 'denied',
    'a/web > 192.0.2.9 tcp 1': 'denied',
  })
  const selector = { k8sServiceSelector: { selector: { matchLabels: { of: 'outside' } }, namespace: 'b' } }
  check([...world, egress({ toServices: [selector] })], CILIUM, {
    'a/web > 192.0.2.9 tcp 1': 'allowed',
    'a/web > b/web tcp 1': 'denied',
    'a/web > b/db tcp 1': 'denied',
  })
})

test('services are not looked up for rules that deny', () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'b', name: 's' },
    spec: { selector: { app: 'web' } },
  }
  const deny = {
    egressDeny: [{ toServices: [{ k8sService: { serviceName: 's' } }] }],
    enableDefaultDeny: { egress: false },
  }
  check([...SMALL, service, cnp(deny)], CILIUM, { 'a/web > b/web tcp 1': 'allowed' })
})

test('ingress: entities and endpoints say who sends', () => {
  check(
    [...SMALL, namespace('c'), cnp({ ingress: [{ fromEntities: ['remote-node'] }, { fromEndpoints: [{}] }] })],
    CILIUM,
    {
      'n2 > a/web tcp 1': 'allowed',
      'n1 > a/web tcp 1': 'denied',
      'b/agent > a/web tcp 1': 'allowed',
      'a/db > a/web tcp 1': 'allowed',
      'b/web > a/web tcp 1': 'denied',
    },
  )
  check(
    [...SMALL, cnp({ ingress: [{}] })],
    { ...CILIUM, fromOwnNode: 'allowed' },
    {
      'n1 > a/web tcp 1': 'allowed',
      'n2 > a/web tcp 1': 'denied',
    },
  )
})

test('unreadable CIDRs leave the document and the rule open', () => {
  check([...SMALL, egress({ toCIDR: ['010.0.0.0/8'] })], CILIUM, { 'a/web > 192.0.2.1 tcp 1': 'unknown' })
})

// Source: docs.cilium.io, "Limiting Identity-Relevant Labels".
test('labels that are no part of an identity are not there', () => {
  const labels = { app: 'web', 'kubernetes.io/role': 'web', 'app.kubernetes.io/name': 'web', tier: 'front' }
  const world = (data: Fields | null, ...policies: readonly Json[]): readonly Json[] => [
    namespace('a'),
    pod('a/web', { ips: ['10.0.0.1'], labels }),
    pod('a/db', { ips: ['10.0.0.2'], labels }),
    ...(data === null
      ? []
      : [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'cilium-config' }, data }]),
    ...policies,
  ]
  const OUT = 'a/web > 192.0.2.1 tcp 1'
  const closed = (key: string): Json => cnp({ endpointSelector: { matchLabels: { [key]: 'web' } }, egress: [{}] })
  const says = (data: Fields | null, key: string, verdict: 'allowed' | 'denied' | 'unknown'): void =>
    check(world(data, closed(key)), CILIUM, { [OUT]: verdict })
  says({}, 'app', 'denied')
  says({}, 'app.kubernetes.io/name', 'denied')
  says({}, 'kubernetes.io/role', 'allowed')
  says({}, 'k8s:kubernetes.io/role', 'allowed')
  says(null, 'kubernetes.io/role', 'unknown')
  says(null, 'app', 'denied')
  says({ labels: 'kubernetes\\.io/role' }, 'kubernetes.io/role', 'denied')
  says({ labels: 'kubernetes\\.io/role' }, 'app', 'allowed')
  says({ labels: '!app' }, 'app', 'allowed')
  // As long the one as the other: left out.
  says({ labels: '!app app' }, 'app', 'allowed')
  says({ labels: '(app)' }, 'app', 'unknown')
  // As the other end, too.
  const toward = (key: string): Json => egress({ toEndpoints: [{ matchLabels: { [key]: 'web' } }] })
  check(world({}, toward('app')), CILIUM, { 'a/web > a/db tcp 1': 'allowed' })
  check(world({}, toward('kubernetes.io/role')), CILIUM, { 'a/web > a/db tcp 1': 'denied' })
})
