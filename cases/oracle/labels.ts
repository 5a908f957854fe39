import { at, isObject, list, text } from './json.ts'
import { every, not, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/** Labels of a pod, namespace or node; incomplete where its document is missing. */
export interface Labels {
  readonly known: ReadonlyMap<string, string>
  readonly complete: boolean
}

/**
 * Whether a label selector selects something with these labels. All requirements must hold; an empty selector selects
 * everything. `NotIn` and `DoesNotExist` hold where the key is absent.
 * Source: k8s.io/apimachinery, meta/v1 LabelSelector; kubernetes.io, "Labels and Selectors".
 */
export const selects = (selector: Json | undefined, labels: Labels): Tri => {
  if (!isObject(selector)) return 'unknown'
  const equalities = at(selector, 'matchLabels')
  return every([
    ...(isObject(equalities) ? Object.entries(equalities) : []).map(([key, value]) =>
      typeof value === 'string' ? isIn(labels, key, [value]) : 'unknown',
    ),
    ...list(at(selector, 'matchExpressions')).map(requirement => holds(requirement, labels)),
  ])
}

const holds = (requirement: Json, labels: Labels): Tri => {
  const key = text(at(requirement, 'key'))
  const values = list(at(requirement, 'values')).flatMap(value => (typeof value === 'string' ? [value] : []))
  if (key === undefined) return 'unknown'
  switch (at(requirement, 'operator')) {
    case 'In':
      return values.length === 0 ? 'unknown' : isIn(labels, key, values)
    case 'NotIn':
      return values.length === 0 ? 'unknown' : not(isIn(labels, key, values))
    case 'Exists':
      return exists(labels, key)
    case 'DoesNotExist':
      return not(exists(labels, key))
    default:
      return 'unknown'
  }
}

const isIn = (labels: Labels, key: string, values: readonly string[]): Tri => {
  const value = labels.known.get(key)
  return value === undefined ? (labels.complete ? 'no' : 'unknown') : tri(values.includes(value))
}

const exists = (labels: Labels, key: string): Tri =>
  labels.known.has(key) ? 'yes' : labels.complete ? 'no' : 'unknown'
