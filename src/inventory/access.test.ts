import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccessRule, Subject } from '../model/access.ts'
import type { Cluster } from '../model/cluster.ts'
import { abilityText, grantsOf } from './access.ts'

const alice: Subject = { kind: 'User', name: 'alice', namespace: null }
const rule = (more: Partial<AccessRule>): AccessRule => ({ groups: [''], resources: [], names: [], verbs: [], ...more })

const check = (rules: readonly AccessRule[] | null, expected: readonly string[], subject: Subject = alice): void => {
  const cluster = {
    bindings: [
      {
        ref: { cluster: 'c', group: '', kind: 'RoleBinding', namespace: 'shop', name: 'b' },
        namespace: 'shop',
        rules,
        subjects: [subject],
      },
    ],
  } as unknown as Cluster
  assert.deepEqual(
    grantsOf(cluster).map(grant => grant.ability),
    expected,
  )
}

// Source: kubernetes.io, "Using RBAC Authorization", on wildcards, resource names and subresources.
test('creating pods, directly or through a controller', () => {
  check([rule({ resources: ['pods'], verbs: ['create'] })], ['create pods'])
  check([rule({ groups: ['apps'], resources: ['deployments'], verbs: ['patch'] })], ['create pods'])
  check([rule({ groups: ['batch'], resources: ['cronjobs'], verbs: ['update'] })], ['create pods'])
  check([rule({ resources: ['deployments'], verbs: ['create'] })], [])
  check([rule({ resources: ['pods'], verbs: ['get', 'list', 'delete'] })], [])
})

test('a name limits what may be changed, and create knows no names', () => {
  check([rule({ resources: ['pods'], verbs: ['create'], names: ['one'] })], [])
  check([rule({ resources: ['configmaps'], verbs: ['update'], names: ['coredns'] })], ['change ConfigMaps'])
})

test('subresources are told apart from their resource', () => {
  check([rule({ resources: ['pods/exec'], verbs: ['create'] })], ['exec into pods'])
  check(
    [rule({ resources: ['pods/*'], verbs: ['create'] })],
    ['exec into pods', 'forward ports', 'proxy through the API server'],
  )
  check([rule({ resources: ['*/exec'], verbs: ['get'] })], ['exec into pods'])
  check([rule({ resources: ['pods/ephemeralcontainers'], verbs: ['patch'] })], ['add ephemeral containers'])
})

test('stars', () => {
  const all = rule({ groups: ['*'], resources: ['*'], verbs: ['*'] })
  check(
    [all],
    [
      'create pods',
      'exec into pods',
      'add ephemeral containers',
      'forward ports',
      'create Services',
      'create Ingresses or Gateways',
      'change network policy',
      'label namespaces',
      'proxy through the API server',
      'change ConfigMaps',
      'impersonate or bind roles',
    ],
  )
  check([rule({ groups: ['cilium.io'], resources: ['*'], verbs: ['delete'] })], ['change network policy'])
})

test('a role that was not read grants nothing that anybody knows of', () => {
  check(null, [])
})

test('the platform’s own subjects are left out, whole groups of people are not', () => {
  const rules = [rule({ resources: ['pods'], verbs: ['create'] })]
  check(rules, [], { kind: 'ServiceAccount', name: 'x', namespace: 'kube-system' })
  check(rules, [], { kind: 'Group', name: 'system:masters', namespace: null })
  check(rules, [], { kind: 'User', name: 'kubelet', namespace: null })
  check(rules, ['create pods'], { kind: 'Group', name: 'kubelet', namespace: null })
  check(rules, ['create pods'], { kind: 'Group', name: 'system:authenticated', namespace: null })
  check(rules, ['create pods'], { kind: 'Group', name: 'system:serviceaccounts', namespace: null })
  check(rules, ['create pods'], { kind: 'Group', name: 'system:serviceaccounts:shop', namespace: null })
})

/** What the inventory says that the rules let somebody do. */
const checkText = (rules: readonly AccessRule[], expected: readonly string[]): void => {
  const cluster = {
    bindings: [{ ref: { name: 'b' }, namespace: null, rules, subjects: [alice] }],
  } as unknown as Cluster
  assert.deepEqual(grantsOf(cluster).map(abilityText), expected)
}

test('what was really granted: verbs and resources', () => {
  const rbac = 'rbac.authorization.k8s.io'
  checkText([rule({ resources: ['serviceaccounts/token'], verbs: ['create'] })], ['create serviceaccounts/token'])
  checkText([rule({ resources: ['users', 'groups'], verbs: ['impersonate'] })], ['impersonate users and groups'])
  checkText(
    [rule({ groups: [rbac], resources: ['clusterroles'], verbs: ['get', 'bind', 'escalate'] })],
    ['bind and escalate clusterroles'],
  )
  checkText(
    [
      rule({ resources: ['users'], verbs: ['impersonate'] }),
      rule({ resources: ['serviceaccounts/token'], verbs: ['*'] }),
    ],
    ['impersonate users and create serviceaccounts/token'],
  )
  // Accounts are not bound, roles not impersonated.
  checkText([rule({ resources: ['serviceaccounts'], verbs: ['bind'] })], [])
  checkText(
    [rule({ groups: ['apps'], resources: ['deployments'], verbs: ['patch'] })],
    ['create pods (patch deployments)'],
  )
  checkText([rule({ resources: ['pods'], verbs: ['*'] })], ['create pods'])
})
