import { field, list, text, texts } from '../../model/json.ts'
import { EVERY, NONE, type RulePolicy, type Selector } from '../../model/rule.ts'
import type { LabelRequirement } from '../../model/selector.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { lowerOpaquePolicy } from '../kubernetes/opaque-policy.ts'
import { both } from '../kubernetes/rule-parts.ts'
import type { Tiers } from './lower.ts'
import { type CalicoSelector, parseCalicoSelector } from './selector.ts'

/**
 * Calico's policies, whose rules are not read yet: whom they select is exact where labels decide it.
 * Source: docs.tigera.io, NetworkPolicy and GlobalNetworkPolicy, `selector`, `namespaceSelector`, `types`.
 */
export const lowerCalicoRules = (object: ApiObject, tiers: Tiers): readonly RulePolicy[] => {
  const { spec, ref } = object
  const isGlobal = ref.kind.includes('Global')
  const tier = text(field(spec, 'tier')) || 'default'
  // A staged policy does nothing, and neither does one whose tier is not there.
  if (ref.kind.startsWith('Staged') || !tiers.has(tier)) return []
  const written = texts(field(spec, 'types'))
  const egress = written.length > 0 ? written.includes('Egress') : list(field(spec, 'egress')).length > 0
  const ingress = written.length > 0 ? written.includes('Ingress') : !egress || list(field(spec, 'ingress')).length > 0
  const accounts = text(field(spec, 'serviceAccountSelector')) ?? ''
  const subject = both(
    isGlobal
      ? selectorOf(text(field(spec, 'namespaceSelector')) ?? '', 'namespace')
      : { kind: 'namespace', name: ref.namespace ?? 'default' },
    selectorOf(text(field(spec, 'selector')) ?? '', 'pod'),
    accounts === '' ? EVERY : { kind: 'unknown', why: 'labels of service accounts are not read' },
  )
  return [
    lowerOpaquePolicy(object, 'calico', subject, [
      ...(egress ? (['egress'] as const) : []),
      ...(ingress ? (['ingress'] as const) : []),
    ]),
  ]
}

const selectorOf = (written: string, of: 'pod' | 'namespace'): Selector => {
  const selector = parseCalicoSelector(written)
  return selector === null ? { kind: 'unknown', why: `\`${written}\` is no selector` } : expression(selector, of)
}

const expression = (selector: CalicoSelector, of: 'pod' | 'namespace'): Selector => {
  switch (selector.kind) {
    case 'all':
      return EVERY
    case 'global':
      return NONE
    case 'not':
      return { kind: 'not', of: expression(selector.of, of) }
    case 'and':
      return { kind: 'all', of: selector.of.map(part => expression(part, of)) }
    case 'or':
      return { kind: 'any', of: selector.of.map(part => expression(part, of)) }
    case 'has':
      return label(of, { key: selector.key, operator: 'Exists', values: [] })
    case 'compare': {
      const { key, operator, values } = selector
      if (operator === '==' || operator === 'in') return label(of, { key, operator: 'In', values })
      if (operator === '!=' || operator === 'not in') return label(of, { key, operator: 'NotIn', values })
      return { kind: 'unknown', why: `\`${operator}\` compares parts of a label` }
    }
  }
}

/** Calico adds labels of its own to those of pods and namespaces. */
const label = (of: 'pod' | 'namespace', requirement: LabelRequirement): Selector => {
  const { key } = requirement
  if (key === 'projectcalico.org/namespace' || (of === 'namespace' && key === 'projectcalico.org/name'))
    return { kind: 'label', of: 'namespace', requirement: { ...requirement, key: 'kubernetes.io/metadata.name' } }
  if (key === 'projectcalico.org/serviceaccount')
    return { kind: 'label', of: 'account', requirement: { ...requirement, key: '' } }
  if (key === 'projectcalico.org/orchestrator') return { kind: 'unknown', why: `label \`${key}\` is Calico’s own` }
  return { kind: 'label', of, requirement }
}
