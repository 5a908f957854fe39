import type { AccessRule, RoleBinding, Subject } from '../model/access.ts'
import type { Cluster } from '../model/cluster.ts'
import { isSystemNamespace } from './add-ons.ts'

/** Something a subject may do that opens, or lets it open, a way out. */
export type Ability =
  | 'create pods'
  | 'exec into pods'
  | 'add ephemeral containers'
  | 'forward ports'
  | 'create Services'
  | 'create Ingresses or Gateways'
  | 'change network policy'
  | 'label namespaces'
  | 'proxy through the API server'
  | 'change ConfigMaps'
  | 'impersonate or bind roles'

interface Need {
  readonly ability: Ability
  readonly verbs: readonly string[]
  /** `group/resource`, `*` as the group for any. */
  readonly resources: readonly string[]
}

/** Source: kubernetes.io, "Role Based Access Control Good Practices"; the resources' own API groups. */
const NEEDS: readonly Need[] = [
  // A pod that stands cannot be moved to the host; the template of what makes pods can.
  { ability: 'create pods', verbs: ['create'], resources: ['/pods'] },
  {
    ability: 'create pods',
    verbs: ['create', 'update', 'patch'],
    resources: [
      'apps/deployments',
      'apps/daemonsets',
      'apps/statefulsets',
      'apps/replicasets',
      'batch/jobs',
      'batch/cronjobs',
      '/replicationcontrollers',
    ],
  },
  { ability: 'exec into pods', verbs: ['create', 'get'], resources: ['/pods/exec', '/pods/attach'] },
  { ability: 'add ephemeral containers', verbs: ['update', 'patch'], resources: ['/pods/ephemeralcontainers'] },
  { ability: 'forward ports', verbs: ['create', 'get'], resources: ['/pods/portforward'] },
  { ability: 'create Services', verbs: ['create', 'update', 'patch'], resources: ['/services'] },
  {
    ability: 'create Ingresses or Gateways',
    verbs: ['create', 'update', 'patch'],
    resources: ['networking.k8s.io/ingresses', 'gateway.networking.k8s.io/gateways'],
  },
  {
    ability: 'change network policy',
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    resources: [
      'networking.k8s.io/networkpolicies',
      'policy.networking.k8s.io/adminnetworkpolicies',
      'policy.networking.k8s.io/baselineadminnetworkpolicies',
      'policy.networking.k8s.io/clusternetworkpolicies',
      'cilium.io/ciliumnetworkpolicies',
      'cilium.io/ciliumclusterwidenetworkpolicies',
      'cilium.io/ciliumcidrgroups',
      'cilium.io/ciliumegressgatewaypolicies',
      'crd.projectcalico.org/networkpolicies',
      'crd.projectcalico.org/globalnetworkpolicies',
      'crd.projectcalico.org/tiers',
      'crd.projectcalico.org/globalnetworksets',
      'crd.projectcalico.org/networksets',
      'crd.projectcalico.org/felixconfigurations',
      'projectcalico.org/networkpolicies',
      'projectcalico.org/globalnetworkpolicies',
      'projectcalico.org/tier.networkpolicies',
      'projectcalico.org/tier.globalnetworkpolicies',
      'projectcalico.org/globalnetworksets',
      'projectcalico.org/networksets',
      'projectcalico.org/felixconfigurations',
      'networking.gke.io/fqdnnetworkpolicies',
    ],
  },
  { ability: 'label namespaces', verbs: ['update', 'patch'], resources: ['/namespaces'] },
  {
    ability: 'proxy through the API server',
    verbs: ['create', 'get'],
    resources: ['/services/proxy', '/pods/proxy', '/nodes/proxy'],
  },
  { ability: 'change ConfigMaps', verbs: ['create', 'update', 'patch'], resources: ['/configmaps'] },
  { ability: 'impersonate or bind roles', verbs: ['create'], resources: ['/serviceaccounts/token'] },
  {
    ability: 'impersonate or bind roles',
    verbs: ['impersonate', 'bind', 'escalate'],
    resources: [
      '/users',
      '/groups',
      '/serviceaccounts',
      'rbac.authorization.k8s.io/roles',
      'rbac.authorization.k8s.io/clusterroles',
    ],
  },
]

