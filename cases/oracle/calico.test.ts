import { test } from 'node:test'
import { check, PLATFORM, SMALL } from './testing.ts'
import type { Json, Platform } from './types.ts'

type Fields = { readonly [key: string]: Json }

const CALICO: Platform = {
  ...PLATFORM,
  enforces: { kubernetes: true, policyApi: true, cilium: false, calico: true },
  blockMatchesPods: 'yes',
  blockMatchesNodes: 'yes',
}

const np = (id: string, spec: Fields, group = 'projectcalico.org/v3'): Json => {
  const [namespace = '', name = ''] = id.split('/')
  return { apiVersion: group, kind: 'NetworkPolicy', metadata: { namespace, name }, spec }
}
const global = (kind: string, name: string, spec: Fields, labels: Fields = {}): Json => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: { name, labels },
  spec,
})
const gnp = (name: string, spec: Fields): Json => global('GlobalNetworkPolicy', name, spec)
const tier = (name: string, order: number | null, defaultAction?: string): Json =>
  global('Tier', name, {
    ...(order === null ? {} : { order }),
    ...(defaultAction === undefined ? {} : { defaultAction }),
  })
const egress = (...rules: readonly Fields[]): Fields => ({ types: ['Egress'], egress: rules })
const to = (action: string, destination: Fields = {}, more: Fields = {}): Fields => ({ action, destination, ...more })
const ALL: Fields = { selector: 'all()' }
const kubernetes = (id: string, rules: readonly Json[]): Json => {
  const [namespace = '', name = ''] = id.split('/')
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: rules },
  }
}
const OUT = 'a/web > 192.0.2.1 tcp 443'

test('a policy that selects nothing changes nothing; the profile of the namespace allows', () => {
  check(SMALL, CALICO, { [OUT]: 'allowed' })
  check([...SMALL, np('a/p', { selector: "app == 'none'", ...egress(to('Deny')) })], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, np('b/p', { ...ALL, ...egress(to('Deny')) })], CALICO, { [OUT]: 'allowed' })
})

test('a tier with a policy about the pod denies what no rule decides', () => {
  const some = egress(to('Allow', { nets: ['192.0.2.0/24'] }))
  check([...SMALL, np('a/p', { ...ALL, ...some })], CALICO, {
    [OUT]: 'allowed',
    'a/web > 198.51.100.1 tcp 443': 'denied',
    // Only egress.
    'b/web > a/web tcp 443': 'allowed',
  })
  check([...SMALL, np('a/p', some)], CALICO, { 'a/web > 198.51.100.1 tcp 443': 'denied' })
  // Stored by the cluster, the same.
  check([...SMALL, np('a/default.p', { ...ALL, ...some }, 'crd.projectcalico.org/v1')], CALICO, {
    'a/web > 198.51.100.1 tcp 443': 'denied',
  })
})

test('a platform that does not enforce them', () => {
  check([...SMALL, np('a/p', { ...ALL, ...egress() })], PLATFORM, { [OUT]: 'allowed' })
})

test('without types: what there are rules for, and ingress where there are none', () => {
  check([...SMALL, np('a/p', { ...ALL, egress: [to('Deny')] })], CALICO, {
    [OUT]: 'denied',
    'b/web > a/web tcp 1': 'allowed',
  })
  check([...SMALL, np('a/p', ALL)], CALICO, { [OUT]: 'allowed', 'b/web > a/web tcp 1': 'denied' })
  check([...SMALL, np('a/p', { ...ALL, ingress: [{ action: 'Allow' }], egress: [to('Deny')] })], CALICO, {
    [OUT]: 'denied',
    'b/web > a/web tcp 1': 'allowed',
  })
  // Stored without them, past the API that fills them in: both.
  check([...SMALL, np('a/p', { ...ALL, egress: [to('Allow')] }, 'crd.projectcalico.org/v1')], CALICO, {
    [OUT]: 'allowed',
    'b/web > a/web tcp 1': 'denied',
  })
})

