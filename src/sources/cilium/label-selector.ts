import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { LabelRequirement } from '../../model/selector.ts'
import { type Reading, readAs, refuse } from '../../sets/algebra.ts'

/** A requirement with the source that its key names: `k8s:app` speaks of Kubernetes labels, `app` of any. */
export interface Requirement extends LabelRequirement {
  readonly source: string
  /** From matchLabels. */
  readonly plain: boolean
}

export const POD_NAMESPACE = 'io.kubernetes.pod.namespace'
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.'
export const CLUSTER_NAME = 'io.cilium.k8s.policy.cluster'
export const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'

/**
 * `EndpointSelector`. What the API server or the agent would turn away is refused here, too.
 * Source: pkg/policy/api, EndpointSelector.UnmarshalJSON and sanitize; pkg/labels, GetExtendedKeyFrom;
 * k8s.io/apimachinery, ValidateLabelSelector.
 */
export const readSelector = (selector: Json | undefined): Reading<readonly Requirement[]> => {
  if (!isObject(selector)) return refuse('is not an object')
  const labels = field(selector, 'matchLabels') ?? null
  if (labels !== null && !isObject(labels)) return refuse('has a `matchLabels` that is not an object')
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (typeof value !== 'string') return refuse(`has a value for \`${key}\` that is not text: quote it`)
    requirements.push({ ...keyOf(key), operator: 'In', values: [value], plain: true })
  }
  for (const expression of list(field(selector, 'matchExpressions'))) {
    const key = text(field(expression, 'key')) ?? ''
    const operator = text(field(expression, 'operator'))
    const values = texts(field(expression, 'values'))
    if (key === '') return refuse('has an expression without a key')
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) return refuse(`has \`${operator}\` for \`${key}\` without values`)
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) return refuse(`has \`${operator}\` for \`${key}\` with values`)
    } else return refuse(`has an operator for \`${key}\` that is none of In, NotIn, Exists, DoesNotExist`)
    requirements.push({ ...keyOf(key), operator, values, plain: false })
  }
  const bad = requirements.flatMap(({ values }) => values).find(value => !LABEL_VALUE.test(value) || value.length > 63)
  return bad === undefined ? readAs(requirements) : refuse(`has \`${bad}\`, which no label can have as its value`)
}

const LABEL_VALUE = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

/** Text before the first colon is the source; `$host` is an old way to write `reserved:host`. */
const keyOf = (written: string): { source: string; key: string } => {
  if (written.startsWith('$')) return { source: 'reserved', key: written.slice(1) }
  const colon = written.indexOf(':')
  return colon < 0
    ? { source: 'any', key: written }
    : { source: written.slice(0, colon) || 'any', key: written.slice(colon + 1) }
}

/** Does it speak of this key as a label of Kubernetes, or of any source? */
export const names = (requirements: readonly Requirement[], is: (key: string) => boolean): boolean =>
  requirements.some(({ source, key }) => (source === 'any' || source === 'k8s') && is(key))
