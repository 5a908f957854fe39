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
    verbs: ['impersonate'],
    resources: ['/users', '/groups', '/serviceaccounts'],
  },
  {
    ability: 'impersonate or bind roles',
    verbs: ['bind', 'escalate'],
    resources: ['rbac.authorization.k8s.io/roles', 'rbac.authorization.k8s.io/clusterroles'],
  },
]

/** A verb that a rule really gives, and the resource it gives it on, without its group. */
export interface Granted {
  readonly verb: string
  readonly resource: string
}

export interface Grant {
  readonly binding: RoleBinding
  readonly subject: Subject
  readonly ability: Ability
  /** null: in every namespace. */
  readonly namespace: string | null
  /** Empty: every object; else the only ones. */
  readonly names: readonly string[]
  /** What gives the ability. */
  readonly granted: readonly Granted[]
}

/** Every ability of every subject that is not the platform's own. */
export const grantsOf = (cluster: Cluster): readonly Grant[] =>
  cluster.bindings.flatMap(binding => {
    const subjects = binding.subjects.map(asServiceAccount).filter(subject => !isPlatformSubject(subject))
    if (subjects.length === 0 || binding.rules === null) return []
    return abilitiesOf(binding.rules).flatMap(ability =>
      subjects.map(subject => ({ binding, subject, ...ability, namespace: binding.namespace })),
    )
  })

const abilitiesOf = (rules: readonly AccessRule[]): readonly Pick<Grant, 'ability' | 'names' | 'granted'>[] =>
  [...Map.groupBy(NEEDS, need => need.ability)].flatMap(([ability, needs]) => {
    const granting = rules.flatMap(rule => {
      const granted = needs.flatMap(need => grantedBy(rule, need))
      return granted.length === 0 ? [] : [{ names: rule.names, granted }]
    })
    if (granting.length === 0) return []
    // One rule without names is enough to reach every object.
    const names = granting.some(rule => rule.names.length === 0) ? [] : granting.flatMap(rule => rule.names)
    return [{ ability, names: [...new Set(names)], granted: granting.flatMap(rule => rule.granted) }]
  })

const grantedBy = (rule: AccessRule, need: Need): readonly Granted[] => {
  // A create cannot be limited to a name, so a rule with names alone does not let anybody make something new.
  if (rule.names.length > 0 && need.ability === 'create pods') return []
  const verbs = rule.verbs.includes('*') ? need.verbs : need.verbs.filter(verb => rule.verbs.includes(verb))
  if (verbs.length === 0) return []
  const resources = need.resources.flatMap(wanted => {
    const slash = wanted.indexOf('/')
    const group = wanted.slice(0, slash)
    const resource = wanted.slice(slash + 1)
    const given =
      (rule.groups.includes('*') || rule.groups.includes(group)) && rule.resources.some(own => covers(own, resource))
    return given ? [resource] : []
  })
  return verbs.flatMap(verb => resources.map(resource => ({ verb, resource })))
}

/** `impersonate users and groups and create serviceaccounts/token`: verbs that reach the same resources share them. */
export const grantedText = (granted: readonly Granted[]): string => {
  const byVerb = [...Map.groupBy(granted, ({ verb }) => verb)].map(([verb, rows]) => ({
    verb,
    resources: [...new Set(rows.map(({ resource }) => resource))],
  }))
  return [...Map.groupBy(byVerb, ({ resources }) => resources.join(' '))]
    .map(([, rows]) => `${listed(rows.map(({ verb }) => verb))} ${listed(rows[0]?.resources ?? [])}`)
    .join(' and ')
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** What the subject may do, by the verb and resource that it was given where the ability's name says less. */
export const abilityText = ({ ability, granted }: Pick<Grant, 'ability' | 'granted'>): string => {
  if (ability === 'impersonate or bind roles') return grantedText(granted)
  const direct = ability !== 'create pods' || granted.some(({ resource }) => resource === 'pods')
  return direct ? ability : `create pods (${grantedText(granted)})`
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
  // GKE's nodes are this user, beside the group `system:nodes` that every cluster has.
  if (subject.kind === 'User' && subject.name === 'kubelet') return true
  return (
    subject.name.startsWith('system:') ||
    /^(eks|aks|gke|gcp|azure):/.test(subject.name) ||
    subject.name.startsWith('container-engine')
  )
}

/** ClusterRoleBinding `x`: what one has to change. */
export const bindingText = ({ ref }: RoleBinding): string => `${ref.kind} \`${ref.name}\``

export const subjectText = (subject: Subject): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${subject.namespace ?? 'default'}/${subject.name}`
    : `${subject.kind} ${subject.name}`
