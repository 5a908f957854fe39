import { field, type Json, list, text } from '../../model/json.ts'
import type { Direction } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { holdsFor, NAMESPACE, ofAccounts, ofNamespaces, readSelector } from './endpoint-selector.ts'
import type { CalicoSelector } from './selector.ts'

/** Whom a policy is for, and in which directions. */

export const tierOf = (spec: Json | undefined): string => text(field(spec, 'tier')) || 'default'

/**
 * Without `types`: Egress alone where there are egress rules and no ingress rules, both where there are both, else Ingress.
 * null: a word that is none of the two. Source: docs.tigera.io, NetworkPolicy, `types`.
 */
export const directionsOf = (spec: Json | undefined): readonly Direction[] | null => {
  const types = list(field(spec, 'types'))
  if (!types.every(type => type === 'Ingress' || type === 'Egress')) return null
  const has = (direction: Direction): boolean => list(field(spec, direction)).length > 0
  if (types.length === 0)
    return [
      ...(has('ingress') || !has('egress') ? ['ingress' as const] : []),
      ...(has('egress') ? ['egress' as const] : []),
    ]
  return [
    ...(types.includes('Ingress') ? ['ingress' as const] : []),
    ...(types.includes('Egress') ? ['egress' as const] : []),
  ]
}

/** Whom a policy selects, as one selector; null where a part of it is none. */
export const subjectSelectorOf = (spec: Json | undefined, namespace: string | null = null): CalicoSelector | null => {
  const parts: CalicoSelector[] = []
  for (const [key, as] of SUBJECT) {
    const written = key === 'namespaceSelector' && namespace !== null ? '' : (text(field(spec, key)) ?? '')
    const read = readSelector(written)
    if (read === null) return null
    if (written !== '') parts.push(as(read))
  }
  return {
    kind: 'and',
    of:
      namespace === null ? parts : [{ kind: 'compare', key: NAMESPACE, operator: '==', values: [namespace] }, ...parts],
  }
}

const SUBJECT = [
  ['namespaceSelector', ofNamespaces],
  ['selector', (selector: CalicoSelector) => selector],
  ['serviceAccountSelector', ofAccounts],
] as const

/** Whether a global policy selects a host endpoint, or may. No policy of a namespace does. */
export const selectsHost = ({ ref, spec }: ApiObject, { object }: HostEndpoint): boolean => {
  if (ref.kind !== 'GlobalNetworkPolicy') return false
  const selector = subjectSelectorOf(spec)
  return selector === null || holdsFor(selector, object.labels, new Map()) !== false
}

/** It selects a host endpoint and none of the pods that there are. */
export const isForHostsOnly = (object: ApiObject, context: CalicoContext): boolean => {
  if (!context.hostEndpoints.some(host => selectsHost(object, host))) return false
  const selector = subjectSelectorOf(object.spec)
  return selector !== null && !context.someoneIs(selector)
}
