import { EVERY, NONE, type Selector } from '../../model/rule.ts'
import { type CalicoSelector, calicoSelects, parseCalicoSelector } from './selector.ts'

/**
 * Selectors over what Calico calls endpoints: pods, host endpoints and network sets, by their labels and those that they
 * inherit. A pod has those of its namespace under `pcns.`, those of its service account under `pcsa.`, and three of Calico's.
 * Source: libcalico-go, lib/backend/k8s/conversion, NamespaceToProfile, ServiceAccountToProfile; api/v3, constants.go.
 */

/** null: no selector, which Calico refuses. Between tokens it takes blanks and tabs only; `global()` is for namespaces. */
export const readSelector = (written: string, of: 'endpoint' | 'namespace' = 'endpoint'): CalicoSelector | null => {
  if (/[^\S \t]/.test(written)) return null
  const selector = parseCalicoSelector(written)
  return selector === null || (of === 'endpoint' && hasGlobal(selector)) ? null : selector
}

const hasGlobal = (selector: CalicoSelector): boolean =>
  selector.kind === 'global' ||
  (selector.kind === 'not'
    ? hasGlobal(selector.of)
    : (selector.kind === 'and' || selector.kind === 'or') && selector.of.some(hasGlobal))

export const NAMESPACE = 'projectcalico.org/namespace'
const IN_A_NAMESPACE: CalicoSelector = { kind: 'has', key: NAMESPACE }

/** `all()` is whoever is in a namespace, `global()` whoever is in none. Source: updateprocessors, getEndpointSelector. */
export const ofNamespaces = (selector: CalicoSelector): CalicoSelector => {
  switch (selector.kind) {
    case 'all':
      return IN_A_NAMESPACE
    case 'global':
      return { kind: 'not', of: IN_A_NAMESPACE }
    default:
      return inherited(selector, 'pcns.', ofNamespaces)
  }
}

/** `all()` is every endpoint in a rule, and whoever has an account as the subject of a global policy. */
export const ofAccounts = (selector: CalicoSelector): CalicoSelector => inherited(selector, 'pcsa.', ofAccounts)

const inherited = (
  selector: CalicoSelector,
  prefix: string,
  inner: (selector: CalicoSelector) => CalicoSelector,
): CalicoSelector => {
  switch (selector.kind) {
    case 'has':
    case 'compare':
      return { ...selector, key: `${prefix}${selector.key}` }
    case 'not':
      return { kind: 'not', of: inner(selector.of) }
    case 'and':
    case 'or':
      return { kind: selector.kind, of: selector.of.map(inner) }
    default:
      return selector
  }
}

/** What values a label has anywhere. */
export interface LabelValues {
  readonly valuesOf: (of: 'pod' | 'namespace', key: string) => readonly string[]
}

/** For pods. */
export const podSelectorOf = (selector: CalicoSelector, context: LabelValues): Selector => {
  switch (selector.kind) {
    case 'all':
      return EVERY
    case 'global':
      return NONE
    case 'not':
      return { kind: 'not', of: podSelectorOf(selector.of, context) }
    case 'and':
      return { kind: 'all', of: selector.of.map(part => podSelectorOf(part, context)) }
    case 'or':
      return { kind: 'any', of: selector.of.map(part => podSelectorOf(part, context)) }
    case 'has':
    case 'compare':
      return requirementOf(selector, context)
  }
}

type Test = CalicoSelector & { readonly kind: 'has' | 'compare' }

const requirementOf = (test: Test, context: LabelValues): Selector => {
  const { key } = test
  if (key === 'projectcalico.org/orchestrator') return calicoSelects(test, new Map([[key, 'k8s']])) ? EVERY : NONE
  if (key === NAMESPACE && test.kind === 'compare' && test.operator === '==')
    return { kind: 'namespace', name: test.values[0] ?? '' }
  if (key === NAMESPACE || key === 'pcns.projectcalico.org/name')
    return label(test, 'namespace', 'kubernetes.io/metadata.name', context)
  if (key === 'projectcalico.org/serviceaccount' || key === 'pcsa.projectcalico.org/name')
    return label(test, 'account', '', context)
  if (key.startsWith('pcns.')) return label(test, 'namespace', key.slice('pcns.'.length), context)
  if (key.startsWith('pcsa.')) return { kind: 'unknown', why: 'labels of service accounts are not read' }
  return label(test, 'pod', key, context)
}

/** A comparison of parts of a value is a choice among the values that there are. */
const label = (test: Test, of: 'pod' | 'namespace' | 'account', key: string, context: LabelValues): Selector => {
  if (test.kind === 'has') return { kind: 'label', of, requirement: { key, operator: 'Exists', values: [] } }
  const { operator, values } = test
  if (operator === '==' || operator === 'in') return { kind: 'label', of, requirement: { key, operator: 'In', values } }
  if (operator === '!=' || operator === 'not in')
    return { kind: 'label', of, requirement: { key, operator: 'NotIn', values } }
  if (of === 'account') return { kind: 'unknown', why: `\`${operator}\` compares parts of the name of an account` }
  const meant = context.valuesOf(of, key).filter(value => calicoSelects(test, new Map([[test.key, value]])))
  return { kind: 'label', of, requirement: { key, operator: 'In', values: meant } }
}

/** For something with labels of its own; `inherits`: what it has under `pcns.`, null where that was not read. */
export const holdsFor = (
  selector: CalicoSelector,
  labels: ReadonlyMap<string, string>,
  inherits: ReadonlyMap<string, string> | null,
): boolean | null => {
  switch (selector.kind) {
    case 'not': {
      const inner = holdsFor(selector.of, labels, inherits)
      return inner === null ? null : !inner
    }
    case 'and':
    case 'or': {
      const settles = selector.kind === 'or'
      const parts = selector.of.map(part => holdsFor(part, labels, inherits))
      return parts.includes(settles) ? settles : parts.includes(null) ? null : !settles
    }
    case 'has':
    case 'compare':
      if (!selector.key.startsWith('pcns.')) return calicoSelects(selector, labels)
      return inherits === null
        ? null
        : calicoSelects({ ...selector, key: selector.key.slice('pcns.'.length) }, inherits)
    default:
      return selector.kind === 'all'
  }
}
