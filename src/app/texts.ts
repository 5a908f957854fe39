import { compareText } from '../model/order.ts'
import { Rendered } from '../outputs/rendered.ts'

/** Rendered items in one piece of memory, outside any heap, that one thread can hand to another. */
export interface Texts {
  readonly keys: readonly ItemKey[]
  /** Where each item ends, in bytes. */
  readonly ends: readonly number[]
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface ItemKey {
  readonly id: string
  readonly variant: string | null
}

export const packed = <T>(items: readonly T[], keyOf: (item: T) => ItemKey, textOf: (item: T) => string): Texts => {
  const parts = items.map(item => Buffer.from(textOf(item)))
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  const ends = parts.map(part => {
    bytes.set(part, end)
    end += part.length
    return end
  })
  return { keys: items.map(keyOf), ends, bytes }
}

/** The items of all, by id and variant. */
export const unpacked = (all: readonly Texts[]): readonly Rendered[] =>
  all
    .flatMap(({ keys, ends, bytes }) =>
      keys.map((key, n) => ({ key, item: new Rendered(bytes.subarray(ends[n - 1] ?? 0, ends[n])) })),
    )
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ item }) => item)

const compareKeys = (a: ItemKey, b: ItemKey): number =>
  compareText(a.id, b.id) || compareText(a.variant ?? '', b.variant ?? '')
