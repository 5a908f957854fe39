import type { DocumentPath } from '../../model/provenance.ts'
import { type CiliumContext, isOn } from './context.ts'

/** Something for which an agent, or the API server, turns a policy away. */
export interface Fault {
  readonly at: DocumentPath
  readonly why: string
  /** Not certain: the version or a setting decides. */
  readonly certain: boolean
}

export const fault = (at: DocumentPath, why: string): Fault => ({ at, why, certain: true })
export const perhapsFault = (at: DocumentPath, why: string): Fault => ({ at, why, certain: false })

/** What an agent takes only with this setting. */
export const needs = (
  setting: string,
  byDefault: boolean,
  at: DocumentPath,
  why: string,
  context: CiliumContext,
): readonly Fault[] => {
  const on = isOn(context, setting, byDefault)
  if (on === 'yes') return []
  if (on === 'no') return [fault(at, `${why}, which setting ${setting} does not allow`)]
  // Without settings at all: what is on by default is taken for on.
  return byDefault && context.settings === null ? [] : [perhapsFault(at, `${why}, which needs setting ${setting}`)]
}
