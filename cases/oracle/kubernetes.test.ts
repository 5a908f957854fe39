import { test } from 'node:test'
import { CILIUM, check, PLATFORM, pod, SMALL } from './testing.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

/** The small world with policies in namespace a, each a spec. */
const withPolicies = (...specs: readonly Fields[]): readonly Json[] => [
  ...SMALL,
  ...specs.map((spec, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'a', name: `np${index}` },
    spec,
  })),
]
const egress = (...rules: readonly Json[]): Fields => ({ podSelector: {}, policyTypes: ['Egress'], egress: rules })
const to = (...peers: readonly Json[]): Json => ({ to: peers })
const block = (cidr: string, ...except: readonly string[]): Json => ({
  ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) },
})

test('without a policy everything passes', () => {
  check(SMALL, PLATFORM, { 'a/web > 192.0.2.1 tcp 443': 'allowed', 'a/web > b/db tcp 1': 'allowed' })
})

test('a policy isolates the pods that it selects, in its namespace only', () => {
  check(withPolicies({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] }), PLATFORM, {
    'a/web > 192.0.2.1 tcp 443': 'denied',
    'a/db > 192.0.2.1 tcp 443': 'allowed',
    'b/web > 192.0.2.1 tcp 443': 'allowed',
  })
})

test('policyTypes absent: Ingress always, Egress only with egress rules', () => {
  check(withPolicies({ podSelector: {}, egress: [] }), PLATFORM, {
    'a/web > 192.0.2.1 tcp 443': 'allowed',
    'b/web > a/web tcp 80': 'denied',
  })
  check(withPolicies({ podSelector: {}, egress: [to(block('192.0.2.0/24'))] }), PLATFORM, {
    'a/web > 192.0.2.1 tcp 443': 'allowed',
    'a/web > 198.51.100.1 tcp 443': 'denied',
    'b/web > a/web tcp 80': 'denied',
  })
})

test('rules of a direction that policyTypes leaves out: Cilium alone applies them', () => {
  const objects = withPolicies({ podSelector: {}, policyTypes: ['Ingress'], egress: [to(block('192.0.2.0/24'))] })
  check(objects, PLATFORM, { 'a/web > 198.51.100.1 tcp 443': 'allowed' })
  check(objects, CILIUM, { 'a/web > 198.51.100.1 tcp 443': 'denied', 'a/web > 192.0.2.1 tcp 443': 'allowed' })
})

test('peers absent or empty are every destination, an empty rule is everything', () => {
  for (const rule of [{}, { to: [] }, { to: [], ports: [] }])
    check(withPolicies(egress(rule)), PLATFORM, {
      'a/web > 192.0.2.1 tcp 443': 'allowed',
      'a/web > n2 tcp 443': 'allowed',
      'a/web > b/web icmp 8': 'allowed',
    })
})

test('podSelector alone is the own namespace, an empty namespaceSelector every pod and nothing outside', () => {
  check(withPolicies(egress(to({ podSelector: {} }))), PLATFORM, {
    'a/web > a/db tcp 80': 'allowed',
    'a/web > b/db tcp 80': 'denied',
  })
  check(withPolicies(egress(to({ namespaceSelector: {} }))), PLATFORM, {
    'a/web > b/db tcp 80': 'allowed',
    'a/web > 192.0.2.1 tcp 80': 'denied',
    'a/web > n2 tcp 80': 'denied',
  })
})

test('both selectors in one peer must hold; two peers are alternatives', () => {
  const team = { matchLabels: { team: 'y' } }
  const web = { matchLabels: { app: 'web' } }
  check(withPolicies(egress(to({ namespaceSelector: team, podSelector: web }))), PLATFORM, {
    'a/web > b/web tcp 80': 'allowed',
    'a/web > b/db tcp 80': 'denied',
    'a/db > a/web tcp 80': 'denied',
  })
  check(withPolicies(egress(to({ namespaceSelector: team }, { podSelector: web }))), PLATFORM, {
    'a/web > b/db tcp 80': 'allowed',
    'a/db > a/web tcp 80': 'allowed',
    'a/web > a/db tcp 80': 'denied',
  })
})

