import { idFor } from './item.ts'
import type { CollectionName } from './schema.ts'

/** Kinds by what their ids begin with. Source: EC2 User Guide, “Resource IDs”. */
const KINDS: ReadonlyMap<string, CollectionName> = new Map([
  ['vpc', 'Vpcs'],
  ['subnet', 'Subnets'],
  ['eni', 'NetworkInterfaces'],
  ['tgw', 'TransitGateways'],
  ['tgw-attach', 'TransitGatewayAttachments'],
])

/** The id of an object of which its own id is told alone, or an ARN that ends in it; null: of no kind that is known. */
export const idOfResource = (text: string): string | null => {
  const own = text.slice(text.lastIndexOf('/') + 1)
  const kind = KINDS.get(own.slice(0, own.lastIndexOf('-')))
  return kind === undefined ? null : idFor(kind, own)
}
