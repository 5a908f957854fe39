import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReachEntry, ReachResult, WorkloadReach } from '../model/reach.ts'
import { displayWidth } from './display-width.ts'
import { renderReachTable, trafficText } from './reach-table.ts'

const entry = (more: Partial<ReachEntry>): ReachEntry => ({
  to: { kind: 'addresses', zone: 'internet', ranges: ['1.0.0.0-9.255.255.255', '11.0.0.0-100.63.255.255'] },
  traffic: [{ protocol: 'TCP', ports: '443' }],
  verdict: 'allowed',
  enforcement: 'enforced',
  path: [],
  exit: { kind: 'unknown', id: null, sourceAddresses: [] },
  because: [
    {
      kind: 'rule',
      object: 'c/shop/NetworkPolicy/web',
      file: 'np.yaml',
      line: 12,
      rule: 'spec.egress[0]',
      says: 'egress rule allows',
    },
  ],
  unknowns: [],
  witness: null,
  ...more,
})

const result = (workload: Partial<WorkloadReach>): ReachResult => ({
  schema: 'postern.dev/reach/v1',
  workloads: [
    {
      id: 'c/shop/Deployment/web',
      variant: null,
      cluster: 'c',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      serviceAccount: 'default',
      class: 'x',
      hostNetwork: false,
      pods: 1,
      egress: [entry({})],
      relayed: [],
      ...workload,
    },
  ],
  coverage: {
    objects: 1,
    understood: 1,
    ignorable: 0,
    partly: 0,
    notImplemented: 0,
    unrecognised: 0,
    notes: [],
    gaps: [],
  },
  diagnostics: [],
})

const draw = (of: ReachResult, options: { readonly all?: boolean; readonly wide?: boolean } = {}): string =>
  [...renderReachTable(of, { width: 80, color: false, all: options.all ?? false, wide: options.wide ?? false })].join(
    '',
  )

test('a region is a line: verdict, where to, with what', () => {
  assert.match(draw(result({})), /allowed +internet 1\.0\.0\.0-9\.255\.255\.255/)
})

test('no line is wider than the terminal, whatever names say', () => {
  const hostile = 'x'.repeat(300)
  const drawn = draw(
    result({
      id: `c/shop/Deployment/${hostile}\u001b[2J`,
      egress: [entry({ to: { kind: 'names', patterns: [hostile] } })],
    }),
    { all: true, wide: true },
  )
  for (const line of drawn.split('\n')) assert.ok(displayWidth(line) <= 80, line)
  assert.ok(!drawn.includes('\u001b'))
})

test('reasons stand in the wide form, with their place', () => {
  const drawn = draw(result({}), { wide: true }).replace(/\s+/g, ' ')
  assert.ok(drawn.includes('spec.egress[0] of c/shop/NetworkPolicy/web (np.yaml:12): egress rule allows'))
})

test('a relay is named, and ways that nobody can tell of are counted', () => {
  const path = [{ hop: 'relay', id: 'c/edge/Deployment/squid', level: 'forwards' as const }]
  const relayed = [entry({ path }), entry({ path, verdict: 'unknown', enforcement: 'unknown' })]
  const drawn = draw(result({ relayed }))
  assert.ok(drawn.includes('through'))
  assert.match(drawn, /\+1 more \(--all lists them\)/)
  assert.ok(!draw(result({ relayed }), { all: true }).includes('more (--all'))
})

test('a workload from which nothing may leave says so', () => {
  assert.ok(draw(result({ egress: [] })).includes('nothing may leave'))
})

test('traffic in words', () => {
  const all = { ports: '1-65535' }
  const everything = [
    { protocol: 'TCP', ...all },
    { protocol: 'UDP', ...all },
    { protocol: 'SCTP', ...all },
    { protocol: 'ICMP', types: '*' },
    { protocol: 'ICMPv6', types: '*' },
    { protocol: 'OTHER' },
  ]
  assert.equal(trafficText(everything), 'everything')
  assert.equal(
    trafficText([
      { protocol: 'TCP', ports: '80,443' },
      { protocol: 'UDP', ...all },
    ]),
    'TCP 80,443; UDP all',
  )
})
