import type { Subject } from '../engine/population.ts'
import { globMatches } from '../model/glob.ts'
import { idOf } from '../model/identity.ts'
import type { Profile } from '../model/profile.ts'
import type { ReachResult } from '../model/reach.ts'
import { profileNamed } from '../profiles/profiles.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { LoadedEstate } from './load.ts'
import { reach } from './reach.ts'
import type { RelayedOptions } from './relayed.ts'

/** What a person may narrow the Possible to. */
export interface ReachQuestion extends Partial<RelayedOptions> {
  readonly profile: Profile | null
  readonly compat: 'np-guard' | null
  readonly by: 'workload' | 'class'
  readonly namespaces: readonly string[]
  readonly selector: string | null
  /** A workload's id, its last segments, or globs of them. */
  readonly from: string | null
  readonly all: boolean
  readonly layers?: boolean
}

/** The question names nothing that is there. */
export class ReachQuestionError extends Error {}

export const profileFor = (name: string | null): Profile | null | 'not known' =>
  name === null ? null : (profileNamed(name) ?? 'not known')

export const NO_SUCH_WORKLOAD = (from: string): string =>
  `--from \`${from}\` names no workload: write its id, or its last segments`

/** Errors: ReachQuestionError when `from` matches no workload. */
export const reachOf = (loaded: LoadedEstate, question: ReachQuestion): ReachResult => {
  const result = reachAsked(loaded, question)
  const { from } = question
  if (from !== null && result.workloads.length === 0) throw new ReachQuestionError(NO_SUCH_WORKLOAD(from))
  return result
}

/** The same of a part of the estate, where what is asked for need not be. */
export const reachAsked = (loaded: LoadedEstate, question: ReachQuestion): ReachResult => {
  const carries = question.selector === null ? null : parseLabelSelector(question.selector)
  const { namespaces, from } = question
  const wants = ({ workload }: Subject): boolean =>
    (namespaces.length === 0 || namespaces.includes(workload.namespace)) &&
    (carries === null || carries(workload.labels) || carries(workload.shape.labels)) &&
    (from === null || endsWithSegments(idOf(workload.ref), from))
  return reach(loaded, { ...question, wants })
}

export const hasUnknown = ({ workloads, classes = [] }: ReachResult): boolean =>
  [...workloads, ...classes].some(({ egress = [] }) => egress.some(entry => entry.verdict === 'unknown'))

/** Whether an id is the text, or ends in it after a slash; `*` is any run of characters. Kinds may be left out. */
export const endsWithSegments = (id: string, text: string): boolean => {
  const [cluster = '', namespace = '', kind = '', name = ''] = id.split('/')
  return [
    `${cluster}/${namespace}/${kind}/${name}`,
    `${namespace}/${kind}/${name}`,
    `${kind}/${name}`,
    name,
    `${namespace}/${name}`,
    `${cluster}/${namespace}/${name}`,
  ].some(form => globMatches(text, form))
}
