import { field, isObject, type Json, list } from '../../model/json.ts'
import { type Item, wordIn } from './item.ts'
import { type AttachmentFact, NOTHING, type TableFact, tableFact, typeIn } from './transit-fact.ts'

/** Keys under which the command line, or whoever wraps its output, writes associations. */
export const ASSOCIATION_KEYS = ['Associations', 'TransitGatewayRouteTableAssociations'] as const

export const PROPAGATIONS = 'TransitGatewayRouteTablePropagations'

/** What is said of attachments by the routes, associations and propagations of a table; `hub`: the transit gateway that it is of. */
export const mentionsIn = (item: Item, hub: string | null): readonly AttachmentFact[] => {
  const mention = (
    one: Json,
    steps: readonly (string | number)[],
    table: TableFact | null,
  ): readonly AttachmentFact[] => {
    const id = wordIn(one, 'TransitGatewayAttachmentId')
    if (id === null) return []
    const type = isObject(one) ? typeIn(one) : null
    const named = { ...item, at: [...item.at, ...steps] }
    return [{ ...NOTHING, id, hub, item: named, isObject: false, type, resource: wordIn(one, 'ResourceId'), table }]
  }
  return [
    ...ASSOCIATION_KEYS.flatMap(key =>
      list(field(item.body, key)).flatMap((one, i) => mention(one, [key, i], tableFact(item.id, one))),
    ),
    ...list(field(item.body, PROPAGATIONS)).flatMap((one, i) => mention(one, [PROPAGATIONS, i], null)),
    ...list(field(item.body, 'Routes')).flatMap((route, i) =>
      list(field(route, 'TransitGatewayAttachments')).flatMap((one, j) =>
        mention(one, ['Routes', i, 'TransitGatewayAttachments', j], null),
      ),
    ),
  ]
}
