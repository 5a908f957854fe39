import type { FlowLog } from '../../model/fabric.ts'
import { field, integer } from '../../model/json.ts'
import { cloudObject, type Item, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { idOfResource } from './resource.ts'

/** Source: EC2 API Reference, FlowLog; VPC User Guide, “Flow log basics”. */
export const lowerFlowLog = (item: Item): Lowered<FlowLog> => {
  const { body } = item
  const object = cloudObject('FlowLogs', item)
  const resource = wordIn(body, 'ResourceId')
  const of = resource === null ? null : idOfResource(resource)
  const traffic = wordIn(body, 'TrafficType')
  const keeps = traffic === null ? 'all' : KEEPS.get(traffic)
  return {
    id: object.id,
    item,
    value:
      of === null || keeps === undefined
        ? null
        : {
            ...object,
            of,
            keeps,
            broken: brokenIn(item),
            seconds: integer(field(body, 'MaxAggregationInterval')) ?? null,
          },
    faults: [
      ...(of === null ? ['what it watches is not told'] : []),
      ...(keeps === undefined ? [`what \`${traffic}\` keeps is not known`] : []),
    ],
  }
}

/** Of transit gateways everything is kept, and nothing said of it. */
const KEEPS: ReadonlyMap<string, FlowLog['keeps']> = new Map([
  ['ALL', 'all'],
  ['ACCEPT', 'accepted'],
  ['REJECT', 'rejected'],
])

const brokenIn = ({ body }: Item): string | null => {
  const [status, delivery] = [wordIn(body, 'FlowLogStatus'), wordIn(body, 'DeliverLogsStatus')]
  if (status !== null && status !== 'ACTIVE') return `it is in the state \`${status}\``
  if (delivery !== 'FAILED') return null
  const message = wordIn(body, 'DeliverLogsErrorMessage')
  return `its delivery fails${message === null ? '' : ` (\`${message}\`)`}`
}
