import { profileFor } from '../app/reach-question.ts'
import type { Profile } from '../model/profile.ts'
import type { Flags } from './flags.ts'
import { UsageError } from './usage-error.ts'

/**
 * What `--cni` names; null: what the estate shows. `verb`: whose help lists the names. Errors: UsageError for a name that no
 * profile has.
 */
export const profileOf = (flags: Flags, verb: 'can' | 'reach' | 'scan'): Profile | null => {
  const profile = profileFor(flags.cni)
  if (profile === 'not known') throw new UsageError(`\`${flags.cni}\` is no profile: see \`postern ${verb} --help\``)
  return profile
}