test('lower orders first, none last', () => {
  const deny = (order?: number): Json =>
    gnp('z', { ...ALL, ...(order === undefined ? {} : { order }), ...egress(to('Deny')) })
  const allow = (order?: number): Json =>
    gnp('a', { ...ALL, ...(order === undefined ? {} : { order }), ...egress(to('Allow')) })
  check([...SMALL, deny(1), allow(2)], CALICO, { [OUT]: 'denied' })
  check([...SMALL, deny(2), allow(1.5)], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, deny(5), allow()], CALICO, { [OUT]: 'denied' })
  check([...SMALL, deny(-1), allow(0)], CALICO, { [OUT]: 'denied' })
  // Equal: by name.
  check([...SMALL, deny(), allow()], CALICO, { [OUT]: 'allowed' })
})

test('equal orders are decided by name, which versions of the agent write differently', () => {
  // `a/default.z` before `default.b` up to 3.31; `b//…` before `z/a/…` from 3.32 on.
  check(
    [
      ...SMALL,
      np('a/z', { ...ALL, order: 1, ...egress(to('Deny')) }),
      gnp('b', { ...ALL, order: 1, ...egress(to('Allow', { nets: ['192.0.2.0/24'] })) }),
    ],
    CALICO,
    { [OUT]: 'unknown', 'a/web > 198.51.100.1 tcp 1': 'denied' },
  )
  // A longer name that starts with the shorter: `default.a` before `default.a-b`, but `a-b//…` before `a//…`.
  check(
    [...SMALL, gnp('a', { ...ALL, ...egress(to('Deny')) }), gnp('a-b', { ...ALL, ...egress(to('Allow')) })],
    CALICO,
    {
      [OUT]: 'unknown',
    },
  )
})

test('NetworkPolicy stands at 1000 in the default tier', () => {
  const none = kubernetes('a/np', [])
  const every = kubernetes('a/np', [{}])
  check([...SMALL, none, gnp('p', { ...ALL, order: 999, ...egress(to('Allow')) })], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, every, gnp('p', { ...ALL, order: 1001, ...egress(to('Deny')) })], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, every, gnp('p', { ...ALL, order: 999, ...egress(to('Deny')) })], CALICO, { [OUT]: 'denied' })
  // It allows and never denies: what it does not allow, a later policy may.
  check([...SMALL, none, gnp('p', { ...ALL, order: 1001, ...egress(to('Allow')) })], CALICO, { [OUT]: 'allowed' })
})

test('Log goes on; Pass leaves the tier, and from the last one meets the profile', () => {
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Log'), to('Deny')) })], CALICO, { [OUT]: 'denied' })
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Pass'), to('Deny')) })], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, gnp('p', { ...ALL, order: 1, ...egress(to('Pass')) }), kubernetes('a/np', [])], CALICO, {
    [OUT]: 'allowed',
  })
})

test('tiers by order; the end of a tier', () => {
  const inTier = (name: string, ...rules: readonly Fields[]): Json =>
    gnp(`${name}.p`, { ...ALL, tier: name, ...egress(...rules) })
  const allow = kubernetes('a/np', [{}])
  const deny = kubernetes('a/np', [])
  check([...SMALL, tier('t', 5), inTier('t', to('Pass')), allow], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, tier('t', 5), inTier('t', to('Pass')), deny], CALICO, { [OUT]: 'denied' })
  check([...SMALL, tier('t', 5), inTier('t'), allow], CALICO, { [OUT]: 'denied' })
  check([...SMALL, tier('t', 5, 'Pass'), inTier('t'), allow], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, tier('t', 2_000_000), inTier('t', to('Deny')), allow], CALICO, { [OUT]: 'allowed' })
  // Without an order: up to 3.29 last; from then on beside the default tier, `a` before it and `z` after it.
  check([...SMALL, tier('a', null), inTier('a', to('Deny')), allow], CALICO, { [OUT]: 'unknown' })
  check([...SMALL, tier('z', null), inTier('z', to('Deny')), allow], CALICO, { [OUT]: 'allowed' })
})

