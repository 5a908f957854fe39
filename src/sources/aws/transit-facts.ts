import { at, field, isObject, list, text } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { type Item, wordIn } from './item.ts'
import { type AttachmentFact, NOTHING, tableFact, typeIn } from './transit-fact.ts'
import { mentionsIn } from './transit-mentions.ts'
import { ofPeering } from './transit-peerings.ts'

/**
 * Five kinds of output speak of attachments, and none tells all of it.
 * Source: EC2 API Reference, TransitGatewayAttachment, TransitGatewayVpcAttachment, TransitGatewayPeeringAttachment,
 * TransitGatewayRoute, TransitGatewayRouteTableAssociation, TransitGatewayRouteTablePropagation.
 */
export const attachmentFactsIn = (collected: Collected): readonly AttachmentFact[] => {
  const hubs = new Map(
    collected.in('TransitGatewayRouteTables').map(({ id, body }) => [id, wordIn(body, 'TransitGatewayId')] as const),
  )
  return [
    ...collected.in('TransitGatewayVpcAttachments').map(ofVpc),
    ...collected.in('TransitGatewayAttachments').map(ofAny),
    ...collected.in('TransitGatewayPeeringAttachments').flatMap(ofPeering),
    ...collected.hubTables.flatMap(item => mentionsIn(item, hubs.get(item.id) ?? null)),
  ]
}

/** With appliance mode the subnet is chosen by flow; where nothing is said of it, it may be. */
const ofVpc = (item: Item): AttachmentFact => {
  const { id, body } = item
  const subnets = field(body, 'SubnetIds')
  return {
    ...NOTHING,
    id,
    hub: wordIn(body, 'TransitGatewayId'),
    item,
    isObject: true,
    account: wordIn(body, 'VpcOwnerId'),
    state: wordIn(body, 'State'),
    type: 'vpc',
    resource: wordIn(body, 'VpcId'),
    place: Array.isArray(subnets)
      ? {
          subnets: list(subnets)
            .flatMap(one => text(one) ?? [])
            .toSorted(),
          byFlow: text(at(body, 'Options', 'ApplianceModeSupport')) !== 'disable',
          propagatesV6: text(at(body, 'Options', 'Ipv6Support')) !== 'disable',
        }
      : null,
  }
}

/** Without an association in it, it has none, unless whoever was shown it owns what is attached and not the transit gateway. */
const ofAny = (item: Item): AttachmentFact => {
  const { id, body } = item
  const association = field(body, 'Association')
  const isShared = wordIn(body, 'ResourceOwnerId') !== wordIn(body, 'TransitGatewayOwnerId')
  return {
    ...NOTHING,
    id,
    hub: wordIn(body, 'TransitGatewayId'),
    item,
    isObject: true,
    account: wordIn(body, 'ResourceOwnerId'),
    state: wordIn(body, 'State'),
    type: typeIn(body),
    resource: wordIn(body, 'ResourceId'),
    table: isObject(association)
      ? tableFact(wordIn(association, 'TransitGatewayRouteTableId'), association)
      : isShared
        ? null
        : { kind: 'none' },
  }
}
