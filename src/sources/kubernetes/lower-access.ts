import type { AccessRule, RoleBinding, Subject } from '../../model/access.ts'
import { keyOf, type ObjectRef } from '../../model/identity.ts'
import { at, field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import { selectorMatches } from '../../model/selector.ts'
import { type ApiObject, lowerSelector, sourced } from './object.ts'

/**
 * What each role grants, by key. An aggregated ClusterRole as its author wrote it has no rules: the controller fills
 * them in from the ClusterRoles that it selects by label, and so does this, as far as those were read. null: nothing
 * that it selects was read. Where documents for one role differ, either may be in force, so it grants what any does.
 * Source: k8s.io/api/rbac/v1, types PolicyRule, Role, RoleBinding, AggregationRule.
 */
export const lowerRoles = (objects: readonly ApiObject[]): ReadonlyMap<string, readonly AccessRule[] | null> => {
  const clusterRoles = objects.filter(object => object.ref.kind === 'ClusterRole')
  const written = new Map(
    [...Map.groupBy(objects, object => keyOf(object.ref))].map(([key, documents]) => [
      key,
      documents.flatMap(document => lowerRules(document.body)),
    ]),
  )
  const rulesOf = (object: ApiObject): readonly AccessRule[] => {
    const rules: AccessRule[] = []
    const seen = new Set([keyOf(object.ref)])
    const queue = [object]
    for (let role = queue.pop(); role !== undefined; role = queue.pop()) {
      const own = written.get(keyOf(role.ref)) ?? []
      rules.push(...own)
      if (own.length > 0) continue
      const selectors = list(at(role.body, 'aggregationRule', 'clusterRoleSelectors')).flatMap(
        selector => lowerSelector(selector) ?? [],
      )
      for (const other of clusterRoles) {
        const key = keyOf(other.ref)
        if (seen.has(key) || !selectors.some(selector => selectorMatches(selector, other.labels))) continue
        seen.add(key)
        queue.push(other)
      }
    }
    return rules
  }
  return new Map(
    objects.map(object => {
      const rules = rulesOf(object)
      const isOpen = rules.length === 0 && isObject(field(object.body, 'aggregationRule'))
      return [keyOf(object.ref), isOpen ? null : rules]
    }),
  )
}

const lowerRules = (body: Json): readonly AccessRule[] =>
  list(field(body, 'rules')).map(rule => ({
    groups: texts(field(rule, 'apiGroups')),
    resources: texts(field(rule, 'resources')),
    names: texts(field(rule, 'resourceNames')),
    verbs: texts(field(rule, 'verbs')),
  }))

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
