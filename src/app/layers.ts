import { type Change, compareClusters } from '../engine/compare.ts'
import type { Subject } from '../engine/population.ts'
import { idOf, keyOf, type ObjectRef } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Layer } from '../model/reach.ts'
import type { RulePolicy } from '../model/rule.ts'
import { membersOf } from '../sets/bit-set.ts'
import { reasonsIn } from './because.ts'
import { changeWriter } from './change-writer.ts'
import { compareChanges } from './compare-reach.ts'
import type { LoadedEstate } from './load.ts'
import { withoutPolicy } from './opened-by.ts'
import type { Possible, PossibleOptions } from './possible.ts'

/**
 * Which single change would open what: for each document what leaves a workload, or may, once that document alone is taken away.
 * Of what is denied and stands nowhere here, several layers each hold it by themselves. Policies of one cluster are asked; a
 * mesh, whose word binds nobody, is not.
 */
export const layersIn = (
  possible: Possible,
  loaded: LoadedEstate,
  options: PossibleOptions,
  wants: (subject: Subject) => boolean,
): ((subject: Subject) => readonly Layer[]) => {
  const found = new Map<string, Layer[]>()
  for (const ref of closingFor(possible, wants)) {
    const without = withoutPolicy(possible, ref, options)
    const { gained } = compareClusters(possible, without, wants)
    for (const [key, changes] of Map.groupBy(gained, ({ subject }) => rowOf(subject))) {
      const layer = { object: idOf(ref), opens: written(without, loaded, changes) }
      found.set(key, [...(found.get(key) ?? []), layer])
    }
  }
  return subject => found.get(rowOf(subject)) ?? []
}

const rowOf = ({ workload, variant }: Subject): string => `${keyOf(workload.ref)} ${variant ?? ''}`

/** Documents that may stop what one of the subjects sends: at its own end, or at that of anybody in the cluster. */
const closingFor = (
  { engine: { cluster, population, selection } }: Possible,
  wants: (subject: Subject) => boolean,
): readonly ObjectRef[] => {
  const senders = population.subjects.filter(wants)
  const own = new Set(senders.map(({ identity }) => identity))
  const selectsOne = (policy: RulePolicy): boolean =>
    policy.selects === 'nodes'
      ? senders.some(({ identity }) => identity === null)
      : membersOf(selection.of(policy.subject).may).some(member => own.has(member))
  const refs = cluster.rulePolicies.flatMap(policy =>
    (mayStop(policy.egress) && selectsOne(policy)) || mayStop(policy.ingress) ? [policy.ref] : [],
  )
  return [...new Map(refs.map(ref => [keyOf(ref), ref])).values()].sort(
    (a, b) => compareText(idOf(a), idOf(b)) || compareText(a.group, b.group),
  )
}

const mayStop = ({ rules, isolates }: RulePolicy['egress']): boolean => rules.length > 0 || isolates !== false

const written = (possible: Possible, { lineOf }: LoadedEstate, changes: readonly Change[]): Layer['opens'] => {
  const reasons = reasonsIn(possible.engine, lineOf)
  const write = changeWriter(possible)
  return changes
    .flatMap(change => write(change, reasons(change.subject, change.entry)))
    .sort(compareChanges)
    .map(({ workload: _workload, variant: _variant, ...region }) => ({ ...region, path: [] }))
}
