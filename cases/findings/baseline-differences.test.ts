import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scan } from '../../src/app/scan.ts'
import { loadedClusters } from '../reach/clusters.ts'

// A policy that every cluster of an environment must have, and that is not the same in each of them.

const ENVIRONMENT = `
apiVersion: postern.dev/v1alpha1
kind: Environment
metadata: {name: production}
spec:
  clusters: ["prod-*"]
  owner: team-platform
  baseline: {policies: [{kind: NetworkPolicy, name: baseline, namespaces: [shop]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`
const policy = (egress: string, podSelector = '{}'): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: baseline, namespace: shop}
spec: {podSelector: ${podSelector}, policyTypes: [Egress], egress: ${egress}}
`
const DNS = '{ports: [{protocol: UDP, port: 53}]}'
const WEB = '{ports: [{port: 443}]}'

const findingsIn = (clusters: Readonly<Record<string, string>>) =>
  scan(loadedClusters(Object.fromEntries(Object.entries(clusters).map(([name, yaml]) => [name, ENVIRONMENT + yaml]))), {
    now: '2026-06-01T12:00:00Z',
    baseline: new Set(),
  }).findings.findings.filter(({ id }) => id === 'PST-I023')

describe('a policy of the baseline', () => {
  test('is one thing in two clusters and another in the third, with the rule that makes the difference', () => {
    const findings = findingsIn({
      'prod-a': policy(`[${DNS}]`),
      'prod-b': policy(`[${DNS}]`),
      'prod-c': policy(`[${DNS}, ${WEB}]`),
    })
    assert.deepEqual(
      findings.map(({ cluster, why, owner }) => [cluster, why, owner]),
      [
        [
          'prod-c',
          '`shop/NetworkPolicy/baseline` says something else here than in other clusters of the environment',
          'team-platform',
        ],
      ],
    )
    assert.match(
      findings[0]?.remedy ?? '',
      /^take `spec\.egress\[1\]` out, or take it out of Environment `production`$/,
    )
  })
  test('lacks a rule that the others have', () => {
    const [finding, ...more] = findingsIn({
      'prod-a': policy(`[${WEB}, ${DNS}]`),
      'prod-b': policy(`[${DNS}]`),
      'prod-c': policy(`[${DNS}, ${WEB}]`),
    })
    assert.equal(more.length, 0)
    assert.equal(finding?.cluster, 'prod-b')
    assert.match(finding.remedy, /^bring `spec\.egress\[\d\]` of `prod-[ac]\/shop\/NetworkPolicy\/baseline`/)
  })
  test('selects others', () => {
    const findings = findingsIn({
      'prod-a': policy(`[${DNS}]`),
      'prod-b': policy(`[${DNS}]`, '{matchLabels: {app: web}}'),
    })
    // Of two nobody can tell which is meant.
    assert.deepEqual(findings.map(({ cluster }) => cluster).sort(), ['prod-a', 'prod-b'])
    for (const { remedy } of findings) assert.match(remedy, /^align whom it selects with `prod-[ab]\//)
  })
  test('is the same with its peers in another order, and with a rule for each of them', () => {
    const [one, two] = ['{ipBlock: {cidr: 10.1.0.0/16}}', '{ipBlock: {cidr: 10.2.0.0/16}}']
    const port = 'ports: [{port: 443}]'
    assert.deepEqual(
      findingsIn({
        'prod-a': policy(`[{to: [${one}, ${two}], ${port}}]`),
        'prod-b': policy(`[{to: [${two}, ${one}], ${port}}]`),
        'prod-c': policy(`[{to: [${two}], ${port}}, {to: [${one}], ${port}}]`),
      }),
      [],
    )
  })
  test('has one peer less, which is told of the rule', () => {
    const [one, two] = ['{ipBlock: {cidr: 10.1.0.0/16}}', '{ipBlock: {cidr: 10.2.0.0/16}}']
    const whole = policy(`[{to: [${one}, ${two}]}]`)
    const findings = findingsIn({ 'prod-a': whole, 'prod-b': whole, 'prod-c': policy(`[{to: [${two}]}]`) })
    assert.deepEqual(
      findings.map(({ cluster }) => cluster),
      ['prod-c'],
    )
  })
  test('is asked by nobody where the environment cannot be read: a misspelt `namespaces` would ask for it anywhere', () => {
    const misspelt = (yaml: string): string => yaml.replace('namespaces: [shop]', 'namespace: [shop]')
    assert.deepEqual(
      scan(loadedClusters({ 'prod-a': misspelt(ENVIRONMENT) }), {
        now: '2026-06-01T12:00:00Z',
        baseline: new Set(),
      }).findings.findings.filter(({ id }) => id === 'PST-I023'),
      [],
    )
  })
  test('is the same in another order, in another cluster that is not asked, and alone', () => {
    assert.deepEqual(findingsIn({ 'prod-a': policy(`[${WEB}, ${DNS}]`), 'prod-b': policy(`[${DNS}, ${WEB}]`) }), [])
    assert.deepEqual(findingsIn({ 'prod-a': policy(`[${WEB}]`), test: policy(`[${DNS}]`) }), [])
    assert.deepEqual(findingsIn({ 'prod-a': policy(`[${WEB}]`) }), [])
  })
})
