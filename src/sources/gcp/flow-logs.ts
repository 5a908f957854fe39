import type { FlowLog } from '../../model/fabric.ts'
import { field, text } from '../../model/json.ts'
import { cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idFor } from './links.ts'

/** Flow logs are a setting of a subnet. Source: Compute Engine API, Subnetwork, `logConfig`; “VPC Flow Logs”. */
export const flowLogsIn = (
  subnets: readonly GcpItem[],
): { readonly values: readonly FlowLog[]; readonly faults: readonly Fault[] } => {
  const faults: Fault[] = []
  const values = subnets.flatMap((item): readonly FlowLog[] => {
    const config = field(item.body, 'logConfig')
    if (field(config, 'enable') !== true && field(item.body, 'enableFlowLogs') !== true) return []
    const { project, place, name } = item.link
    const sampling = field(config, 'flowSampling')
    const filter = text(field(config, 'filterExpr'))
    if (typeof sampling === 'number' && sampling < 1)
      faults.push({ id: item.id, why: `its flow log keeps a sample of ${sampling} of what it sees` })
    if (filter !== undefined && filter !== '' && filter !== 'true')
      faults.push({ id: item.id, why: 'what the filter of its flow log leaves out is not evaluated' })
    const [, amount, unit] = /^INTERVAL_(\d+)_(SEC|MIN)$/.exec(text(field(config, 'aggregationInterval')) ?? '') ?? []
    return [
      {
        ...cloudObject(item, { id: idFor('flow-log', project, place, name), at: ['logConfig'] }),
        of: item.id,
        keeps: 'all',
        broken: sampling === 0 ? 'it keeps a sample of nothing' : null,
        seconds: amount === undefined ? null : Number(amount) * (unit === 'MIN' ? 60 : 1),
      },
    ]
  })
  return { values, faults }
}
