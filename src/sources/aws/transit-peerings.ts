import { field, type Json } from '../../model/json.ts'
import { type Item, wordIn } from './item.ts'
import { type AttachmentFact, NOTHING } from './transit-fact.ts'

/**
 * Both sides, of which each transit gateway has its own. Of the accepter’s side the id is told in a field of its own; where it is
 * not, or is the same, one of the two is a guess, which counts while nothing else is known of that side.
 */
export const ofPeering = (item: Item): readonly AttachmentFact[] => {
  const { id, body } = item
  const [requester, accepter] = [field(body, 'RequesterTgwInfo'), field(body, 'AccepterTgwInfo')]
  const other = wordIn(body, 'AccepterTransitGatewayAttachmentId')
  const side = (id: string, own: Json | undefined, far: Json | undefined, other: string | null) => ({
    ...NOTHING,
    id,
    hub: wordIn(own, 'TransitGatewayId'),
    item,
    isObject: true,
    account: wordIn(own, 'OwnerId'),
    state: wordIn(body, 'State'),
    type: wordIn(far, 'TransitGatewayId') === null ? 'core-network' : 'peering',
    resource: wordIn(far, 'TransitGatewayId'),
    other,
  })
  const guess = { isObject: false, isGuess: true }
  if (other === null) return [side(id, requester, accepter, null), { ...side(id, accepter, requester, null), ...guess }]
  if (other === id) return [side(id, accepter, requester, null), { ...side(id, requester, accepter, null), ...guess }]
  return [side(id, requester, accepter, other), { ...side(other, accepter, requester, id), isObject: false }]
}
