import type { CoverageNote } from '../../model/coverage.ts'
import type { CloudObject } from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import { compareItems, type Item } from './item.ts'

/** One object of one document, lowered. `value` null: it becomes nothing of the model by itself. */
export interface Lowered<T> {
  readonly id: string
  readonly item: Item
  readonly value: T | null
  /** What could not be read or is not evaluated. */
  readonly faults: readonly string[]
}

export interface Merged<T> {
  /** Sorted by id. */
  readonly values: readonly T[]
  readonly notes: readonly CoverageNote[]
  readonly understood: number
  readonly partly: number
}

/** Why an object of which documents say different things is not certain. */
export const DIFFERS = 'documents say different things of it'

/**
 * Each object once, whatever the order of the documents and in however many of them it stands. Where they differ, the first by
 * place is kept, as `doubtful` makes it; null: it counts as not read.
 */
export const merge = <T extends CloudObject>(
  lowered: readonly Lowered<T>[],
  doubtful: (kept: T) => T | null = kept => kept,
): Merged<T> => {
  const values: T[] = []
  const notes: CoverageNote[] = []
  let [understood, partly] = [0, 0]
  const groups = [...Map.groupBy(lowered, ({ id }) => id)].sort(([a], [b]) => compareText(a, b))
  for (const [id, group] of groups) {
    const same = group.length === 1 ? group : group.toSorted(byPlace)
    const [kept] = same.flatMap(({ value }) => (value === null ? [] : [value]))
    const differs = new Set(same.length === 1 ? [] : same.map(({ value }) => content(value))).size > 1
    const certain = kept !== undefined && differs ? doubtful(kept) : (kept ?? null)
    if (certain !== null) values.push(certain)
    const faults = new Map(same.flatMap(({ faults, item }) => faults.map(why => [why, item] as const)))
    if (differs) for (const { item } of same) notes.push(noteOn(id, item, DIFFERS))
    for (const [why, item] of faults) notes.push(noteOn(id, item, why))
    if (differs || faults.size > 0) partly++
    else understood++
  }
  return { values, notes, understood, partly }
}

/** Objects of which documents say different things, in what is asked for. */
export const differing = (items: readonly Item[], said: (item: Item) => unknown): ReadonlySet<string> =>
  new Set(
    [...Map.groupBy(items, ({ id }) => id)]
      .filter(([, same]) => same.length > 1 && new Set(same.map(item => JSON.stringify(said(item)))).size > 1)
      .map(([id]) => id),
  )

const noteOn = (id: string, { origin }: Item, why: string): CoverageNote => ({
  state: 'partly',
  object: id,
  file: origin.file,
  line: origin.line,
  why,
})

/** Places that are the same are told apart by what stands there, so that the order of documents never counts. */
const byPlace = <T>(a: Lowered<T>, b: Lowered<T>): number =>
  compareItems(a.item, b.item) || compareText(content(a.value), content(b.value))

const ABOUT = ['origin', 'at', 'name', 'account', 'region']

/** What is said of an object that counts, without where it is said and what it is called. */
export const content = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (ABOUT.includes(key) ? undefined : inner))
