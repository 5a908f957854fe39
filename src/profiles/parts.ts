import type { BlockMeaning, Profile } from '../model/profile.ts'
import type { PolicyDialect } from '../model/rule.ts'

/** Building blocks of the profile files. They hold no fact of their own. */

type Source = Profile['sources'][number]

export const NOT_KNOWN: BlockMeaning = { pods: 'unknown', nodes: 'unknown' }
/** Addresses are compared as they stand in the packet, whoever has them. */
export const BY_ADDRESS: BlockMeaning = { pods: 'yes', nodes: 'yes' }

/** The dialects that are not named stay unknown: no one asks a plugin what a dialect means that it does not read. */
export const blocksOf = (known: Partial<Record<PolicyDialect, BlockMeaning>>): Profile['blocks'] => ({
  kubernetes: NOT_KNOWN,
  'policy-api': NOT_KNOWN,
  cilium: NOT_KNOWN,
  calico: NOT_KNOWN,
  other: NOT_KNOWN,
  ...known,
})

/** One sentence that several fields rest on. A field's name covers what lies under it: `blocks` covers `blocks.kubernetes`. */
export const from = (url: string, says: string, ...fields: readonly string[]): readonly Source[] =>
  fields.map(of => ({ of, says, url }))

/** These were looked for, in the documentation and at the address given, and not found. */
export const undocumented = (url: string, ...fields: readonly string[]): readonly Source[] =>
  from(url, 'Nothing was found, in its documentation or source, that says it.', ...fields)
