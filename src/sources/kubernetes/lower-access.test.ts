import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoleBinding } from '../../model/access.ts'
import { clusterOf } from './testing/estate-of.ts'

const api = 'apiVersion: rbac.authorization.k8s.io/v1\n'
const binding = (kind: string, roleKind: string, subjects: string): string =>
  `${api}kind: ${kind}\nmetadata: {name: b, namespace: ns}\nroleRef: {kind: ${roleKind}, name: r}\nsubjects: ${subjects}\n---\n`
const role = (
  kind: string,
  more = 'rules: [{apiGroups: [""], resources: [pods], verbs: [create]}]',
  namespace = 'ns',
): string => `${api}kind: ${kind}\nmetadata: {name: r, namespace: ${namespace}}\n${more}\n`

const bindingOf = (yaml: string): RoleBinding => {
  const [found] = clusterOf(yaml).bindings
  assert.ok(found)
  return found
}

test('a RoleBinding grants in its namespace, whichever role it names', () => {
  for (const kind of ['Role', 'ClusterRole']) {
    const { namespace, rules } = bindingOf(binding('RoleBinding', kind, '[]') + role(kind))
    assert.equal(namespace, 'ns')
    assert.deepEqual(rules?.[0]?.verbs, ['create'])
  }
})

test('a ClusterRoleBinding grants everywhere', () =>
  assert.equal(bindingOf(binding('ClusterRoleBinding', 'ClusterRole', '[]') + role('ClusterRole')).namespace, null))

test('a role that was not read grants nobody knows what', () => {
  assert.equal(bindingOf(binding('RoleBinding', 'Role', '[]')).rules, null)
  assert.equal(bindingOf(binding('RoleBinding', 'Role', '[]') + role('Role', undefined, 'other')).rules, null)
  assert.equal(bindingOf(binding('RoleBinding', 'ClusterRole', '[]') + role('Role')).rules, null)
})

test('an aggregated role as written is unknown, as the cluster filled it in it is known', () => {
  const aggregated = 'aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n'
  assert.equal(
    bindingOf(binding('ClusterRoleBinding', 'ClusterRole', '[]') + role('ClusterRole', `${aggregated}rules: []`)).rules,
    null,
  )
  assert.equal(
    bindingOf(
      binding('ClusterRoleBinding', 'ClusterRole', '[]') + role('ClusterRole', `${aggregated}rules: [{verbs: [get]}]`),
    ).rules?.length,
    1,
  )
  assert.deepEqual(
    bindingOf(binding('ClusterRoleBinding', 'ClusterRole', '[]') + role('ClusterRole', 'rules: []')).rules,
    [],
  )
})

test('an aggregated role as written has the rules of the roles that it selects, also of aggregated ones', () => {
  const part = (name: string, labels: string, more: string): string =>
    `---\n${api}kind: ClusterRole\nmetadata: {name: ${name}, labels: {${labels}}}\n${more}\n`
  const rules = (verb: string): string => `rules: [{apiGroups: [""], resources: [pods], verbs: [${verb}]}]`
  const selects = (label: string): string =>
    `aggregationRule: {clusterRoleSelectors: [{matchLabels: {${label}: yes-it-is}}]}`
  const { rules: found } = bindingOf(
    binding('ClusterRoleBinding', 'ClusterRole', '[]') +
      role('ClusterRole', selects('a')) +
      part('one', 'a: yes-it-is', rules('get')) +
      part('two', 'a: yes-it-is, b: yes-it-is', selects('b')) +
      part('three', 'b: yes-it-is', rules('create')) +
      part('four', 'c: yes-it-is', rules('delete')),
  )
  assert.deepEqual(found?.flatMap(({ verbs }) => verbs).toSorted(), ['create', 'get'])
})

test('documents for one role that differ: it grants what any of them does', () => {
  const { rules } = bindingOf(
    `${binding('RoleBinding', 'Role', '[]')}${role('Role')}---\n${role('Role', 'rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]')}`,
  )
  assert.deepEqual(rules?.flatMap(({ verbs }) => verbs).toSorted(), ['create', 'get'])
})

test('subjects: an account without a namespace is in the binding’s', () => {
  const { subjects } = bindingOf(
    binding(
      'RoleBinding',
      'Role',
      '[{kind: ServiceAccount, name: a}, {kind: ServiceAccount, name: b, namespace: other}, {kind: User, name: u}, {kind: Group, name: "system:masters"}, {kind: Robot, name: x}, {kind: User}]',
    ),
  )
  assert.deepEqual(subjects, [
    { kind: 'ServiceAccount', name: 'a', namespace: 'ns' },
    { kind: 'ServiceAccount', name: 'b', namespace: 'other' },
    { kind: 'User', name: 'u', namespace: null },
    { kind: 'Group', name: 'system:masters', namespace: null },
  ])
})
