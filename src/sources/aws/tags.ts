import type { Tags } from '../../model/fabric.ts'
import { field, isObject, type JsonObject, list } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { idFor, wordIn } from './item.ts'
import { COLLECTION_NAMES, SINGLES } from './schema.ts'

/**
 * Network interfaces call their tags otherwise than everything else does, and ECS writes its keys in lower case.
 * Source: EC2 API Reference, Tag, NetworkInterface; ECS API Reference, Tag.
 */
export const tagsOf = (body: JsonObject): Tags =>
  new Map(
    ['Tags', 'TagSet', 'tags']
      .flatMap(key => list(field(body, key)))
      .flatMap(tag => {
        const key = wordIn(tag, 'Key') ?? wordIn(tag, 'key')
        const value = field(tag, 'Value') ?? field(tag, 'value')
        return key === null || typeof value !== 'string' ? [] : [[key, value] as const]
      }),
  )

/** By object; of one that stands in several documents as the first by place says. */
export const tagsIn = (collected: Collected): ReadonlyMap<string, Tags> => {
  const found = new Map<string, Tags>()
  for (const collection of COLLECTION_NAMES)
    for (const { id, body } of collected.in(collection)) {
      const own = SINGLES.includes(collection) ? field(body, collection) : body
      const [key, tags] = [idFor(collection, id), isObject(own) ? tagsOf(own) : new Map()]
      if (tags.size > 0 && !found.has(key)) found.set(key, tags)
    }
  return found
}
