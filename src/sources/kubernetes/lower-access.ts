import type { AccessRule, RoleBinding, Subject } from '../../model/access.ts'
import type { ObjectRef } from '../../model/identity.ts'
import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import { type ApiObject, sourced } from './object.ts'

/**
 * null for an aggregated ClusterRole as its author wrote it: the controller fills its rules in from others, which only
 * the cluster's own copy shows. Source: k8s.io/api/rbac/v1, types PolicyRule, Role, RoleBinding, AggregationRule.
 */
export const lowerRules = (object: ApiObject): readonly AccessRule[] | null => {
  const rules = list(field(object.body, 'rules'))
  if (rules.length === 0 && isObject(field(object.body, 'aggregationRule'))) return null
  return rules.map(rule => ({
    groups: texts(field(rule, 'apiGroups')),
    resources: texts(field(rule, 'resources')),
    names: texts(field(rule, 'resourceNames')),
    verbs: texts(field(rule, 'verbs')),
  }))
}

/** `rulesOf` gives the rules of a role that was read, null for one that was not. */
export const lowerBinding = (
  object: ApiObject,
  rulesOf: (role: ObjectRef) => readonly AccessRule[] | null,
): RoleBinding => {
  const namespace = object.ref.kind === 'RoleBinding' ? object.ref.namespace : null
  const kind = text(field(field(object.body, 'roleRef'), 'kind')) ?? ''
  const role: ObjectRef = {
    cluster: object.ref.cluster,
    group: 'rbac.authorization.k8s.io',
    kind,
    namespace: kind === 'Role' ? namespace : null,
    name: text(field(field(object.body, 'roleRef'), 'name')) ?? '',
  }
  return {
    ...sourced(object),
    namespace,
    role,
    rules: rulesOf(role),
    subjects: list(field(object.body, 'subjects')).flatMap(subject => lowerSubject(subject, namespace)),
  }
}

const lowerSubject = (subject: Json, bindingNamespace: string | null): readonly Subject[] => {
  const kind = text(field(subject, 'kind'))
  const name = text(field(subject, 'name'))
  if (name === undefined || (kind !== 'User' && kind !== 'Group' && kind !== 'ServiceAccount')) return []
  const namespace = kind === 'ServiceAccount' ? (text(field(subject, 'namespace')) ?? bindingNamespace) : null
  return [{ kind, name, namespace }]
}