test('every namespace has its name as a label', () => {
  const selector = { matchLabels: { 'kubernetes.io/metadata.name': 'b' } }
  check(withPolicies(egress(to({ namespaceSelector: selector }))), PLATFORM, {
    'a/web > b/db tcp 80': 'allowed',
    'a/web > a/db tcp 80': 'denied',
  })
})

test('pods on the host network are nodes: not selected, not peers', () => {
  check(
    withPolicies(egress(to({ namespaceSelector: {} })), {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: {} }] }],
    }),
    PLATFORM,
    {
      'a/web > b/agent tcp 80': 'denied',
      'b/agent > a/web tcp 80': 'denied',
      'b/agent > 192.0.2.1 tcp 80': 'allowed',
      'b/web > a/web tcp 80': 'allowed',
    },
  )
})

test('ipBlock with exceptions, first and last address', () => {
  check(withPolicies(egress(to(block('192.0.2.0/24', '192.0.2.64/26')))), PLATFORM, {
    'a/web > 192.0.1.255 tcp 1': 'denied',
    'a/web > 192.0.2.0 tcp 1': 'allowed',
    'a/web > 192.0.2.63 tcp 1': 'allowed',
    'a/web > 192.0.2.64 tcp 1': 'denied',
    'a/web > 192.0.2.127 tcp 1': 'denied',
    'a/web > 192.0.2.128 tcp 1': 'allowed',
    'a/web > 192.0.3.0 tcp 1': 'denied',
  })
})

test('an exception for the IPv4 metadata address leaves the IPv6 one', () => {
  check(withPolicies(egress(to(block('0.0.0.0/0', '169.254.169.254/32'), block('::/0')))), PLATFORM, {
    'a/web > 169.254.169.254 tcp 80': 'denied',
    'a/web > fd00:ec2::254 tcp 80': 'allowed',
  })
})

test('whether ipBlock means pods and nodes is the platform’s to say', () => {
  const objects = withPolicies(egress(to(block('10.0.0.0/8'), block('192.168.0.0/16'))))
  check(objects, PLATFORM, { 'a/web > b/web tcp 80': 'denied', 'a/web > n2 tcp 80': 'denied' })
  check(
    objects,
    { ...PLATFORM, blockMatchesPods: 'yes', blockMatchesNodes: 'yes' },
    {
      'a/web > b/web tcp 80': 'allowed',
      // The node may also be reached by IPv6, but this sender has no such address.
      'a/web > n2 tcp 80': 'allowed',
      // Two families, and only one is in the block.
      'a/db > b/db tcp 80': 'unknown',
      'a/db > b/db icmp 8': 'allowed',
      'a/db > b/db icmpv6 128': 'denied',
    },
  )
  check(objects, { ...PLATFORM, blockMatchesPods: 'unknown' }, { 'a/web > b/web tcp 80': 'unknown' })
})

test('unreadable blocks leave open only what hangs on them', () => {
  check(withPolicies(egress(to(block('010.0.0.0/8')), to(block('192.0.2.0/24')))), PLATFORM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 198.51.100.1 tcp 1': 'unknown',
    'a/web > b/web tcp 1': 'denied',
  })
  check(withPolicies(egress(to(block('192.0.2.0/24', '::ffff:192.0.2.0/120')))), PLATFORM, {
    'a/web > 192.0.2.1 tcp 1': 'unknown',
    'a/web > 198.51.100.1 tcp 1': 'denied',
  })
})

