import assert from 'node:assert/strict'
import { test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { loaded, namespace, networkPolicy, pod } from './estate.ts'
import { holdsHoweverWritten } from './table.ts'

/**
 * What the suites of the platforms probe: every pod of three namespaces asks every other, and the answers are one picture.
 * A row is who sends, a column who is asked: `u/a u/b u/c v/a … w/c`. `.` passes, `X` does not, `?` stays open.
 * What is probed follows the conformance tests of sigs.k8s.io/network-policy-api, the truth tables of Kubernetes' own
 * network policy tests, and cyclonus; documents and pictures are made here, by hand.
 */
const NAMESPACES = ['u', 'v', 'w']
const PODS = ['a', 'b', 'c']
const ALL = NAMESPACES.flatMap(ns => PODS.map(name => `${ns}/${name}`))

const worldOf = (address: (n: number) => string): string =>
  NAMESPACES.map(ns => namespace(ns, `ns: ${ns}`)).join('') +
  ALL.map((one, i) => {
    const [ns = '', name = ''] = one.split('/')
    const ports = [
      { name: 'serve-80-tcp', port: 80 },
      { name: 'serve-81-udp', port: 81, protocol: 'UDP' },
    ]
    return pod(name, { namespace: ns, labels: `pod: ${name}`, ip: address(i), ports })
  }).join('')

const WORLDS = { IPv4: worldOf(i => `10.1.0.${i + 1}`), IPv6: worldOf(i => `fd00:1::${i + 1}`) }

const picture = (yaml: string, ports: string, cni: string | null): readonly string[] => {
  const estate = loaded({ 'u.yaml': yaml })
  const profile = cni === null ? null : profileNamed(cni)
  return ALL.map(from =>
    ALL.map(to => {
      if (from === to) return '-'
      const { verdict } = can(estate, from, `c/${to.replace('/', '/Pod/')}:${ports}`, { profile, compat: null })
      return verdict === 'allowed' ? '.' : verdict === 'denied' ? 'X' : '?'
    }).join(''),
  )
}

/** `rows`: senders with other answers than the rest, which `others` tells. What a pod does to itself is not asked. */
const check = (
  purpose: string,
  policies: string,
  ports: string,
  others: string,
  rows: Readonly<Record<string, string>> = {},
  { cni = null, families = ['IPv4', 'IPv6'] }: { cni?: string | null; families?: readonly ('IPv4' | 'IPv6')[] } = {},
): void => {
  for (const family of families) {
    test(`${purpose}, ${ports}, ${family}`, () => {
      const expected = ALL.map((one, i) => {
        const row = (rows[one] ?? rows[`${one[0]}/*`] ?? others).replaceAll(' ', '')
        return `${row.slice(0, i)}-${row.slice(i + 1)}`
      })
      assert.deepEqual(picture(WORLDS[family] + policies, ports, cni), expected)
      holdsHoweverWritten(WORLDS[family] + policies, cni)
    })
  }
}

const OPEN = '... ... ...'
const policy = (spec: string, name = 'p', ns = 'u'): string => networkPolicy(spec, name, ns)

// NetworkPolicy.
check('nothing selected', '', '80', OPEN)
check('deny ingress to a namespace', policy('{podSelector: {}, policyTypes: [Ingress]}'), '80', 'XXX ... ...')
check('deny egress of a namespace', policy('{podSelector: {}, policyTypes: [Egress]}'), '80', OPEN, {
  'u/*': 'XXX XXX XXX',
})
check('deny both ways', policy('{podSelector: {}, policyTypes: [Ingress, Egress]}'), '80', 'XXX ... ...', {
  'u/*': 'XXX XXX XXX',
})
check('deny one pod', policy('{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}'), '80', 'X.. ... ...')
check('allow all beats nothing', policy('{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}'), '80', OPEN)
check(
  'deny all and allow all add up',
  policy('{podSelector: {}, policyTypes: [Ingress]}') +
    policy('{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}', 'q'),
  '80',
  OPEN,
)
const from = (peers: string, more = ''): string =>
  policy(`{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingress: [{from: [${peers}]${more}}]}`)
const CLOSED = 'X.. ... ...'
check('from the own namespace', from('{podSelector: {}}'), '80', CLOSED, { 'u/*': OPEN })
check('from a namespace', from('{namespaceSelector: {matchLabels: {ns: v}}}'), '80', CLOSED, { 'v/*': OPEN })
check('from every namespace', from('{namespaceSelector: {}}'), '80', OPEN)
check('from a pod of the own namespace', from('{podSelector: {matchLabels: {pod: b}}}'), '80', CLOSED, { 'u/b': OPEN })
check(
  'from a pod of a namespace',
  from('{podSelector: {matchLabels: {pod: b}}, namespaceSelector: {matchLabels: {ns: w}}}'),
  '80',
  CLOSED,
  { 'w/b': OPEN },
)
check(
  'from a pod of any namespace',
  from('{podSelector: {matchLabels: {pod: b}}, namespaceSelector: {}}'),
  '80',
  CLOSED,
  { 'u/b': OPEN, 'v/b': OPEN, 'w/b': OPEN },
)
check(
  'from a pod or a namespace',
  from('{podSelector: {matchLabels: {pod: b}}}, {namespaceSelector: {matchLabels: {ns: w}}}'),
  '80',
  CLOSED,
  { 'u/b': OPEN, 'w/*': OPEN },
)
check(
  'from namespaces but one',
  from('{namespaceSelector: {matchExpressions: [{key: ns, operator: NotIn, values: [u]}]}}'),
  '80',
  CLOSED,
  { 'v/*': OPEN, 'w/*': OPEN },
)
check('from nobody: no such label', from('{podSelector: {matchLabels: {pod: nobody}}}'), '80', CLOSED)
check(
  'from: [] is everybody',
  policy('{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingress: [{from: []}]}'),
  '80',
  OPEN,
)
check('by port: the port', from('{namespaceSelector: {}}', ', ports: [{port: 80}]'), '80', OPEN)
check('by port: another', from('{namespaceSelector: {}}', ', ports: [{port: 80}]'), '81', CLOSED)
check('by port: another protocol', from('{namespaceSelector: {}}', ', ports: [{port: 80}]'), '80/udp', CLOSED)
check('by name', from('{namespaceSelector: {}}', ', ports: [{port: serve-80-tcp}]'), '80', OPEN)
check(
  'by name: of another protocol',
  from('{namespaceSelector: {}}', ', ports: [{port: serve-81-udp}]'),
  '81/udp',
  CLOSED,
)
check(
  'by name and protocol',
  from('{namespaceSelector: {}}', ', ports: [{port: serve-81-udp, protocol: UDP}]'),
  '81/udp',
  OPEN,
)
check(
  'by name: not by number',
  from('{namespaceSelector: {}}', ', ports: [{port: serve-81-udp, protocol: UDP}]'),
  '80/udp',
  CLOSED,
)
const to = (peers: string, more = ''): string =>
  policy(`{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], egress: [{to: [${peers}]${more}}]}`)
check('to the own namespace', to('{podSelector: {}}'), '80', OPEN, { 'u/a': '... XXX XXX' })
check(
  'to a pod of a namespace',
  to('{podSelector: {matchLabels: {pod: b}}, namespaceSelector: {matchLabels: {ns: v}}}'),
  '80',
  OPEN,
  { 'u/a': 'XXX X.X XXX' },
)
check('to a range of ports', to('{namespaceSelector: {}}', ', ports: [{port: 79, endPort: 81}]'), '80', OPEN)
check('to a range that ends before', to('{namespaceSelector: {}}', ', ports: [{port: 70, endPort: 79}]'), '80', OPEN, {
  'u/a': 'XXX XXX XXX',
})
check(
  'ends speak for themselves',
  policy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {ns: v}}}]}]}') +
    policy('{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}', 'q', 'v'),
  '80',
  '... X.. ...',
  { 'u/*': 'XXX X.. XXX' },
)

