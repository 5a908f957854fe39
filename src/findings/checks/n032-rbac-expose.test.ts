import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantsOf } from '../../inventory/access.ts'
import { clusterOf } from '../../sources/kubernetes/testing/estate-of.ts'
import type { ClusterView } from '../check.ts'
import { rbacExpose } from './n032-rbac-expose.ts'

const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1\n'
const ACCESS = `${RBAC}kind: ClusterRole
metadata: {name: services}
rules: [{apiGroups: [""], resources: [services], verbs: [create]}]
---
${RBAC}kind: ClusterRoleBinding
metadata: {name: developers}
roleRef: {kind: ClusterRole, name: services}
subjects: [{kind: Group, name: developers}]
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`
const block = (kind: string, match = ''): string =>
  `---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata: {name: g}\nspec: {match: {${match}}}\n`

/** Severities of what is found; null: the check's own. */
const check = (admission: string, expected: readonly (string | null)[]): void => {
  const cluster = clusterOf(ACCESS + admission)
  const view = { cluster, grants: grantsOf(cluster) } as unknown as ClusterView
  assert.deepEqual(
    [...rbacExpose.run(view)].map(({ severity }) => severity),
    expected,
  )
}

test('silent only where all three ways in are denied in every namespace', () => {
  const two = block('K8sBlockNodePort') + block('K8sBlockLoadBalancer')
  check('', [null])
  check(two, [null])
  check(two + block('K8sExternalIPs'), [])
  check(two + block('K8sExternalIPs', 'excludedNamespaces: [shop]'), [null])
  check(two + block('K8sExternalIPs', 'kinds: [{apiGroups: [""], kinds: [Pod]}]'), [null])
})

test('what may be denied is told at a lower severity', () =>
  check(block('K8sBlockNodePort') + block('K8sBlockLoadBalancer') + block('NoExternalIPs'), ['low']))
