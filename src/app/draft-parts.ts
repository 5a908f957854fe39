import { type Draft, inLists as listsOf } from '../intent/draft.ts'

/** What drafts for workloads and for nodes share. */

/** A name as the API server takes it. */
export const nameOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, MOST_LETTERS)

/** Names that others have, too, get a number: two documents of one name would declare nothing. */
export const withOwnNames = (drafts: readonly Draft[]): readonly Draft[] => {
  const used = new Set<string>()
  return drafts.map(draft => {
    let { name } = draft
    for (let i = 2; used.has(name); i++) name = `${draft.name.slice(0, MOST_LETTERS - `-${i}`.length)}-${i}`
    used.add(name)
    return { ...draft, name }
  })
}

const MOST_LETTERS = 253

/** As many as the schema takes in one list. */
const MOST_NAMES = 256

export const inLists = (names: readonly string[]): readonly (readonly string[])[] => listsOf(names, MOST_NAMES)

/** As many entries as the schema takes in one document. */
const MOST_ENTRIES = 256

/** Documents for the same subject that together say all of it. An empty list says something, too. */
export const inDocuments = (draft: Draft): readonly Draft[] =>
  draft.allow.length <= MOST_ENTRIES
    ? [draft]
    : listsOf(draft.allow, MOST_ENTRIES).map((allow, i) => ({
        ...draft,
        name: nameOf(`${draft.name}-${i + 1}`),
        allow,
      }))

export const uncertain = (isCertain: boolean): string | null =>
  isCertain ? null : 'whether policy lets it leave is open'
