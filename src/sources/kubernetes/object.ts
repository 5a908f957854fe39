import type { ObjectRef } from '../../model/identity.ts'
import {
  at,
  field,
  integer,
  isObject,
  type Json,
  type JsonObject,
  list,
  text,
  textMap,
  texts,
} from '../../model/json.ts'
import type { Origin, Sourced } from '../../model/provenance.ts'
import type { LabelRequirement, LabelSelector } from '../../model/selector.ts'
import { LAST_APPLIED } from './lower-pod.ts'

/** One API object, split into what every lowering needs. */
export interface ApiObject extends Sourced {
  readonly version: string
  readonly metadata: Json | undefined
  readonly spec: Json | undefined
  readonly body: JsonObject
}

export type Identified =
  | { readonly kind: 'object'; readonly object: ApiObject }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * Names the object and checks what the API server would refuse outright, so that a document which no cluster could
 * hold is an error here, too. `clusterScoped` is by kind: a namespace on a cluster-scoped object means nothing.
 */
export const identify = (cluster: string, body: JsonObject, origin: Origin, clusterScoped: boolean): Identified => {
  const apiVersion = text(field(body, 'apiVersion'))
  const kind = text(field(body, 'kind'))
  if (apiVersion === undefined || kind === undefined)
    return { kind: 'refused', why: '`apiVersion` and `kind` must be text' }
  const metadata = field(body, 'metadata')
  if (metadata !== undefined && metadata !== null && !isObject(metadata))
    return { kind: 'refused', why: '`metadata` must be an object' }
  const rawName = field(metadata, 'name') ?? field(metadata, 'generateName')
  for (const [key, value] of [
    ['name', rawName],
    ['namespace', field(metadata, 'namespace')],
  ] as const) {
    if (value !== undefined && value !== null && typeof value !== 'string') return notText(`metadata.${key}`, value)
  }
  for (const name of ['labels', 'annotations'] as const) {
    const map = field(metadata, name)
    if (map === undefined || map === null) continue
    if (!isObject(map)) return { kind: 'refused', why: `\`metadata.${name}\` must be an object` }
    for (const key of Object.keys(map)) {
      const value = map[key] ?? null
      if (value !== null && typeof value !== 'string') return notText(`metadata.${name}.${key}`, value)
    }
  }
  const slash = apiVersion.indexOf('/')
  const ref: ObjectRef = {
    cluster,
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    kind,
    namespace: clusterScoped ? null : text(field(metadata, 'namespace')) || 'default',
    name: text(rawName) ?? '',
  }
  const annotations = textMap(field(metadata, 'annotations'))
  const kept = annotations.has(LAST_APPLIED)
    ? new Map([...annotations].filter(([key]) => key !== LAST_APPLIED))
    : annotations
  return {
    kind: 'object',
    object: {
      ref,
      origin,
      version: apiVersion.slice(slash + 1),
      labels: textMap(field(metadata, 'labels')),
      annotations: kept,
      metadata,
      spec: field(body, 'spec'),
      body,
    },
  }
}

const notText = (path: string, value: Json): Identified => {
  const what = Array.isArray(value) ? 'list' : typeof value
  const remedy = what === 'boolean' || what === 'number' ? ': quote it' : ''
  return { kind: 'refused', why: `\`${path}\` is a ${what}, the API wants text${remedy}` }
}

/** What `Sourced` wants of an object, and nothing of its body. */
export const sourced = ({ ref, origin, labels, annotations }: ApiObject): Sourced => ({
  ref,
  origin,
  labels,
  annotations,
})

/** The controlling owner, or the first one. */
export const ownerOf = (object: ApiObject): ObjectRef | null => {
  const owners = list(field(object.metadata, 'ownerReferences'))
  const owner = owners.find(candidate => field(candidate, 'controller') === true) ?? owners[0]
  const kind = text(field(owner, 'kind'))
  const name = text(field(owner, 'name'))
  if (kind === undefined || name === undefined) return null
  const apiVersion = text(field(owner, 'apiVersion')) ?? ''
  const slash = apiVersion.indexOf('/')
  return {
    cluster: object.ref.cluster,
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    kind,
    namespace: object.ref.namespace,
    name,
  }
}

/**
 * `metav1.LabelSelector`; null when absent. A part that cannot be read holds for nothing: what a policy or an admission
 * rule might cover must not count as covered.
 */
export const lowerSelector = (selector: Json | undefined): LabelSelector | null => {
  if (selector === undefined || selector === null) return null
  if (!isObject(selector)) return { requirements: [nothing('')] }
  const requirements: LabelRequirement[] = []
  const labels = field(selector, 'matchLabels') ?? null
  if (labels !== null && !isObject(labels)) requirements.push(nothing(''))
  for (const [key, value] of Object.entries(isObject(labels) ? labels : {})) {
    requirements.push(typeof value === 'string' ? { key, operator: 'In', values: [value] } : nothing(key))
  }
  for (const expression of list(field(selector, 'matchExpressions'))) {
    const operator = text(field(expression, 'operator'))
    const key = text(field(expression, 'key')) ?? ''
    if (operator === 'In' || operator === 'NotIn' || operator === 'Exists' || operator === 'DoesNotExist') {
      requirements.push({ key, operator, values: texts(field(expression, 'values')) })
    } else {
      requirements.push(nothing(key))
    }
  }
  return { requirements }
}

/** A requirement that no label meets. */
const nothing = (key: string): LabelRequirement => ({ key, operator: 'In', values: [] })

/** `app=web,tier in (a, b)`: how kubectl writes a selector. */
export const selectorText = (selector: LabelSelector): string =>
  selector.requirements.length === 0
    ? '{}'
    : selector.requirements
        .map(({ key, operator, values }) =>
          operator === 'In' && values.length === 1
            ? `${key}=${values[0]}`
            : operator === 'In' || operator === 'NotIn'
              ? `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(', ')})`
              : `${operator === 'Exists' ? '' : '!'}${key}`,
        )
        .join(',')

export const portText = (port: Json | undefined): string | null => text(port) ?? integer(port)?.toString() ?? null

export const statusOf = (object: ApiObject, ...path: readonly string[]): Json | undefined =>
  at(object.body, 'status', ...path)
