import type { Change } from '../engine/compare.ts'
import { exampleOf, packetTo } from '../engine/witness.ts'
import type { RegionChange } from '../model/diff.ts'
import { idOf } from '../model/identity.ts'
import { entryWriter } from './entry-writer.ts'
import type { Possible } from './possible.ts'
import type { StageReasons } from './reasons.ts'

/**
 * Writes changed regions of one side, one for each way out. They differ from the regions of `reach` in one point: several
 * workloads may be one destination there, and only some of them may have changed, so ids come with the change.
 */
export const changeWriter = (possible: Possible) => {
  const write = entryWriter(possible)
  const { table } = possible.engine
  return ({ subject, entry, ids }: Change, reasons: StageReasons): readonly RegionChange[] =>
    write(subject, entry, reasons).map(({ path: _path, to, witness, unknowns, ...rest }): RegionChange => {
      const isToWorkloads = to.kind === 'workloads'
      const [first] = ids
      const example = exampleOf(table.trafficOf(entry.traffic))
      const source = witness?.slice(0, witness.indexOf(' -> '))
      return {
        ...rest,
        workload: idOf(subject.workload.ref),
        variant: subject.variant,
        to: isToWorkloads ? { kind: 'workloads', ids } : to,
        // That the network was not assessed is said once, for the whole result.
        unknowns: unknowns.filter(unknown => unknown.stage !== 'fabric'),
        witness:
          !isToWorkloads || first === undefined || example === null || source === undefined
            ? witness
            : `${source} -> ${packetTo(first, example)}`,
      }
    })
}
