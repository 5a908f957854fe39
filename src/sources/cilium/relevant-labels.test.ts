import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tri } from '../../model/profile.ts'
import type { CiliumContext } from './context.ts'
import { isRelevant, isRelevantOfNodes } from './relevant-labels.ts'
import { CONTEXT, settings } from './testing/lowered.ts'

/** Keys by what becomes of them. */
const check = (
  values: Record<string, string> | null,
  expected: Readonly<Record<string, Tri>>,
  version: CiliumContext['version'] = [1, 18],
): void => {
  const context = { ...CONTEXT, ...(values === null ? { settings: null } : settings(values)), version }
  for (const [key, answer] of Object.entries(expected))
    assert.equal(isRelevant(key, context), answer, `${key} ${JSON.stringify(values)} ${version}`)
}

// Source of all: pkg/labelsfilter; docs.cilium.io, "Limiting Identity-Relevant Labels".
test('by default all labels count but what the platform itself sets', () => {
  check(
    {},
    {
      app: 'yes',
      'app.kubernetes.io/name': 'yes',
      'eks.amazonaws.com/nodegroup': 'yes',
      'node-role.kubernetes.io/control-plane': 'yes',
      'node.kubernetes.io/instance-type': 'yes',
      'cluster.x-k8s.io/pool': 'yes',
      'io.kubernetes.pod.namespace': 'yes',
      'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'yes',
      'io.kubernetes.other': 'no',
      'kubernetes.io/os': 'no',
      'kubernetes.io/hostname': 'no',
      'kubernetes.iox': 'no',
      kubernetesxio: 'yes',
      'beta.kubernetes.io/os': 'no',
      'failure-domain.beta.kubernetes.io/region': 'no',
      'k8s.io/cluster': 'no',
      'pod-template-hash': 'no',
      'annotation.x': 'no',
      etcd_node: 'no',
    },
  )
})

test('what the version decides is open where it is not known', () => {
  const own = { 'controller-uid': 'no', 'statefulset.kubernetes.io/pod-name': 'no' } as const
  check({}, { ...own, 'topology.kubernetes.io/zone': 'no' }, [1, 19])
  check({}, { ...own, 'topology.kubernetes.io/zone': 'no' }, [2, 0])
  // 1.18.7 has it and 1.18.6 has not.
  check({}, { ...own, 'topology.kubernetes.io/zone': 'unknown' }, [1, 18])
  check({}, { 'controller-uid': 'unknown', 'topology.kubernetes.io/zone': 'yes' }, [1, 15])
  check({}, { 'controller-uid': 'yes', 'topology.kubernetes.io/zone': 'yes' }, [1, 13])
  check({}, { 'controller-uid': 'unknown', 'topology.kubernetes.io/zone': 'unknown', app: 'yes' }, null)
})

test('settings that were not read leave open what the built-in list leaves out', () => {
  check(null, { app: 'yes', 'kubernetes.io/os': 'unknown' })
})

test('one label that is named limits all to what is named', () => {
  check(
    { labels: 'k8s:app k8s:team' },
    {
      app: 'yes',
      'app-of': 'yes',
      team: 'yes',
      env: 'no',
      'app.kubernetes.io/name': 'yes',
      'io.kubernetes.pod.namespace': 'yes',
      'io.cilium.k8s.policy.serviceaccount': 'yes',
      'io.cilium.k8s.policy.cluster': 'yes',
    },
  )
  check({ labels: 'k8s:app' }, { 'io.cilium.k8s.policy.serviceaccount': 'no' }, [1, 17])
  check({ labels: 'k8s:app' }, { 'io.cilium.k8s.policy.serviceaccount': 'unknown' }, null)
  // Of another source it names no label of Kubernetes, and limits them all the same.
  check({ labels: 'reserved:.*' }, { app: 'no' })
  check({ labels: '!k8s:app' }, { app: 'no' })
})

test('labels that are left out', () => {
  check({ labels: 'k8s:!job-name !stamp' }, { 'job-name': 'no', stamp: 'no', 'stamp-of': 'no', app: 'yes' })
})

test('the longest that includes against the shortest that leaves out', () => {
  check({ labels: 'kubernetes\\.io/os' }, { 'kubernetes.io/os': 'yes', 'kubernetes.io/arch': 'no' })
  check({ labels: '!app app\\.of' }, { 'app.of': 'yes', 'app.on': 'no' })
  check({ labels: '!a !app app' }, { app: 'yes' })
  // The whole key is left out, so nothing that is shorter brings it back.
  check({ labels: 'annotation\\.x' }, { 'annotation.x': 'no', 'annotation.xy': 'no' })
})

test('expressions', () => {
  check({ labels: '.*team' }, { 'my-team': 'yes', 'my-app': 'no' })
  check({ labels: '^app$' }, { app: 'yes', apps: 'no' })
  check({ labels: 'a.p' }, { app: 'yes', axp: 'yes', ap: 'no' })
  // More than these, or text that only some readers split.
  for (const labels of ['(app|team)', '[a-z]+', 'a,b', 'any:app', 'k8s:', '.*a.*b.*c', 'a{2}', '\\d'])
    check({ labels }, { app: 'unknown', 'kubernetes.io/os': 'unknown' })
  check({ 'label-prefix-file': '/etc/labels.json' }, { app: 'unknown' })
})

test('for toNodes there is a list of its own', () => {
  const of = (key: string, list: string): Tri =>
    isRelevantOfNodes(key, { ...CONTEXT, ...settings({ 'node-labels': list, labels: 'none' }) })
  assert.equal(of('kubernetes.io/os', ''), 'yes')
  assert.equal(of('kubernetes.io/os', '!kubernetes'), 'no')
  assert.equal(of('kubernetes.io/os', 'role'), 'no')
  assert.equal(of('role', 'node:role'), 'yes')
  assert.equal(of('role', 'k8s:role'), 'no')
  assert.equal(of('role', '(role)'), 'unknown')
})
