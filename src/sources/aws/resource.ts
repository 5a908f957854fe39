import { idFor } from './item.ts'
import type { CollectionName } from './schema.ts'

/** Kinds by what their ids begin with; longer ones stand first. Source: EC2 User Guide, “Resource IDs”. */
const KINDS: readonly (readonly [string, CollectionName])[] = [
  ['vpc-', 'Vpcs'],
  ['subnet-', 'Subnets'],
  ['eni-', 'NetworkInterfaces'],
  ['tgw-attach-', 'TransitGatewayAttachments'],
  ['tgw-', 'TransitGateways'],
]

/** The id of an object of which its own id is told alone, or an ARN that ends in it; null: of no kind that is known. */
export const idOfResource = (text: string): string | null => {
  const own = text.slice(text.lastIndexOf('/') + 1)
  const kind = KINDS.find(([prefix]) => own.startsWith(prefix))
  return kind === undefined ? null : idFor(kind[1], own)
}
