import { type Declaration, placesOf } from '../intent/declared.ts'
import { keyOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { type ClusterView, type Hit, hit } from './check.ts'
import { groupsIn } from './declared-view.ts'
import { nameOf } from './signatures.ts'
import { type Meeting, meetingOf } from './unmet.ts'

/** What becomes of one entry of an intent in a cluster. */
interface Unmet {
  readonly declaration: Declaration
  /** Workloads by how policy meets the entry for them. */
  readonly workloads: Readonly<Record<Meeting, Set<string>>>
}

/**
 * `broken`: policy stops it for every workload of this cluster that the entry speaks of. `partly`: for some of them, or some of
 * it: the entry is wider than policy.
 */
export function* unmetHits(
  view: ClusterView,
  wanted: 'broken' | 'partly',
  words: (
    places: readonly string[],
    workloads: readonly string[],
  ) => { readonly says: string; readonly remedy: (intent: string) => string },
): Iterable<Hit> {
  if (view.estate.intents.intents.length === 0) return
  for (const { declaration, workloads } of unmetIn(view)) {
    const { met, open, broken, partly } = workloads
    const isBroken = broken.size > 0 && met.size + open.size + partly.size === 0
    const concerned = isBroken ? broken : new Set([...partly, ...broken])
    if (concerned.size === 0 || isBroken !== (wanted === 'broken')) continue
    const { intent, allowance } = declaration
    const places = placesOf(allowance)
    const { says, remedy } = words(places, [...concerned].sort(compareText))
    yield hit(intent, says, remedy(intent.ref.name), {
      at: allowance.at,
      key: places.join(' '),
      owner: allowance.owner,
    })
  }
}

const unmetIn = (view: ClusterView): Iterable<Unmet> => {
  const { estate, today } = view
  const possible = view.possible()
  const found = new Map<string, Unmet>()
  for (const { stacks, subjects, declared } of groupsIn(estate, possible, today)) {
    for (const declaration of declared.declarations) {
      const { intent, allowance } = declaration
      const key = `${keyOf(intent.ref)} ${allowance.at.join('.')}`
      const known = found.get(key) ?? {
        declaration,
        workloads: { met: new Set(), open: new Set(), broken: new Set(), partly: new Set() },
      }
      found.set(key, known)
      const names = known.workloads[meetingOf(possible, stacks, allowance, estate.intents)]
      for (const subject of subjects) names.add(nameOf(subject))
    }
  }
  return found.values()
}