// Blocks, where the plugin compares addresses.
const CALICO = { cni: 'calico-iptables', families: ['IPv4'] as const }
check('to a block', to('{ipBlock: {cidr: 10.1.0.4/30}}'), '80', OPEN, { 'u/a': 'XXX ... .XX' }, CALICO)
check(
  'to a block but for one',
  to('{ipBlock: {cidr: 10.1.0.4/30, except: [10.1.0.5/32]}}'),
  '80',
  OPEN,
  { 'u/a': 'XXX .X. .XX' },
  CALICO,
)
check('from a block', from('{ipBlock: {cidr: 10.1.0.4/30}}'), '80', CLOSED, { 'v/*': OPEN, 'w/a': OPEN }, CALICO)
check(
  'to a block on Cilium',
  to('{ipBlock: {cidr: 10.1.0.0/16}}'),
  '80',
  OPEN,
  { 'u/a': 'XXX XXX XXX' },
  { cni: 'cilium', families: ['IPv4'] },
)

// The policy API.
const admin = (priority: number, ns: string, rules: string, name = `admin-${priority}`): string => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: ${name}}
spec: {priority: ${priority}, subject: {namespaces: {matchLabels: {ns: ${ns}}}}, ${rules}}
`
const cluster = (
  tier: string,
  priority: number,
  ns: string,
  rules: string,
  name = `${tier.toLowerCase()}-${priority}`,
): string => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: {tier: ${tier}, priority: ${priority}, subject: {namespaces: {matchLabels: {ns: ${ns}}}}, ${rules}}
`
const rule = (action: string, ns: string, direction: 'to' | 'from', port = ''): string =>
  `{action: ${action}, ${direction}: [{namespaces: {matchLabels: {ns: ${ns}}}}]${port}}`
