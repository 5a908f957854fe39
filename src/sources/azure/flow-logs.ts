import type { FlowLog } from '../../model/fabric.ts'
import type { Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item } from './item.ts'
import { idOf, prop, word } from './property.ts'

/**
 * Both kinds keep what groups refuse, too. One that is for a group watches what has that group.
 * Source: Azure REST API Reference, FlowLog; Azure Network Watcher, “VNet flow logs”, which counts by the minute.
 */
export const lowerFlowLog = (item: Item): Lowered<FlowLog> => {
  const of = idOf(prop(item.body, 'targetResourceId'))
  const isOn = prop(item.body, 'enabled') !== false
  const filter = word(item.body, 'enabledFilteringCriteria')
  return {
    id: item.id,
    item,
    value:
      of === null
        ? null
        : { ...cloudObject(item), of, keeps: 'all', broken: isOn ? null : 'it is turned off', seconds: 60 },
    faults: [
      ...(of === null ? ['what it watches is not told'] : []),
      ...(filter === null ? [] : ['which flows it leaves out is not evaluated']),
    ],
  }
}
