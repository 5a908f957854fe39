import type { Declared } from '../intent/declared.ts'
import { splitDeclared } from '../intent/split.ts'
import type { OwnedChange } from '../model/pr.ts'
import { readNamePattern } from '../sets/name-pattern.ts'
import { compareReach } from './compare-reach.ts'
import { leaves } from './diff.ts'
import type { LoadedEstate } from './load.ts'
import type { PossibleOptions } from './possible.ts'
import { partOf, placesOf, type SaidOf } from './pr-parts.ts'

interface Sides {
  readonly said: (workload: string) => SaidOf | null
  readonly saidBefore: (workload: string) => SaidOf | null
  /** What opens is told as that. */
  readonly opened: readonly OwnedChange[]
}

/** What stays open, was declared before a change, and is declared by nobody after it. */
export const withdrawnIn = (
  after: LoadedEstate,
  options: PossibleOptions,
  { said, saidBefore, opened }: Sides,
): readonly OwnedChange[] => {
  // Against nothing at all, everything that is possible is gained.
  const nothing = { ...after, estate: { ...after.estate, clusters: [] } }
  const possible = compareReach(nothing, after, options).gained.filter(leaves)
  const openedBy = Map.groupBy(opened, keyOf)
  return possible.flatMap(change => {
    const [now, before, places] = [said(change.workload), saidBefore(change.workload), placesOf(change)]
    if (now === null || before === null || places === null || before.declarations.length === 0) return []
    const owned = { ...change, owner: now.owner }
    const isOpened = asDeclared(openedBy.get(keyOf(change)) ?? [])
    return splitDeclared(now.declared, places)
      .left.flatMap(left => splitDeclared(before.declared, left).known)
      .flatMap(left => splitDeclared(isOpened, left).left)
      .map(left => partOf(owned, left))
  })
}

const keyOf = ({ workload, variant }: { readonly workload: string; readonly variant: string | null }): string =>
  `${workload} ${variant ?? ''}`

/** Regions as if somebody declared them. */
const asDeclared = (changes: readonly OwnedChange[]): Declared => {
  const all = changes.flatMap(change => placesOf(change) ?? [])
  return {
    declarations: [],
    addresses: all,
    names: all.map(({ names, traffic }) => ({
      patterns: names.flatMap(name => {
        const read = readNamePattern(name)
        return read.kind === 'read' ? [read.value] : []
      }),
      traffic,
    })),
  }
}
