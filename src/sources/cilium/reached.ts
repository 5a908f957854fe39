import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt, Peer } from '../../model/rule.ts'

/** Something a reader of the result should know about a place in the document. */
export interface Note {
  readonly at: DocumentPath
  readonly why: string
}

/** What a member of a rule reaches: for certain, and perhaps. */
export interface Reached {
  readonly sure: readonly Peer[]
  readonly maybe: readonly { readonly peers: readonly Peer[]; readonly doubt: Doubt }[]
  readonly notes: readonly Note[]
}

export const NOWHERE: Reached = { sure: [], maybe: [], notes: [] }

export const surely = (...peers: readonly Peer[]): Reached => ({ ...NOWHERE, sure: peers })

export const perhaps = (peers: readonly Peer[], doubt: Doubt): Reached => ({ ...NOWHERE, maybe: [{ peers, doubt }] })

export const nowhereBecause = (at: DocumentPath, why: string): Reached => ({ ...NOWHERE, notes: [{ at, why }] })

/** Nobody can tell what this reaches. */
export const anywhere = (doubt: Doubt): Reached => surely({ kind: 'unknown', doubt })

export const together = (parts: readonly Reached[]): Reached => ({
  sure: parts.flatMap(part => part.sure),
  maybe: parts.flatMap(part => part.maybe),
  notes: parts.flatMap(part => part.notes),
})
