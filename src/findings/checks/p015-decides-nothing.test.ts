import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estateOf } from '../../sources/kubernetes/testing/estate-of.ts'
import { findIn } from '../run.ts'

/** More rules decide a region together than a reason would list: each of them still decides. */
test('a rule among many that allow the same is not idle', () => {
  const rules = Array.from({ length: 30 }, () => "{action: Allow, to: [{networks: ['198.51.100.0/24']}]}")
  const estate = estateOf({
    'x.yaml': `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: partners}
spec: {priority: 5, subject: {namespaces: {}}, egress: [${rules.join(', ')}]}
`,
  })
  const { result } = findIn(estate, { now: '2026-11-20', baseline: new Set(), lineOf: () => null })
  assert.deepEqual(
    result.findings.filter(({ id }) => id === 'PST-P015'),
    [],
  )
})
