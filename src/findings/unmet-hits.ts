import { type Declaration, placesOf } from '../intent/declared.ts'
import { keyOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { type ClusterView, type Hit, hit } from './check.ts'
import { groupsIn } from './declared-view.ts'
import { nameOf } from './signatures.ts'
import { type Meeting, meetingOf } from './unmet.ts'

/** One hit for each entry of an intent that policy meets so, with the workloads of this cluster for which it does. */
export function* unmetHits(
  view: ClusterView,
  wanted: Meeting,
  words: (
    places: readonly string[],
    workloads: readonly string[],
  ) => { readonly says: string; readonly remedy: (intent: string) => string },
): Iterable<Hit> {
  const { estate } = view
  if (estate.intents.intents.length === 0) return
  const possible = view.possible()
  const found = new Map<string, { readonly declaration: Declaration; readonly workloads: Set<string> }>()
  for (const { stacks, subjects, declared } of groupsIn(estate, possible, view.today)) {
    for (const declaration of declared.declarations) {
      const { intent, allowance } = declaration
      if (meetingOf(possible, stacks, allowance, estate.intents) !== wanted) continue
      const key = `${keyOf(intent.ref)} ${allowance.at.join('.')}`
      const known = found.get(key) ?? { declaration, workloads: new Set<string>() }
      found.set(key, known)
      for (const subject of subjects) known.workloads.add(nameOf(subject))
    }
  }
  for (const { declaration, workloads } of found.values()) {
    const { intent, allowance } = declaration
    const places = placesOf(allowance)
    const { says, remedy } = words(places, [...workloads].sort(compareText))
    yield hit(intent, says, remedy(intent.ref.name), {
      at: allowance.at,
      key: places.join(' '),
      owner: allowance.owner,
    })
  }
}
