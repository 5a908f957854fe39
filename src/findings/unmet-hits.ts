import { type Declaration, placesOf } from '../intent/declared.ts'
import { keyOf, shortIdOf } from '../model/identity.ts'
import type { Allowance } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import { type ClusterView, type Hit, hit } from './check.ts'
import { groupsIn } from './declared-view.ts'
import type { PossibleView } from './possible-view.ts'
import { nameOf } from './signatures.ts'
import { type Meeting, type Unmet, unmetIn } from './unmet.ts'

/** What becomes of one entry of an intent in a cluster. */
interface Entry {
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
    through: readonly string[],
  ) => { readonly says: string; readonly remedy: (intent: string) => string },
): Iterable<Hit> {
  if (view.estate.intents.intents.length === 0) return
  const possible = view.possible()
  const unmet = unmetIn(possible, view.estate.intents)
  for (const { declaration, workloads } of entriesIn(view, possible, unmet)) {
    const { met, open, broken, partly } = workloads
    const isBroken = broken.size > 0 && met.size + open.size + partly.size === 0
    const concerned = isBroken ? broken : new Set([...partly, ...broken])
    if (concerned.size === 0 || isBroken !== (wanted === 'broken')) continue
    const { intent, allowance } = declaration
    const places = placesOf(allowance)
    const { says, remedy } = words(places, [...concerned].sort(compareText), relaysNamed(unmet, allowance))
    yield hit(intent, says, remedy(intent.ref.name), {
      at: allowance.at,
      key: places.join(' '),
      owner: allowance.owner,
    })
  }
}

const entriesIn = (view: ClusterView, possible: PossibleView, unmet: Unmet): Iterable<Entry> => {
  const { estate, today } = view
  const found = new Map<string, Entry>()
  for (const { stacks, subjects, declared } of groupsIn(estate, possible, today)) {
    for (const declaration of declared.declarations) {
      const { intent, allowance } = declaration
      const key = `${keyOf(intent.ref)} ${allowance.at.join('.')}`
      const known = found.get(key) ?? {
        declaration,
        workloads: { met: new Set(), open: new Set(), broken: new Set(), partly: new Set() },
      }
      found.set(key, known)
      for (const subject of subjects) known.workloads[unmet.meetingOf(subject, stacks, allowance)].add(nameOf(subject))
    }
  }
  return found.values()
}

/** The relays of this cluster through which alone an entry is met. */
const relaysNamed = ({ waysMeant }: Unmet, { via }: Allowance): readonly string[] => {
  const { direct, relays } = waysMeant(via)
  return direct ? [] : relays.map(({ of }) => shortIdOf(of.ref))
}
