import { test } from 'node:test'
import { check, PLATFORM, POLICY_API, SMALL } from './testing.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

const EVERY_POD: Fields = { namespaces: {} }
const policy = (kind: string, version: string, name: string, spec: Fields): Json => ({
  apiVersion: `policy.networking.k8s.io/${version}`,
  kind,
  metadata: { name },
  spec: { subject: EVERY_POD, ...spec },
})
const admin = (priority: number, ...egress: readonly Json[]): Json =>
  policy('AdminNetworkPolicy', 'v1alpha1', `admin-${priority}-${JSON.stringify(egress).length}`, { priority, egress })
const baseline = (...egress: readonly Json[]): Json =>
  policy('BaselineAdminNetworkPolicy', 'v1alpha1', 'default', { egress })
const cluster = (tier: string, priority: number, ...egress: readonly Json[]): Json =>
  policy('ClusterNetworkPolicy', 'v1alpha2', `${tier}-${priority}`, { tier, priority, egress })
const rule = (action: string, peer: Json, more: Fields = {}): Json => ({ action, to: [peer], ...more })
const networks = (...blocks: readonly string[]): Json => ({ networks: blocks })
const np = (namespace: string, egress: readonly Json[]): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace, name: 'np' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress },
})

test('selecting a pod does not isolate it', () => {
  check([...SMALL, admin(1, rule('Allow', networks('192.0.2.0/24')))], POLICY_API, {
    'a/web > 198.51.100.1 tcp 1': 'allowed',
  })
})

test('a platform that does not enforce them', () => {
  check([...SMALL, admin(1, rule('Deny', networks('0.0.0.0/0')))], PLATFORM, { 'a/web > 192.0.2.1 tcp 1': 'allowed' })
})

test('the lowest priority value first, then the order of rules', () => {
  const deny = rule('Deny', networks('192.0.2.0/24'))
  const allow = rule('Allow', networks('192.0.2.0/26'))
  check([...SMALL, admin(2, deny), admin(1, allow)], POLICY_API, {
    'a/web > 192.0.2.63 tcp 1': 'allowed',
    'a/web > 192.0.2.64 tcp 1': 'denied',
  })
  check([...SMALL, admin(1, deny, allow)], POLICY_API, { 'a/web > 192.0.2.63 tcp 1': 'denied' })
})

test('equal priority is unknown only where the orders differ', () => {
  check(
    [
      ...SMALL,
      admin(1, rule('Deny', networks('192.0.2.0/24'))),
      admin(1, rule('Allow', networks('192.0.2.0/26')), rule('Deny', networks('192.0.2.128/25'))),
    ],
    POLICY_API,
    {
      'a/web > 192.0.2.1 tcp 1': 'unknown',
      'a/web > 192.0.2.127 tcp 1': 'denied',
      'a/web > 192.0.2.128 tcp 1': 'denied',
      'a/web > 192.0.3.1 tcp 1': 'allowed',
    },
  )
})

test('Pass leaves the tier, a NetworkPolicy is final, Baseline is for pods without one', () => {
  const objects = [
    ...SMALL,
    admin(1, rule('Pass', networks('192.0.2.0/24')), rule('Deny', networks('192.0.0.0/16'))),
    admin(2, rule('Allow', networks('192.0.0.0/16'))),
    baseline(rule('Deny', networks('0.0.0.0/0'))),
    np('a', [{ to: [{ ipBlock: { cidr: '192.0.2.0/26' } }] }]),
  ]
  check(objects, POLICY_API, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 192.0.2.64 tcp 1': 'denied',
    'b/web > 192.0.2.1 tcp 1': 'denied',
    'b/web > 192.0.1.1 tcp 1': 'denied',
  })
})

test('Baseline: first match, and what matches nothing is allowed', () => {
  check(
    [...SMALL, baseline(rule('Allow', networks('192.0.2.0/26')), rule('Deny', networks('192.0.2.0/24')))],
    POLICY_API,
    {
      'a/web > 192.0.2.1 tcp 1': 'allowed',
      'a/web > 192.0.2.64 tcp 1': 'denied',
      'a/web > 192.0.3.1 tcp 1': 'allowed',
    },
  )
})

test('an allowance of the Admin tier is stronger than isolation', () => {
  check([...SMALL, admin(1, rule('Allow', networks('192.0.2.0/24'))), np('a', [])], POLICY_API, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 192.0.3.1 tcp 1': 'denied',
  })
})

test('networks mean pods and nodes, too, and all traffic', () => {
  check([...SMALL, admin(1, rule('Deny', networks('0.0.0.0/0')))], POLICY_API, {
    'a/web > b/web tcp 1': 'denied',
    'a/web > n2 tcp 1': 'denied',
    'a/web > b/web icmp 8': 'denied',
    'a/db > b/db icmpv6 128': 'allowed',
    'a/db > b/db tcp 1': 'unknown',
    'n1 > b/web tcp 1': 'allowed',
  })
})

test('subjects and pod peers leave out the host network; nodes are by their labels', () => {
  check([...SMALL, admin(1, rule('Deny', { namespaces: {} }))], POLICY_API, {
    'a/web > b/web tcp 1': 'denied',
    'a/web > b/agent tcp 1': 'allowed',
    'b/agent > b/web tcp 1': 'allowed',
  })
  check([...SMALL, admin(1, rule('Deny', { nodes: { matchLabels: { pool: 'edge' } } }))], POLICY_API, {
    'a/web > n1 tcp 1': 'allowed',
    'a/web > n2 tcp 1': 'denied',
    'a/web > b/agent tcp 1': 'denied',
    'a/web > b/web tcp 1': 'allowed',
  })
})

