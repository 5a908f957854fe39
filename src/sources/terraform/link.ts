import { compareText } from '../../model/order.ts'
import type { NounName } from './nouns.ts'
import type { Resource } from './resource.ts'

/** What an attribute names. */
export type Link =
  | { readonly kind: 'none' }
  /** `of`: the resource that it is the id of, where it is one of these. */
  | { readonly kind: 'id'; readonly id: string; readonly of: Resource | null }
  /** One of these, or nobody can tell what; `isAll`: it is none but these. */
  | { readonly kind: 'open'; readonly why: string; readonly among: readonly Named[]; readonly isAll: boolean }

export interface Named {
  readonly id: string
  readonly of: Resource | null
}

/** What a list names. `open`: perhaps some of `among` beside; `isAll`: nothing but those. */
export interface Links {
  readonly named: readonly Named[]
  readonly open: { readonly why: string; readonly among: readonly Named[]; readonly isAll: boolean } | null
}

export interface Linking {
  readonly link: (resource: Resource, key: string, noun: NounName) => Link
  readonly links: (resource: Resource, key: string, noun: NounName) => Links
  /** What one element of an attribute names, where its references stand in one list for all of them: the only one of its kind. */
  readonly linkWithin: (resource: Resource, key: string, noun: NounName) => Link
  /** Whether something that is perhaps open goes into an attribute; it is not where nobody wrote it. */
  readonly isFed: (resource: Resource, key: string) => boolean
  /** Ids that are known, with the resource that has each. */
  readonly named: (id: string) => Named
}

/** Some of them by name: who reads it wants to know what it is about. */
const SHOWN = 4

export const whyOpen = (
  { address }: Resource,
  key: string,
  is: 'is one of' | 'is some of',
  among: readonly Named[],
  isAll: boolean,
): string => {
  const ids = among.map(({ id }) => id).sort(compareText)
  const shown = ids.slice(0, SHOWN).map(id => `\`${id}\``)
  const rest = ids.length > SHOWN ? [`${ids.length - SHOWN} more`] : []
  if (ids.length === 0) return `what \`${key}\` of \`${address}\` names is not known before it is applied`
  const others = isAll ? '' : ', or something else'
  return `\`${key}\` of \`${address}\` ${is} ${[...shown, ...rest].join(', ')}${others}: the plan does not tell which`
}