test('the protocol defaults to TCP, one alone is all its ports, endPort is inclusive', () => {
  check(
    withPolicies(egress({ ports: [{ port: 443 }, { protocol: 'UDP' }, { port: 8000, endPort: 8080 }] })),
    PLATFORM,
    {
      'a/web > 192.0.2.1 tcp 443': 'allowed',
      'a/web > 192.0.2.1 tcp 444': 'denied',
      'a/web > 192.0.2.1 udp 1': 'allowed',
      'a/web > 192.0.2.1 udp 65535': 'allowed',
      'a/web > 192.0.2.1 tcp 7999': 'denied',
      'a/web > 192.0.2.1 tcp 8000': 'allowed',
      'a/web > 192.0.2.1 tcp 8080': 'allowed',
      'a/web > 192.0.2.1 tcp 8081': 'denied',
      'a/web > 192.0.2.1 sctp 443': 'denied',
    },
  )
})

test('a named port is each destination pod’s own, per protocol, and nothing toward an address or a node', () => {
  check(withPolicies(egress({ ports: [{ port: 'http' }] })), PLATFORM, {
    'a/db > a/web tcp 8080': 'allowed',
    'a/db > a/web tcp 80': 'denied',
    'a/web > a/db tcp 80': 'allowed',
    'a/web > b/web tcp 53': 'denied',
    'a/web > b/web udp 53': 'denied',
    'a/web > 192.0.2.1 tcp 80': 'denied',
    'a/web > n2 tcp 80': 'denied',
  })
  check(withPolicies({ podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }] }), PLATFORM, {
    'b/web > a/web tcp 8080': 'allowed',
    'b/web > a/db tcp 8080': 'denied',
  })
})

test('only TCP and UDP are denied for certain', () => {
  const objects = withPolicies(egress({ ports: [{ port: 443 }] }))
  check(
    objects,
    { ...PLATFORM, isolation: { sctp: 'denied', icmp: 'unknown', others: 'allowed' } },
    {
      'a/web > 192.0.2.1 sctp 443': 'denied',
      'a/web > 192.0.2.1 icmp 8': 'unknown',
      'a/db > 2001:db8::1 icmpv6 128': 'unknown',
      'a/web > 192.0.2.1 gre': 'allowed',
    },
  )
})

test('policies add up, and both ends must allow', () => {
  const objects = withPolicies(
    egress(to(block('192.0.2.0/24'))),
    egress(to(block('198.51.100.0/24'))),
    egress(to({ namespaceSelector: {} })),
    {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
    },
  )
  check(objects, PLATFORM, {
    'a/web > 192.0.2.1 tcp 1': 'allowed',
    'a/web > 198.51.100.1 tcp 1': 'allowed',
    'a/web > 203.0.113.1 tcp 1': 'denied',
    'a/web > a/db tcp 1': 'allowed',
    'b/web > a/db tcp 1': 'denied',
  })
})

test('a pod and its own node, and a pod and itself', () => {
  const objects = withPolicies({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  check(objects, PLATFORM, {
    'a/web > n1 tcp 1': 'denied',
    'n1 > a/web tcp 1': 'denied',
    'a/web > a/web tcp 1': 'allowed',
  })
  check(
    objects,
    { ...PLATFORM, ownNode: 'allowed', fromOwnNode: 'unknown' },
    {
      'a/web > n1 tcp 1': 'allowed',
      'a/web > n2 tcp 1': 'denied',
      'n1 > a/web tcp 1': 'unknown',
      'n2 > a/web tcp 1': 'denied',
    },
  )
})

test('finished pods and pods without an address are no peers', () => {
  const objects = [
    ...withPolicies(egress(to({ podSelector: {} }))),
    pod('a/done', { ips: ['10.0.0.9'], phase: 'Succeeded' }),
    pod('a/waiting', { phase: 'Pending' }),
  ]
  check(objects, PLATFORM, { 'a/web > a/done tcp 1': 'denied', 'a/web > a/waiting tcp 1': 'denied' })
})

test('a policy that nothing enforces does nothing', () => {
  check(
    withPolicies(egress()),
    { ...PLATFORM, enforces: { kubernetes: false, policyApi: true, cilium: false } },
    {
      'a/web > 192.0.2.1 tcp 1': 'allowed',
    },
  )
})
