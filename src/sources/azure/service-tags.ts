import { field, type Json, type JsonObject, list } from '../../model/json.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { rangesOf, word, wordsUnder } from './property.ts'

/** Blocks that belong to services of the provider. */
export interface ServiceTags {
  /** By name, in whatever case: `Storage`, `Storage.WestEurope`; null: no document tells. */
  readonly get: (name: string) => readonly AnyCidr[] | null
}

/** Lists of several regions hold the same tags. Source: Azure REST API Reference, Service Tags - List. */
export const serviceTagsIn = (documents: readonly JsonObject[]): ServiceTags => {
  const written = new Map<string, Json[]>()
  for (const body of documents)
    for (const one of list(field(body, 'values'))) {
      const name = word(one, 'name')?.toLowerCase()
      if (name === undefined) continue
      written.set(name, [...(written.get(name) ?? []), ...wordsUnder(one, 'addressPrefixes')])
    }
  const read = new Map<string, readonly AnyCidr[]>()
  return {
    get: name => {
      const key = name.toLowerCase()
      const blocks = written.get(key)
      if (blocks === undefined) return null
      const known = read.get(key) ?? rangesOf([...new Set(blocks)]).ranges
      read.set(key, known)
      return known
    },
  }
}

/** What would tell the blocks of a tag. */
export const TAGS_READ = 'the output of `az network list-service-tags` of its region'
