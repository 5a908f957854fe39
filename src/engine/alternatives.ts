import { keyOf } from '../model/identity.ts'
import type { RulePolicy } from '../model/rule.ts'

/** Which of several documents for one object a policy comes from. */
export interface Alternative {
  readonly key: string
  readonly document: number
  readonly documents: number
}

/** Documents that differ and name one object are alternatives: one of them is what the cluster has. */
export const alternativesOf = (policies: readonly RulePolicy[]): ReadonlyMap<RulePolicy, Alternative> => {
  const found = new Map<RulePolicy, Alternative>()
  for (const [key, same] of Map.groupBy(policies, policy => keyOf(policy.ref))) {
    const documents = [...Map.groupBy(same, ({ origin }) => `${origin.source}|${origin.start}|${origin.item}`).values()]
    if (documents.length === 1) continue
    for (const [document, specs] of documents.entries())
      for (const policy of specs) found.set(policy, { key, document, documents: documents.length })
  }
  return found
}

/** Past this many combinations every alternative may count, each by itself. */
const MOST_WORLDS = 16

/**
 * Every choice of one document for each object; the answer must hold in all of them. null where they are too many to be
 * asked one by one.
 */
export const worldsOf = <T extends { readonly alternative: Alternative | null }>(
  all: readonly T[],
): readonly (readonly T[])[] | null => {
  const objects = new Map(
    all.flatMap(({ alternative }) => (alternative === null ? [] : [[alternative.key, alternative.documents]])),
  )
  let worlds: readonly ReadonlyMap<string, number>[] = [new Map()]
  for (const [key, documents] of objects) {
    if (worlds.length * documents > MOST_WORLDS) return null
    worlds = worlds.flatMap(world =>
      Array.from({ length: documents }, (_, document) => new Map([...world, [key, document]])),
    )
  }
  return worlds.map(world =>
    all.filter(({ alternative }) => alternative === null || world.get(alternative.key) === alternative.document),
  )
}