test('a tier that no document shows', () => {
  const lost = (...rules: readonly Fields[]): Json => gnp('t.p', { ...ALL, tier: 't', ...egress(...rules) })
  check([...SMALL, lost(to('Deny'))], CALICO, { [OUT]: 'denied' })
  check([...SMALL, lost()], CALICO, { [OUT]: 'unknown' })
  check([...SMALL, lost(to('Deny')), kubernetes('a/np', [{}])], CALICO, { [OUT]: 'unknown' })
})

test('policies of the policy API stand in tiers of their own, which pass', () => {
  const admin = (...rules: readonly Json[]): Json => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'admin' },
    spec: { priority: 1, subject: { namespaces: {} }, egress: rules },
  })
  const baseline: Json = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'baseline' },
    spec: {
      tier: 'Baseline',
      priority: 1,
      subject: { namespaces: {} },
      egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }],
    },
  }
  const allow = { action: 'Allow', to: [{ networks: ['192.0.2.0/24'] }] }
  check([...SMALL, admin(allow), kubernetes('a/np', [])], CALICO, {
    [OUT]: 'allowed',
    'a/web > 198.51.100.1 tcp 1': 'denied',
  })
  const before = gnp('t.p', { ...ALL, tier: 't', ...egress(to('Deny')) })
  check([...SMALL, admin(allow), tier('t', 999), before], CALICO, { [OUT]: 'denied' })
  check([...SMALL, admin(allow), tier('t', 1001), before], CALICO, { [OUT]: 'allowed' })
  // Nothing applies in between: the baseline decides. Where a default-tier policy passes, it does, too.
  check([...SMALL, baseline], CALICO, { [OUT]: 'denied' })
  check([...SMALL, baseline, gnp('p', { ...ALL, ...egress(to('Pass')) })], CALICO, { [OUT]: 'denied' })
  check([...SMALL, baseline, kubernetes('a/np', [{}])], CALICO, { [OUT]: 'allowed' })
  const after = gnp('t.p', { ...ALL, tier: 't', ...egress(to('Allow')) })
  check([...SMALL, baseline, tier('t', 9_999_999), after], CALICO, { [OUT]: 'allowed' })
  check([...SMALL, baseline, tier('t', 10_000_001), after], CALICO, { [OUT]: 'denied' })
})

test('staged policies, and those for hosts, do nothing', () => {
  for (const kind of ['StagedGlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedKubernetesNetworkPolicy'])
    check([...SMALL, global(kind, 'p', { ...ALL, ...egress(to('Deny')) })], CALICO, { [OUT]: 'allowed' })
  for (const field of ['doNotTrack', 'preDNAT'])
    check([...SMALL, gnp('p', { ...ALL, [field]: true, applyOnForward: true, ...egress(to('Deny')) })], CALICO, {
      [OUT]: 'allowed',
    })
  check([...SMALL, gnp('p', { ...ALL, applyOnForward: true, ...egress(to('Deny')) })], CALICO, { [OUT]: 'denied' })
})

test('whom a policy selects', () => {
  const deny = egress(to('Deny'))
  check([...SMALL, gnp('p', { namespaceSelector: "team == 'x'", ...deny })], CALICO, {
    [OUT]: 'denied',
    'b/web > 192.0.2.1 tcp 443': 'allowed',
  })
  check([...SMALL, gnp('p', { namespaceSelector: "projectcalico.org/name == 'b'", ...deny })], CALICO, {
    [OUT]: 'allowed',
    'b/web > 192.0.2.1 tcp 443': 'denied',
  })
  check([...SMALL, gnp('p', { selector: "projectcalico.org/namespace == 'b'", ...deny })], CALICO, {
    [OUT]: 'allowed',
    'b/web > 192.0.2.1 tcp 443': 'denied',
  })
  check(
    [...SMALL, np('a/p', { selector: 'all()', serviceAccountSelector: "projectcalico.org/name == 'robot'", ...deny })],
    CALICO,
    {
      [OUT]: 'allowed',
    },
  )
  check([...SMALL, np('a/p', { selector: "app = 'web'", ...deny })], CALICO, { [OUT]: 'unknown' })
  // Pods on the network of their node are not endpoints.
  check([...SMALL, gnp('p', { ...ALL, ...deny })], CALICO, { 'b/agent > 192.0.2.1 tcp 443': 'allowed' })
})

