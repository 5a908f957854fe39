import type { Gateway, HubDefaults } from '../../model/fabric.ts'
import { field } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { gateway } from './gateways.ts'
import { cloudObject, type Item, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { standingOf } from './standing.ts'

const ATTACHMENTS = [
  'TransitGatewayAttachments',
  'TransitGatewayVpcAttachments',
  'TransitGatewayPeeringAttachments',
] as const

/**
 * What many networks hang on. Which of them reach each other is in its own tables. While it is made or taken away nothing passes.
 * Source: EC2 API Reference, TransitGateway; TransitGatewayOptions, `SecurityGroupReferencingSupport`.
 */
export const lowerTransitGateway = (item: Item, { cut }: Collected): Lowered<Gateway> => {
  const state = wordIn(item.body, 'State')
  const standing = standingOf(state, ['available', 'modifying'], ['pending', 'deleting', 'deleted'])
  const lowered = gateway('TransitGateways', item, 'hub', null, standing)
  const isCut = ATTACHMENTS.some(key => cut.has(key))
  // Where it is on, attachments have a say in it, too.
  const isHiding = wordIn(field(item.body, 'Options'), 'SecurityGroupReferencingSupport') === 'disable'
  const value =
    lowered.value === null ? null : { ...lowered.value, isCut, ...(isHiding ? { hidesMembers: true as const } : {}) }
  return { ...lowered, value }
}

/** Source: EC2 API Reference, TransitGatewayOptions. */
export const hubDefaultsIn = (item: Item): readonly Lowered<HubDefaults>[] => {
  const object = cloudObject('TransitGateways', item)
  const options = field(item.body, 'Options')
  const [associates, propagates] = [
    wordIn(options, 'DefaultRouteTableAssociation'),
    wordIn(options, 'DefaultRouteTablePropagation'),
  ]
  if (associates === null || propagates === null) return []
  const value: HubDefaults = {
    ...object,
    at: [...item.at, 'Options'],
    associates: associates === 'enable',
    propagates: propagates === 'enable',
  }
  return [{ id: object.id, item, value, faults: [] }]
}
