import type { Judged, NamespaceFacts } from '../../../model/access.ts'
import { globMatches } from '../../../model/glob.ts'
import { type LabelSelector, selectorMatches } from '../../../model/selector.ts'

/**
 * Where a rule of admission holds, put together from small parts. What is not evaluated stays `unknown` through every
 * combination, so that a namespace never counts as covered because a condition was left out.
 */
export type Scope = (namespace: NamespaceFacts) => Judged

const ALL: Judged = { kind: 'all' }
const NONE: Judged = { kind: 'none' }

export const everywhere: Scope = () => ALL
export const nowhere: Scope = () => NONE
export const doubtful = (why: string): Scope => {
  const judged: Judged = { kind: 'unknown', why }
  return () => judged
}

/** No pattern at all is every namespace. */
export const named = (patterns: readonly string[]): Scope =>
  patterns.length === 0 ? everywhere : ({ name }) => (patterns.some(pattern => globMatches(pattern, name)) ? ALL : NONE)

/** The one label that the API server writes on every namespace, read or not. */
const NAME_LABEL = 'kubernetes.io/metadata.name'

export const labelled = (selector: LabelSelector | null): Scope => {
  if (selector === null || selector.requirements.length === 0) return everywhere
  const byName = selector.requirements.every(({ key }) => key === NAME_LABEL)
  return ({ name, labels, read }) => {
    if (!read && !byName) return { kind: 'unknown', why: 'it selects by labels of the namespace, which were not read' }
    const known = labels.has(NAME_LABEL) ? labels : new Map([...labels, [NAME_LABEL, name] as const])
    return selectorMatches(selector, known) ? ALL : NONE
  }
}

export const both =
  (...scopes: readonly Scope[]): Scope =>
  namespace => {
    let answer: Judged = ALL
    for (const scope of scopes) {
      const judged = scope(namespace)
      if (judged.kind === 'none') return NONE
      if (answer.kind === 'all') answer = judged
    }
    return answer
  }

export const either =
  (...scopes: readonly Scope[]): Scope =>
  namespace => {
    let answer: Judged = NONE
    for (const scope of scopes) {
      const judged = scope(namespace)
      if (judged.kind === 'all') return ALL
      if (answer.kind === 'none') answer = judged
    }
    return answer
  }

export const except =
  (scope: Scope): Scope =>
  namespace => {
    const judged = scope(namespace)
    return judged.kind === 'all' ? NONE : judged.kind === 'none' ? ALL : judged
  }

/** All or unknown: for what may or may not be in force. */
export const perhapsExcept =
  (scope: Scope, why: string): Scope =>
  namespace =>
    scope(namespace).kind === 'none' ? ALL : { kind: 'unknown', why }