test('protocols, messages and families', () => {
  const rule = (more: Fields): Json => gnp('p', { ...ALL, ...egress({ action: 'Deny', ...more }, to('Allow')) })
  check([...SMALL, rule({ protocol: 'TCP' })], CALICO, { [OUT]: 'denied', 'a/web > 192.0.2.1 udp 443': 'allowed' })
  check([...SMALL, rule({ protocol: 47 })], CALICO, { [OUT]: 'allowed', 'a/web > 192.0.2.1 gre': 'denied' })
  check([...SMALL, rule({ notProtocol: 'TCP' })], CALICO, { [OUT]: 'allowed', 'a/web > 192.0.2.1 gre': 'denied' })
  check([...SMALL, rule({ protocol: 'ICMP', icmp: { type: 8 } })], CALICO, {
    'a/web > 192.0.2.1 icmp 8': 'denied',
    'a/web > 192.0.2.1 icmp 3': 'allowed',
  })
  check([...SMALL, rule({ protocol: 'ICMP', notICMP: { type: 8, code: 0 } })], CALICO, {
    'a/web > 192.0.2.1 icmp 8': 'allowed',
    'a/web > 192.0.2.1 icmp 3': 'denied',
    [OUT]: 'allowed',
  })
  check([...SMALL, rule({ ipVersion: 6 })], CALICO, { [OUT]: 'allowed', 'a/db > 2001:db8::1 tcp 1': 'denied' })
})

test('ports: numbers, ranges, names, and their opposite', () => {
  const rule = (destination: Fields): Json =>
    np('a/p', { ...ALL, ...egress({ action: 'Allow', protocol: 'TCP', destination }) })
  check([...SMALL, rule({ ports: [443, '80:90'] })], CALICO, {
    [OUT]: 'allowed',
    'a/web > 192.0.2.1 tcp 90': 'allowed',
    'a/web > 192.0.2.1 tcp 91': 'denied',
    'a/web > 192.0.2.1 udp 443': 'denied',
  })
  // `http` is 8080 on a/web, 80 on a/db, UDP 53 on b/web.
  check([...SMALL, rule({ ports: ['http'] })], CALICO, {
    'a/web > a/db tcp 80': 'allowed',
    'a/web > a/db tcp 8080': 'denied',
    'a/web > b/web tcp 53': 'denied',
    'a/web > 192.0.2.1 tcp 80': 'denied',
  })
  check([...SMALL, rule({ notPorts: ['http', 443] })], CALICO, {
    'a/web > a/db tcp 80': 'denied',
    'a/web > a/db tcp 443': 'denied',
    'a/web > a/db tcp 81': 'allowed',
    'a/web > 192.0.2.1 tcp 80': 'allowed',
  })
  check(
    [...SMALL, np('a/p', { ...ALL, ...egress({ action: 'Allow', protocol: 'TCP', source: { ports: [1] } }) })],
    CALICO,
    {
      [OUT]: 'unknown',
      'a/web > 192.0.2.1 udp 443': 'denied',
    },
  )
})