const both = (action: string, ns: string, port = ''): string =>
  `egress: [${rule(action, ns, 'to', port)}], ingress: [${rule(action, ns, 'from', port)}]`

check('deny both ways between two namespaces', admin(10, 'u', both('Deny', 'w')), '80', OPEN, {
  'u/*': '... ... XXX',
  'w/*': 'XXX ... ...',
})
check('ingress rules leave egress alone', admin(10, 'u', `ingress: [${rule('Deny', 'w', 'from')}]`), '80', OPEN, {
  'w/*': 'XXX ... ...',
})
check('egress rules leave ingress alone', admin(10, 'u', `egress: [${rule('Deny', 'w', 'to')}]`), '80', OPEN, {
  'u/*': '... ... XXX',
})
check(
  'allow before deny',
  admin(10, 'u', `egress: [${rule('Allow', 'w', 'to')}, ${rule('Deny', 'w', 'to')}]`),
  '80',
  OPEN,
)
check(
  'deny before allow',
  admin(10, 'u', `egress: [${rule('Deny', 'w', 'to')}, ${rule('Allow', 'w', 'to')}]`),
  '80',
  OPEN,
  { 'u/*': '... ... XXX' },
)
check(
  'pass before deny',
  admin(10, 'u', `egress: [${rule('Pass', 'w', 'to')}, ${rule('Deny', 'w', 'to')}]`),
  '80',
  OPEN,
)
for (const [priority, row] of [
  [5, OPEN],
  [20, '... ... XXX'],
] as const)
  check(
    `an allow at ${priority} against a deny at 10`,
    admin(10, 'u', both('Deny', 'w')) + admin(priority, 'u', `egress: [${rule('Allow', 'w', 'to')}]`),
    '80',
    OPEN,
    { 'u/*': row, 'w/*': 'XXX ... ...' },
  )
