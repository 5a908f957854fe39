import type { Entry } from '../engine/entries.ts'
import type { AcrossRow } from '../engine/mesh.ts'
import type { Subject } from '../engine/population.ts'
import type { ReachEntry } from '../model/reach.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { type Clusters, placesOf, withoutAddresses } from './across.ts'
import { type AcrossEntry, acrossEntries, acrossWriter, type Explained } from './across-writer.ts'
import type { LoadedEstate } from './load.ts'
import type { Possible } from './possible.ts'

/** What the rows of one cluster tell of the pods and nodes of others. */
export interface ToldAcross {
  /** The row's own regions without addresses that are told here. */
  readonly left: (entries: readonly Entry[]) => readonly Entry[]
  readonly entriesOf: (subject: Subject) => readonly ReachEntry[]
  /** Subjects of one identity may be told apart by the policies of other clusters; equal where they are not. */
  readonly keyOf: (subject: Subject) => string
}

/** `all`: denied regions, too. */
export const toldAcross = (clusters: Clusters, from: Possible, loaded: LoadedEstate, all: boolean): ToldAcross => {
  const others = clusters.toldBy(from)
  if (others.length === 0) return { left: entries => entries, entriesOf: () => [], keyOf: () => '' }
  const theirs = others.map(placesOf).reduce(bothFamilies.union, bothFamilies.empty)
  let earlier = from.engine.ground.own
  const pairs = others.map(to => {
    const across = clusters.between(from, to)
    const writer = acrossWriter(from, across, loaded, earlier)
    earlier = bothFamilies.union(earlier, placesOf(to))
    return { across, known: new WeakMap<AcrossRow, Map<string, readonly Told[]>>(), ...writer }
  })
  const senderKey = (subject: Subject, senders: readonly number[]): string =>
    subject.identity === null ? `host ${subject.pods.flatMap(pod => pod.addresses).join(',')}` : senders.join(',')
  return {
    left: entries => withoutAddresses(entries, theirs),
    entriesOf: subject =>
      pairs.flatMap(({ across, known, explain, write }) => {
        const row = across.rowOf(subject)
        const byKey = known.get(row) ?? new Map<string, readonly Told[]>()
        known.set(row, byKey)
        const key = senderKey(subject, across.sendersIn(subject))
        const told =
          byKey.get(key) ??
          acrossEntries(across, row)
            .filter(({ verdict }) => all || verdict !== 'denied')
            .map(entry => ({ entry, explained: explain(subject, entry) }))
        byKey.set(key, told)
        return told.flatMap(({ entry, explained }) => write(subject, entry, explained.reasons))
      }),
    keyOf: subject => pairs.map(({ across }) => senderKey(subject, across.sendersIn(subject))).join('|'),
  }
}

interface Told {
  readonly entry: AcrossEntry
  readonly explained: Explained
}