test('nets mean whoever has the address', () => {
  const deny = (destination: Fields): Json => gnp('p', { ...ALL, ...egress(to('Deny', destination), to('Allow')) })
  check([...SMALL, deny({ nets: ['10.0.0.2/32', '192.168.0.0/16'] })], CALICO, {
    'a/web > a/db tcp 1': 'denied',
    'a/web > b/web tcp 1': 'allowed',
    'a/web > n2 tcp 1': 'denied',
    [OUT]: 'allowed',
  })
  check([...SMALL, deny({ nets: ['10.0.0.0/8'], notNets: ['10.0.0.2/32'] })], CALICO, {
    'a/web > a/db tcp 1': 'allowed',
    'a/web > b/web tcp 1': 'denied',
  })
  // Nets of the other family only: the rule is not there, also where they are left out.
  check([...SMALL, deny({ notNets: ['10.0.0.0/8'] })], CALICO, {
    [OUT]: 'denied',
    'a/db > 2001:db8::1 tcp 1': 'allowed',
  })
})

test('selectors mean endpoints of every namespace in a global policy, of its own in another', () => {
  const rule = (destination: Fields): Fields => ({ ...ALL, ...egress(to('Allow', destination)) })
  const db: Fields = { selector: "app == 'db'" }
  check([...SMALL, gnp('p', rule(db))], CALICO, {
    'a/web > a/db tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'allowed',
    'a/web > b/web tcp 1': 'denied',
    [OUT]: 'denied',
  })
  check([...SMALL, np('a/p', rule(db))], CALICO, { 'a/web > a/db tcp 1': 'allowed', 'a/web > b/db tcp 1': 'denied' })
  check([...SMALL, np('a/p', rule({ ...db, namespaceSelector: "team == 'y'" }))], CALICO, {
    'a/web > a/db tcp 1': 'denied',
    'a/web > b/db tcp 1': 'allowed',
  })
  check([...SMALL, np('a/p', rule({ namespaceSelector: 'all()' }))], CALICO, {
    'a/web > b/web tcp 1': 'allowed',
    'a/web > n2 tcp 1': 'denied',
    [OUT]: 'denied',
  })
  check([...SMALL, np('a/p', rule({ serviceAccounts: { names: ['default'] } }))], CALICO, {
    'a/web > a/db tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'denied',
  })
})

test('notSelector leaves outsiders in a global policy; in another it stays in the namespace', () => {
  const rule: Fields = { ...ALL, ...egress(to('Allow', { notSelector: "app == 'db'" })) }
  check([...SMALL, gnp('p', rule)], CALICO, {
    [OUT]: 'allowed',
    'a/web > n2 tcp 1': 'allowed',
    'a/web > b/web tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'denied',
  })
  check([...SMALL, np('a/p', rule)], CALICO, {
    [OUT]: 'denied',
    'a/web > b/web tcp 1': 'denied',
    'a/web > a/db tcp 1': 'denied',
    'a/db > a/web tcp 1': 'allowed',
  })
})

test('network sets: their nets, by their labels and namespace', () => {
  const sets: readonly Json[] = [
    global('GlobalNetworkSet', 'partners', { nets: ['192.0.2.0/24', '10.0.0.3'] }, { kind: 'partner' }),
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkSet',
      metadata: { namespace: 'b', name: 'own', labels: { kind: 'partner' } },
      spec: { nets: ['198.51.100.0/24'] },
    },
  ]
  const rule = (destination: Fields): Fields => ({ ...ALL, ...egress(to('Allow', destination)) })
  const partner: Fields = { selector: "kind == 'partner'" }
  const own = 'a/web > 198.51.100.1 tcp 1'
  check([...SMALL, ...sets, gnp('p', rule(partner))], CALICO, {
    [OUT]: 'allowed',
    [own]: 'allowed',
    // b/web has the address.
    'a/web > b/web tcp 1': 'allowed',
    'a/web > b/db tcp 1': 'denied',
  })
  check([...SMALL, ...sets, np('a/p', rule(partner))], CALICO, { [OUT]: 'denied', [own]: 'denied' })
  check([...SMALL, ...sets, np('a/p', rule({ ...partner, namespaceSelector: 'global()' }))], CALICO, {
    [OUT]: 'allowed',
    [own]: 'denied',
  })
  check([...SMALL, ...sets, np('a/p', rule({ ...partner, namespaceSelector: "team == 'y'" }))], CALICO, {
    [OUT]: 'denied',
    [own]: 'allowed',
  })
  // A global set has no namespace, and so none whose team is x.
  check([...SMALL, ...sets, np('a/p', rule({ namespaceSelector: "team != 'y'" }))], CALICO, {
    [OUT]: 'allowed',
    [own]: 'denied',
    'a/web > a/db tcp 1': 'allowed',
  })
})

