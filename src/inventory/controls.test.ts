import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../model/cluster.ts'
import type { Policy, PolicySpec } from '../model/policy.ts'
import type { Workload } from '../model/workload.ts'
import { egressClosed } from './controls.ts'

const cluster = { namespaces: new Map() } as unknown as Cluster
const workload = (hostNetwork = false): Workload =>
  ({ namespace: 'shop', shape: { hostNetwork, labels: new Map(), serviceAccount: 'default' } }) as unknown as Workload

const policy = (
  dialect: Policy['dialect'],
  spec: Partial<PolicySpec>,
  selects: boolean | 'unknown' = true,
  inert: string | null = null,
): Policy =>
  ({
    dialect,
    inert,
    specs: [
      {
        subject: { text: '', podLabelsOnly: false, matches: () => selects },
        isolatesEgress: false,
        isolatesIngress: false,
        allowsAllEgress: null,
        opensEverything: false,
        selectsNodes: false,
        ...spec,
      },
    ],
  }) as unknown as Policy

const check = (policies: readonly Policy[], expected: boolean | 'unknown', hostNetwork = false): void =>
  assert.equal(egressClosed(cluster, workload(hostNetwork), policies), expected)

test('a pod is closed when a policy that isolates selects it', () => {
  check([], false)
  check([policy('kubernetes', { isolatesEgress: true })], true)
  check([policy('kubernetes', { isolatesEgress: true }, false)], false)
  check([policy('kubernetes', { isolatesEgress: false })], false)
})

test('no pod policy holds for a pod on the host network', () => {
  check([policy('kubernetes', { isolatesEgress: true })], false, true)
})

test('policies that add up: an allow of everything opens what the others close', () => {
  check(
    [
      policy('kubernetes', { isolatesEgress: true }),
      policy('kubernetes', { isolatesEgress: true, allowsAllEgress: 0 }),
    ],
    false,
  )
  check(
    [
      policy('cilium', { isolatesEgress: true }),
      policy('cilium', { isolatesEgress: true, allowsAllEgress: 0, opensEverything: true }),
    ],
    false,
  )
})

test('policies in an order: whether the allow comes first is unknown', () => {
  check([policy('calico', { isolatesEgress: true }), policy('calico', { allowsAllEgress: 0 })], 'unknown')
  // On one port only, the rest stays closed.
  check([policy('calico', { isolatesEgress: true }), policy('calico', { opensEverything: true })], true)
})

test('what cannot be read is unknown, what does nothing is nothing', () => {
  check([policy('calico', { isolatesEgress: true }, 'unknown')], 'unknown')
  check([policy('calico', { isolatesEgress: true }, true, 'staged')], false)
  check([policy('calico', { isolatesEgress: true }), policy('calico', { isolatesEgress: true }, 'unknown')], true)
})
