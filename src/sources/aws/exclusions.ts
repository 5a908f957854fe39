import type { Exclusion } from '../../model/fabric.ts'
import { cloudObject, type Item, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { idOfResource } from './resource.ts'
import { standingOf } from './standing.ts'

/** Source: EC2 API Reference, VpcBlockPublicAccessExclusion; VPC User Guide, “Block public access to VPCs and subnets”. */
export const lowerExclusion = (item: Item): Lowered<Exclusion> => {
  const { body } = item
  const object = cloudObject('VpcBlockPublicAccessExclusions', item)
  const of = idOfResource(wordIn(body, 'ResourceArn') ?? '')
  const mode = wordIn(body, 'InternetGatewayExclusionMode')
  const lets = mode === 'allow-bidirectional' ? 'both' : mode === 'allow-egress' ? 'out' : null
  const { isUp, fault } = standingOf(wordIn(body, 'State'), UP, DOWN)
  return {
    id: object.id,
    item,
    value: of === null || lets === null || !isUp ? null : { ...object, of, lets },
    faults: [
      ...(of === null ? ['whom it is for is not told'] : []),
      ...(lets === null ? [`the mode \`${mode ?? ''}\` is not known`] : []),
      ...(fault === null ? [] : [fault]),
    ],
  }
}

const UP = ['create-complete', 'update-in-progress', 'update-complete', 'update-failed', 'delete-in-progress']
const DOWN = ['create-in-progress', 'create-failed', 'delete-complete', 'disable-in-progress', 'disable-complete']
