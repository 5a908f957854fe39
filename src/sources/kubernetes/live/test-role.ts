import { field, type Json, list, texts } from '../../../model/json.ts'

/** What an API server makes of a request before it asks RBAC. For tests only. */
export interface Asked {
  readonly method: string
  /** The path without its query. */
  readonly path: string
  readonly resource: {
    readonly group: string
    readonly plural: string
    readonly namespace: string | null
    readonly name: string | null
  } | null
}

/** Source: Kubernetes API conventions, "request verbs and paths". */
export const askedBy = (method: string, url: string): Asked => {
  const path = decodeURIComponent(url.split('?')[0] ?? '')
  const found = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+)(?=\/[^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(
    path,
  )
  if (found === null) return { method, path, resource: null }
  const [, group = '', namespace, plural = '', name] = found
  return { method, path, resource: { group, plural, namespace: namespace ?? null, name: name ?? null } }
}

/** RBAC as documented: a rule allows when its verbs, groups, resources and names all hold; names never allow a list. */
export const roleAllows = (roles: readonly Json[], asked: Asked): boolean => {
  if (asked.method !== 'GET') return false
  const rules = roles.flatMap(role => list(field(role, 'rules')))
  const has = (rule: Json, key: string, value: string): boolean =>
    texts(field(rule, key)).some(entry => entry === value || entry === '*')
  const { resource } = asked
  if (resource === null) {
    return rules.some(
      rule =>
        has(rule, 'verbs', 'get') &&
        texts(field(rule, 'nonResourceURLs')).some(url =>
          url.endsWith('*') ? asked.path.startsWith(url.slice(0, -1)) : url === asked.path,
        ),
    )
  }
  return rules.some(rule => {
    const names = texts(field(rule, 'resourceNames'))
    return (
      has(rule, 'verbs', resource.name === null ? 'list' : 'get') &&
      has(rule, 'apiGroups', resource.group) &&
      has(rule, 'resources', resource.plural) &&
      (names.length === 0 || (resource.name !== null && names.includes(resource.name)))
    )
  })
}
