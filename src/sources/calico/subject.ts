import { field, type Json, list, text } from '../../model/json.ts'
import type { Direction } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { holdsFor, NAMESPACE, ofAccounts, ofNamespaces, readSelector } from './endpoint-selector.ts'
import type { CalicoSelector } from './selector.ts'

/** Whom a policy is for, and in which directions. */

export const tierOf = (spec: Json | undefined): string => text(field(spec, 'tier')) || 'default'

/** What went into the datastore past Calico's API, as whoever reads the cluster's own documents gets it. */
export const isStored = ({ ref }: ApiObject): boolean => ref.group === 'crd.projectcalico.org'

/**
 * Without `types`: Egress alone where there are egress rules and no ingress rules, both where there are both, else Ingress.
 * Calico's API fills that in on the way in, never on the way out: what is stored without it is about both directions.
 * null: a word that is none of the two. Source: docs.tigera.io, NetworkPolicy, `types`; libcalico-go, clientv3,
 * defaultPolicyTypesField; felix/calc, ExtractPolicyMetadata.
 */
export const directionsOf = (object: ApiObject): readonly Direction[] | null => {
  const types = list(field(object.spec, 'types'))
  if (!types.every(type => type === 'Ingress' || type === 'Egress')) return null
  const has = (direction: Direction): boolean => list(field(object.spec, direction)).length > 0
  const isAbout: Readonly<Record<Direction, boolean>> =
    types.length > 0
      ? { ingress: types.includes('Ingress'), egress: types.includes('Egress') }
      : isStored(object)
        ? { ingress: true, egress: true }
        : { ingress: has('ingress') || !has('egress'), egress: has('egress') }
  return (['ingress', 'egress'] as const).filter(direction => isAbout[direction])
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
