import type { FlowLog } from '../../../model/fabric.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { watchedIn } from '../flow-logs.ts'
import type { FabricView } from '../view.ts'
import { shortOf } from '../words.ts'

export const partialFlowLog: FabricCheck = {
  id: 'PST-T008',
  title: 'Flow log that keeps half of it, or nothing',
  severity: 'medium',
  why: 'A log of what was refused does not show what left, and a log of what passed does not show who tried. One whose delivery fails looks like one in every list and keeps nothing.',
  remedy: 'Keep all traffic, and look after the delivery.',
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html',
  ],
  *run(view) {
    const told = new Set<string>()
    for (const { network, logs } of watchedIn(view))
      for (const log of logs) {
        const says = lackOf(log)
        // What one leaves out another one of the same object may keep.
        const whole = logs.some(
          ({ of, keeps, broken }) => (of === log.of || of === network.id) && keeps === 'all' && broken === null,
        )
        if (says === null || whole || told.has(log.id)) continue
        told.add(log.id)
        yield hitOn(
          log,
          `it watches \`${shortOf(log.of)}\`, where nodes stand, and ${says}`,
          log.broken === null
            ? `replace \`${shortOf(log.id)}\` by a flow log that keeps all traffic`
            : `repair what \`${shortOf(log.id)}\` delivers to, or make it anew`,
          {
            path: [{ hop: kindOf(view, log.of), id: log.of }],
            severity: log.broken === null && log.keeps === 'accepted' ? 'low' : null,
            witness: log.broken ?? WORDS[log.keeps],
          },
        )
      }
  },
}

const lackOf = ({ broken, keeps }: FlowLog): string | null => {
  if (broken !== null) return broken
  switch (keeps) {
    case 'all':
      return null
    case 'accepted':
      return 'keeps what passed alone: nobody sees who tried'
    case 'rejected':
      return 'keeps what was refused alone: nobody sees what left'
  }
}

const kindOf = ({ places }: FabricView, id: string): string =>
  places.networks.has(id) ? 'network' : places.interfaces.has(id) ? 'interface' : 'subnet'

const WORDS: Readonly<Record<FlowLog['keeps'], string>> = {
  all: 'TrafficType: ALL',
  accepted: 'TrafficType: ACCEPT',
  rejected: 'TrafficType: REJECT',
}
