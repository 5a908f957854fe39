import { field, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'

/** Whom rules and routes are for: the tags and the account of a machine; null: not told, as of what no document shows. */
export interface Who {
  readonly tags: readonly string[] | null
  readonly account: string | null
}

export const ANYBODY: Who = { tags: null, account: null }

export type Applies = 'yes' | 'no' | 'perhaps'

/** Without a target it is everybody’s. A target of tags and one of accounts are never together. Source: “VPC firewall rules”, Targets. */
export const appliesTo = (tags: readonly string[], accounts: readonly string[], who: Who): Applies => {
  if (tags.length === 0 && accounts.length === 0) return 'yes'
  const byTag =
    tags.length === 0 ? 'no' : who.tags === null ? 'perhaps' : tags.some(tag => who.tags?.includes(tag)) ? 'yes' : 'no'
  const byAccount =
    accounts.length === 0
      ? 'no'
      : who.tags === null
        ? 'perhaps'
        : who.account !== null && accounts.includes(who.account)
          ? 'yes'
          : 'no'
  return byTag === 'yes' || byAccount === 'yes'
    ? 'yes'
    : byTag === 'perhaps' || byAccount === 'perhaps'
      ? 'perhaps'
      : 'no'
}

/** Source: Compute Engine API, Instance, `tags`, `serviceAccounts`. */
export const whoIn = (instance: Json): Who => ({
  tags: wordsIn(field(field(instance, 'tags'), 'items')),
  account: wordsIn(list(field(instance, 'serviceAccounts')).map(one => field(one, 'email') ?? null))[0] ?? null,
})

/** Texts of a list, each once and sorted. */
export const wordsIn = (value: Json | undefined): readonly string[] =>
  [...new Set(list(value).flatMap(one => text(one) ?? []))].sort(compareText)