test('a rule may say what its own end must be', () => {
  const rule = (source: Fields): Json => gnp('p', { ...ALL, ...egress({ action: 'Deny', source }, to('Allow')) })
  check([...SMALL, rule({ selector: "app == 'db'" })], CALICO, {
    [OUT]: 'allowed',
    'a/db > 192.0.2.1 tcp 443': 'denied',
  })
  check([...SMALL, rule({ nets: ['10.0.0.0/31'] })], CALICO, { [OUT]: 'denied', 'a/db > 192.0.2.1 tcp 443': 'allowed' })
  const inward = np('a/p', {
    ...ALL,
    types: ['Ingress'],
    ingress: [{ action: 'Allow', source: { selector: 'all()' }, destination: { selector: "app == 'db'" } }],
  })
  check([...SMALL, inward], CALICO, { 'a/web > a/db tcp 1': 'allowed', 'a/db > a/web tcp 1': 'denied' })
})

test('what isolation leaves out, and what no one knows', () => {
  const platform: Platform = { ...CALICO, isolation: { sctp: 'unknown', icmp: 'unknown', others: 'unknown' } }
  check([...SMALL, gnp('p', { ...ALL, ...egress() })], platform, {
    [OUT]: 'denied',
    'a/web > 192.0.2.1 gre': 'unknown',
  })
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Deny')) })], platform, { 'a/web > 192.0.2.1 gre': 'denied' })
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Deny', { nets: ['010.0.0.0/8'] }), to('Allow')) })], CALICO, {
    [OUT]: 'unknown',
  })
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Maybe'), to('Allow')) })], CALICO, { [OUT]: 'unknown' })
})

test('a policy that the API may refuse may not be there, whatever else it says', () => {
  const refused: readonly Fields[] = [
    to('Log', { nets: ['010.0.0.0/8'] }),
    to('Allow', { nets: ['10.0.0.1'] }),
    to('Allow', { nets: ['10.0.0.0/8', '2001:db8::/32'] }),
    to('Allow', { nets: ['10.0.0.0/8'] }, { ipVersion: 6 }),
    to('Allow', { notNets: ['0.0.0.0/0'] }),
    to('Allow', { ports: [2] }),
    to('Allow', { ports: ['90:80'] }, { protocol: 'TCP' }),
    to('Allow', { selector: 'global()' }),
    to('Allow', { namespaceSelector: "global() || team == 'x'" }),
    to('Log', {}, { http: {} }),
    to('Allow', { selector: 'app = web' }),
    to('Log', {}, { icmp: { type: 8 } }),
    to('Log', {}, { protocol: 'ICMP', icmp: { code: 0 } }),
    to('Log', {}, { protocol: 'Tcp' }),
    to('Log', {}, { ipVersion: 5 }),
  ]
  for (const rule of refused) {
    check([...SMALL, gnp('p', { ...ALL, ...egress(rule) })], CALICO, { 'a/web > 198.51.100.1 udp 1': 'unknown' })
    // Also where the text stands in the part that is not in force.
    check([...SMALL, gnp('p', { ...ALL, types: ['Egress'], ingress: [rule] })], CALICO, { [OUT]: 'unknown' })
  }
  check([...SMALL, gnp('p', { ...ALL, types: ['egress'] })], CALICO, { [OUT]: 'unknown' })
  check([...SMALL, gnp('p', { ...ALL, ...egress(to('Allow', {}, { protocol: '6' })) })], CALICO, {
    [OUT]: 'allowed',
    'a/web > 192.0.2.1 udp 1': 'denied',
  })
})
