import type { Tags } from '../../model/fabric.ts'
import { field, type JsonObject, list } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { idFor, wordIn } from './item.ts'
import { COLLECTION_NAMES } from './schema.ts'

/** Network interfaces call their tags otherwise than everything else does. Source: EC2 API Reference, Tag, NetworkInterface. */
export const tagsOf = (body: JsonObject): Tags =>
  new Map(
    [...list(field(body, 'Tags')), ...list(field(body, 'TagSet'))].flatMap(tag => {
      const [key, value] = [wordIn(tag, 'Key'), field(tag, 'Value')]
      return key === null || typeof value !== 'string' ? [] : [[key, value] as const]
    }),
  )

/** By object; of one that stands in several documents as the first by place says. */
export const tagsIn = (collected: Collected): ReadonlyMap<string, Tags> => {
  const found = new Map<string, Tags>()
  for (const collection of COLLECTION_NAMES)
    for (const { id, body } of collected.in(collection)) {
      const [key, tags] = [idFor(collection, id), tagsOf(body)]
      if (tags.size > 0 && !found.has(key)) found.set(key, tags)
    }
  return found
}
