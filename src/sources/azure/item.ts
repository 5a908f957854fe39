import type { CloudObject } from '../../model/fabric.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Item as AnyItem } from '../aws/item.ts'
import { word } from './property.ts'
import { modelId, type ResourceId } from './resource-id.ts'

/** One resource of a document, with its place. `id` is the model’s. */
export interface Item extends AnyItem {
  readonly resource: ResourceId
}

export const cloudObject = (item: Item): CloudObject => ({
  id: modelId(item.resource),
  name: word(item.body, 'name') ?? item.resource.names.at(-1) ?? null,
  account: item.resource.subscription,
  region: regionOf(item),
  origin: item.origin,
  at: item.at,
})

/** `West Europe` is `westeurope`. */
const regionOf = ({ body }: Item): string | null => word(body, 'location')?.toLowerCase().replaceAll(' ', '') ?? null

/** Steps into the document down to something inside a resource. */
export const within = (item: Item, at: DocumentPath): DocumentPath => [...item.at, ...at]
