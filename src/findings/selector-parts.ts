import type { Namespace } from '../model/cluster.ts'
import type { Selector } from '../model/rule.ts'
import { selectorMatches } from '../model/selector.ts'

/** A selector that joins conditions by and, taken apart: those on the namespace alone, and those that look at the pod. */
export interface SelectorParts {
  readonly namespaces: Selector
  readonly pods: Selector
  /** Nothing is asked of the pod itself. */
  readonly everyPod: boolean
}

export const partsOf = (selector: Selector): SelectorParts => {
  const leaves = leavesOf(selector)
  const namespaces = leaves.filter(isAboutNamespaces)
  const pods = leaves.filter(leaf => !isAboutNamespaces(leaf))
  return {
    namespaces: { kind: 'all', of: namespaces },
    pods: { kind: 'all', of: pods },
    everyPod: pods.length === 0,
  }
}

const leavesOf = (selector: Selector): readonly Selector[] =>
  selector.kind === 'all' ? selector.of.flatMap(leavesOf) : [selector]

const isAboutNamespaces = (leaf: Selector): boolean => {
  switch (leaf.kind) {
    case 'namespace':
      return true
    case 'label':
      return leaf.of === 'namespace'
    case 'not':
      return isAboutNamespaces(leaf.of)
    case 'all':
    case 'any':
      return leaf.of.length > 0 && leaf.of.every(isAboutNamespaces)
    case 'unknown':
      return false
  }
}

/** Whether a selector over namespaces holds for one; a part that is about pods holds. */
export const holdsForNamespace = (selector: Selector, namespace: Namespace): boolean => {
  switch (selector.kind) {
    case 'all':
      return selector.of.every(part => holdsForNamespace(part, namespace))
    case 'any':
      return selector.of.some(part => holdsForNamespace(part, namespace))
    case 'not':
      return !holdsForNamespace(selector.of, namespace)
    case 'namespace':
      return selector.name === namespace.ref.name
    case 'label':
      return selector.of !== 'namespace' || selectorMatches({ requirements: [selector.requirement] }, namespace.labels)
    case 'unknown':
      return true
  }
}

/** The keys of namespaces that it asks for, but for the name that the server itself puts there. */
export const namespaceKeysOf = (selector: Selector): readonly string[] =>
  leavesOf(selector).flatMap(leaf =>
    leaf.kind === 'label' &&
    leaf.of === 'namespace' &&
    leaf.requirement.key !== 'kubernetes.io/metadata.name' &&
    (leaf.requirement.operator === 'In' || leaf.requirement.operator === 'Exists')
      ? [leaf.requirement.key]
      : [],
  )

/** Whether a selector over pods may hold for these labels; what asks for more than labels may. */
export const mayHoldForLabels = (selector: Selector, labels: ReadonlyMap<string, string>): boolean => {
  switch (selector.kind) {
    case 'all':
      return selector.of.every(part => mayHoldForLabels(part, labels))
    case 'any':
      return selector.of.some(part => mayHoldForLabels(part, labels))
    case 'label':
      return selector.of !== 'pod' || selectorMatches({ requirements: [selector.requirement] }, labels)
    case 'not':
    case 'namespace':
    case 'unknown':
      return true
  }
}
