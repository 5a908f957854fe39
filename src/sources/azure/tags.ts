import type { Tags } from '../../model/fabric.ts'
import { field, type JsonObject, textMap } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { EVALUATED } from './schema.ts'

/** Source: Azure Resource Manager, “Use tags to organize your Azure resources”. */
export const tagsOf = (body: JsonObject): Tags => textMap(field(body, 'tags'))

/** By object; of one that stands in several documents as the first by place says. */
export const tagsIn = (collected: Collected): ReadonlyMap<string, Tags> => {
  const found = new Map<string, Tags>()
  for (const type of EVALUATED)
    for (const { id, body } of collected.in(type)) {
      const tags = tagsOf(body)
      if (tags.size > 0 && !found.has(id)) found.set(id, tags)
    }
  return found
}