export interface Grant {
  readonly binding: RoleBinding
  readonly subject: Subject
  readonly ability: Ability
  /** null: in every namespace. */
  readonly namespace: string | null
  /** Rule that names no object; one that does grants less. */
  readonly names: readonly string[]
}

/** Every ability of every subject that is not the platform's own. */
export const grantsOf = (cluster: Cluster): readonly Grant[] =>
  cluster.bindings.flatMap(binding => {
    const subjects = binding.subjects.map(asServiceAccount).filter(subject => !isPlatformSubject(subject))
    if (subjects.length === 0 || binding.rules === null) return []
    return abilitiesOf(binding.rules).flatMap(({ ability, names }) =>
      subjects.map(subject => ({ binding, subject, ability, namespace: binding.namespace, names })),
    )
  })

const abilitiesOf = (rules: readonly AccessRule[]): readonly { ability: Ability; names: readonly string[] }[] =>
  [...Map.groupBy(NEEDS, need => need.ability)].flatMap(([ability, needs]) => {
    const granting = rules.filter(rule => needs.some(need => grants(rule, need)))
    if (granting.length === 0) return []
    // One rule without names is enough to reach every object.
    const names = granting.some(rule => rule.names.length === 0) ? [] : granting.flatMap(rule => rule.names)
    return [{ ability, names: [...new Set(names)] }]
  })

const grants = (rule: AccessRule, need: Need): boolean => {
  if (!rule.verbs.some(verb => verb === '*' || need.verbs.includes(verb))) return false
  // A create cannot be limited to a name, so a rule with names alone does not let anybody make something new.
  if (rule.names.length > 0 && need.ability === 'create pods') return false
  return need.resources.some(wanted => {
    const slash = wanted.indexOf('/')
    const group = wanted.slice(0, slash)
    const resource = wanted.slice(slash + 1)
    return (
      (rule.groups.includes('*') || rule.groups.includes(group)) &&
      rule.resources.some(given => covers(given, resource))
    )
  })
}

/** `*` covers everything, `pods/*` every subresource, and `*` `/exec` that subresource of every kind. */
const covers = (given: string, wanted: string): boolean => {
  if (given === '*' || given === wanted) return true
  const [resource, sub] = given.split('/')
  const [wantedResource, wantedSub] = wanted.split('/')
  return (
    sub !== undefined &&
    wantedSub !== undefined &&
    (sub === '*' || sub === wantedSub) &&
    (resource === '*' || resource === wantedResource)
  )
}

/**
 * A binding may name a service account as the user that it is to the API server.
 * Source: kubernetes.io, "Authenticating", service account tokens.
 */
const asServiceAccount = (subject: Subject): Subject => {
  const [, namespace, name] =
    (subject.kind === 'User' && /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject.name)) || []
  return namespace === undefined || name === undefined ? subject : { kind: 'ServiceAccount', name, namespace }
}

/** People who administer the whole cluster: what they may do besides goes without saying. */
export const isAdministrator = ({ binding, subject, namespace }: Grant): boolean =>
  namespace === null &&
  isBuiltInRole(binding, 'cluster-admin') &&
  subject.kind !== 'ServiceAccount' &&
  !subject.name.startsWith('system:')

/** A Role that somebody gave a built-in name is not the built-in one. */
export const isBuiltInRole = ({ role }: RoleBinding, ...names: readonly string[]): boolean =>
  role.kind === 'ClusterRole' && names.includes(role.name)

/** Controllers of the platform and the break-glass group are expected to do everything. */
const isPlatformSubject = (subject: Subject): boolean => {
  if (subject.kind === 'ServiceAccount') return subject.namespace !== null && isSystemNamespace(subject.namespace)
  if (/^system:(authenticated|unauthenticated|serviceaccounts(:.*)?|anonymous)$/.test(subject.name)) {
    const namespace = /^system:serviceaccounts:(.+)$/.exec(subject.name)?.[1]
    return namespace !== undefined && isSystemNamespace(namespace)
  }
  return (
    subject.name.startsWith('system:') ||
    /^(eks|aks|gke|gcp|azure):/.test(subject.name) ||
    subject.name.startsWith('container-engine')
  )
}

export const subjectText = (subject: Subject): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${subject.namespace ?? 'default'}/${subject.name}`
    : `${subject.kind} ${subject.name}`