test('pods as subject and peer', () => {
  const web = { namespaceSelector: { matchLabels: { team: 'x' } }, podSelector: { matchLabels: { app: 'web' } } }
  const only = policy('AdminNetworkPolicy', 'v1alpha1', 'only', {
    priority: 1,
    subject: { pods: web },
    egress: [rule('Deny', { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'db' } } } })],
  })
  check([...SMALL, only], POLICY_API, {
    'a/web > b/db tcp 1': 'denied',
    'a/web > b/web tcp 1': 'allowed',
    'b/web > b/db tcp 1': 'allowed',
  })
})

test('ingress rules are about who sends', () => {
  const guard = policy('ClusterNetworkPolicy', 'v1alpha2', 'guard', {
    tier: 'Admin',
    priority: 1,
    ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { team: 'y' } } }] }],
  })
  check([...SMALL, guard], POLICY_API, {
    'b/web > a/web tcp 1': 'denied',
    'a/db > a/web tcp 1': 'allowed',
    'b/agent > a/web tcp 1': 'allowed',
  })
})

test('ports of v1alpha1', () => {
  const ports = [
    { portNumber: { protocol: 'TCP', port: 443 } },
    { portRange: { protocol: 'UDP', start: 100, end: 200 } },
  ]
  check([...SMALL, admin(1, rule('Deny', networks('0.0.0.0/0'), { ports }))], POLICY_API, {
    'a/web > 192.0.2.1 tcp 443': 'denied',
    'a/web > 192.0.2.1 udp 443': 'allowed',
    'a/web > 192.0.2.1 udp 99': 'allowed',
    'a/web > 192.0.2.1 udp 100': 'denied',
    'a/web > 192.0.2.1 udp 200': 'denied',
    'a/web > 192.0.2.1 udp 201': 'allowed',
    'a/web > 192.0.2.1 icmp 8': 'allowed',
  })
  check([...SMALL, admin(1, rule('Deny', { namespaces: {} }, { ports: [{ namedPort: 'http' }] }))], POLICY_API, {
    'a/db > a/web tcp 8080': 'denied',
    'a/db > a/web tcp 80': 'allowed',
    'a/web > b/web udp 53': 'denied',
  })
})

test('protocols of v1alpha2', () => {
  const protocols = [
    { tcp: { destinationPort: { number: 443 } } },
    { udp: { destinationPort: { range: { start: 100, end: 200 } } } },
    { destinationNamedPort: 'http' },
  ]
  check([...SMALL, cluster('Admin', 1, rule('Deny', { namespaces: {} }, { protocols }))], POLICY_API, {
    'a/web > a/db tcp 443': 'denied',
    'a/web > a/db udp 443': 'allowed',
    'a/web > a/db udp 200': 'denied',
    'a/web > a/db tcp 80': 'denied',
    'a/db > a/web tcp 80': 'allowed',
    'a/db > a/web icmp 8': 'allowed',
  })
})

test('ClusterNetworkPolicy stands in both tiers', () => {
  const objects = [
    ...SMALL,
    cluster('Baseline', 1, rule('Deny', networks('0.0.0.0/0'))),
    cluster('Admin', 5, rule('Accept', networks('192.0.2.0/24'))),
    np('a', [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }]),
  ]
  check(objects, POLICY_API, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 198.51.100.1 tcp 1': 'allowed',
    'b/web > 192.0.2.1 tcp 1': 'allowed',
    'b/web > 198.51.100.1 tcp 1': 'denied',
  })
})

test('a peer of an unknown kind fails closed', () => {
  const foreign = { planets: ['mars'] }
  check([...SMALL, admin(1, rule('Allow', foreign)), admin(2, rule('Deny', networks('192.0.2.0/24')))], POLICY_API, {
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > 192.0.3.1 tcp 1': 'allowed',
  })
  for (const action of ['Deny', 'Pass'])
    check([...SMALL, admin(1, rule(action, foreign))], POLICY_API, { 'a/web > 192.0.3.1 tcp 1': 'denied' })
})

test('names: the star is one or more labels, and who asked counts', () => {
  const objects = [
    ...SMALL,
    admin(1, rule('Allow', { domainNames: ['example.com', '*.example.org'] }), rule('Deny', networks('0.0.0.0/0'))),
  ]
  check(objects, POLICY_API, {
    'a/web > 192.0.2.1 tcp 1 example.com': 'allowed',
    'a/web > 192.0.2.1 tcp 1 www.example.com': 'denied',
    'a/web > 192.0.2.1 tcp 1 a.b.example.org': 'allowed',
    'a/web > 192.0.2.1 tcp 1 example.org': 'denied',
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'a/web > 192.0.2.1 tcp 1 ?': 'unknown',
    'a/web > b/web tcp 1': 'unknown',
  })
})

test('an unreadable network leaves open what hangs on it', () => {
  check([...SMALL, admin(1, rule('Deny', networks('010.0.0.0/8'))), np('a', [])], POLICY_API, {
    'a/web > 192.0.2.1 tcp 1': 'denied',
    'b/web > 192.0.2.1 tcp 1': 'unknown',
  })
})
