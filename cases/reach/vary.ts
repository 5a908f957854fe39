import { dump, loadAll } from 'js-yaml'
import { isObject, type Json } from '../../src/model/json.ts'

/**
 * Ways to write the same documents: what may be reached depends on what they say, never on how they are ordered, cut into
 * files, repeated or spelled. Each gives files, name to contents.
 */
export type Variation = (yaml: string) => Readonly<Record<string, string>>

export const documentsOf = (yaml: string): readonly Json[] =>
  loadAll(yaml).filter(document => document !== null && document !== undefined) as Json[]

const yamlOf = (documents: readonly Json[]): string =>
  documents.map(document => `---\n${dump(document, { noRefs: true })}`).join('')

export const VARIATIONS: Readonly<Record<string, Variation>> = {
  reversed: yaml => ({ 'x.yaml': yamlOf(documentsOf(yaml).toReversed()) }),
  interleaved: yaml => {
    const documents = documentsOf(yaml)
    return {
      'x.yaml': yamlOf([...documents.filter((_, i) => i % 2 === 1), ...documents.filter((_, i) => i % 2 === 0)]),
    }
  },
  'a file each': yaml =>
    Object.fromEntries(
      documentsOf(yaml).map((document, i) => [`${String(i).padStart(4, '0')}.yaml`, yamlOf([document])]),
    ),
  'a file each, named backwards': yaml =>
    Object.fromEntries(documentsOf(yaml).map((document, i) => [`${9999 - i}.yaml`, yamlOf([document])])),
  'one JSON list': yaml => ({
    'x.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documentsOf(yaml) }),
  }),
  'every document twice': yaml => ({ 'x.yaml': yamlOf([...documentsOf(yaml), ...documentsOf(yaml)]) }),
  'keys in another order': yaml => ({
    'x.json': documentsOf(yaml)
      .map(backwards)
      .map(one => JSON.stringify(one))
      .join('\n'),
  }),
}

const backwards = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(backwards)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, backwards(inner)]),
  )
}

/** The same estate with its namespaces called otherwise; those that mean something by their name keep it. */
export const withOtherNamespaces = (yaml: string): string =>
  yamlOf(documentsOf(yaml).map(document => renamed(document, namespacesIn(document))))

/** The last is also named inside the hosts and gateways of a mesh’s routes, which keep their text. */
const KEPT = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease', 'istio-system', 'mesh-exit'])
const BY_NAME = new Set([
  'kubernetes.io/metadata.name',
  'io.kubernetes.pod.namespace',
  'k8s:io.kubernetes.pod.namespace',
])

/** Suffixed, so that no order of names changes. */
const other = (name: string): string => (KEPT.has(name) ? name : `${name}0`)

const namespacesIn = (document: Json): boolean => isObject(document) && document['kind'] === 'Namespace'

const renamed = (value: Json, isNamespace: boolean): Json => {
  if (Array.isArray(value)) return value.map(item => renamed(item, false))
  if (!isObject(value)) return value
  const names = typeof value['key'] === 'string' && BY_NAME.has(value['key'])
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, Json] => {
      if (typeof inner === 'string' && (key === 'namespace' || BY_NAME.has(key))) return [key, other(inner)]
      if (names && key === 'values' && Array.isArray(inner))
        return [key, inner.map(item => (typeof item === 'string' ? other(item) : item))]
      if (isNamespace && key === 'metadata' && isObject(inner)) {
        const metadata = renamed(inner, false) as { readonly [key: string]: Json }
        return [key, { ...metadata, name: other(String(inner['name'])) }]
      }
      return [key, renamed(inner, false)]
    }),
  )
}

/** Undoes the renaming in a result's text. */
export const namedBack = (text: string, yaml: string): string => {
  const names = new Set(
    documentsOf(yaml).flatMap(document => {
      const metadata = isObject(document) ? document['metadata'] : null
      const name = isObject(metadata ?? null) ? (metadata as { readonly [key: string]: Json }) : {}
      return [name['namespace'], namespacesIn(document) ? name['name'] : undefined].flatMap(one =>
        typeof one === 'string' && !KEPT.has(one) ? [one] : [],
      )
    }),
  )
  let back = text
  for (const name of names) back = back.replaceAll(`/${name}0/`, `/${name}/`).replaceAll(`"${name}0"`, `"${name}"`)
  return back
}