// Policies of one priority all count where they do not meet.
const PORT_80 = ', protocols: [{tcp: {destinationPort: {number: 80}}}]'
const PORT_81 = ', protocols: [{tcp: {destinationPort: {number: 81}}}]'
const same = (tier: string): string =>
  cluster(tier, 10, 'u', both('Deny', 'v', PORT_80), 'same-1') +
  cluster(tier, 10, 'u', both('Deny', 'w', PORT_80), 'same-2') +
  cluster(tier, 10, 'v', both('Deny', 'w', PORT_81), 'same-3')
for (const tier of ['Admin', 'Baseline']) {
  check(`${tier}, one priority`, same(tier), '80', OPEN, {
    'u/*': '... XXX XXX',
    'v/*': 'XXX ... ...',
    'w/*': 'XXX ... ...',
  })
  check(`${tier}, one priority`, same(tier), '81', OPEN, { 'v/*': '... ... XXX', 'w/*': '... XXX ...' })
}
// Admin, then NetworkPolicy, then the baseline.
const letW = policy(
  '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}]}], egress: [{to: [{namespaceSelector: {matchLabels: {ns: w}}}]}]}',
)
const baseline = cluster('Baseline', 10, 'u', both('Deny', 'w'))
const DENIED = { 'u/*': '... ... XXX', 'w/*': 'XXX ... ...' }
check('the admin tier decides', cluster('Admin', 10, 'u', both('Deny', 'w')) + letW + baseline, '80', 'XXX ... ...', {
  'u/*': 'XXX XXX XXX',
  'w/*': 'XXX ... ...',
})
check(
  'it passes: NetworkPolicy decides',
  cluster('Admin', 10, 'u', both('Pass', 'w')) + letW + baseline,
  '80',
  'XXX ... ...',
  { 'u/*': 'XXX XXX ...', 'w/*': OPEN },
)
check('without one the baseline does', cluster('Admin', 10, 'u', both('Pass', 'w')) + baseline, '80', OPEN, DENIED)
check('and else nobody', cluster('Admin', 10, 'u', both('Pass', 'w')), '80', OPEN)
// Every protocol, and ports.
for (const ports of ['80', '80/udp', '80/sctp'])
  check('a rule without ports', admin(10, 'u', both('Deny', 'w')), ports, OPEN, DENIED)
const sctp = ', ports: [{portNumber: {protocol: SCTP, port: 80}}]'
check('a rule for one port', admin(10, 'u', both('Deny', 'w', sctp)), '80/sctp', OPEN, DENIED)
check('a rule for one port: another', admin(10, 'u', both('Deny', 'w', sctp)), '81/sctp', OPEN)
check('a rule for one port: another protocol', admin(10, 'u', both('Deny', 'w', sctp)), '80', OPEN)
check('a named port', admin(10, 'u', both('Deny', 'w', ', ports: [{namedPort: serve-81-udp}]')), '81/udp', OPEN, DENIED)
// Ranges catch pods: single addresses before all, of either family.
const ranges = (few: string, all: string): string =>
  cluster(
    'Baseline',
    10,
    'u',
    `egress: [{action: Accept, to: [{networks: [${few}]}]}, ${rule('Accept', 'u', 'to')}, {action: Deny, to: [{networks: [${all}]}]}]`,
  )
for (const ports of ['80', '53/udp', '9003/sctp']) {
  check(
    'single addresses before all',
    ranges('10.1.0.4/32, 10.1.0.8/32', '0.0.0.0/0'),
    ports,
    OPEN,
    { 'u/*': '... .XX X.X' },
    { families: ['IPv4'] },
  )
  check(
    'single addresses before all',
    ranges('"fd00:1::4/128", "fd00:1::8/128"', '"::/0"'),
    ports,
    OPEN,
    { 'u/*': '... .XX X.X' },
    { families: ['IPv6'] },
  )
  check('the other family', ranges('10.1.0.4/32', '0.0.0.0/0'), ports, OPEN, {}, { families: ['IPv6'] })
}
