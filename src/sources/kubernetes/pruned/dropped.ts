import { field, isObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { DocumentPath } from '../../../model/provenance.ts'

/** A field that was written and is not stored, with the object as the server has it. */
export interface Dropped {
  readonly path: DocumentPath
  readonly wrote: Json
  readonly stored: JsonObject
}

/** Tells how the drop widened the object; null when it did not. */
export type Effect = (dropped: Dropped) => string | null

export const keyOf = (dropped: Dropped): string => String(dropped.path.at(-1))

/** `spec.egress[].to[]`: the place of the dropped field's parent, with every index as `[]`. */
export const placeOf = (dropped: Dropped): string =>
  dropped.path
    .slice(0, -1)
    .map((step, i) => (typeof step === 'number' ? '[]' : i === 0 ? step : `.${step}`))
    .join('')

/** The stored value at the first `steps` of the dropped path. */
export const storedAt = (dropped: Dropped, steps: number): Json | undefined => {
  let here: Json | undefined = dropped.stored
  for (const step of dropped.path.slice(0, steps)) {
    here = typeof step === 'number' ? (Array.isArray(here) ? here[step] : undefined) : field(here, step)
  }
  return here
}

export const parentOf = (dropped: Dropped): Json | undefined => storedAt(dropped, dropped.path.length - 1)

/** Absent, null, or an empty list or map. */
export const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

export const hasAny = (value: Json | undefined, names: readonly string[]): boolean =>
  names.some(name => !isEmpty(field(value, name)))

/** The known name that the author most likely meant; null when none is near. */
export const meant = (key: string, names: readonly string[]): string | null => {
  let best: string | null = null
  let bestDistance = 3
  for (const name of names) {
    const away = name.toLowerCase() === key.toLowerCase() ? 0 : distance(key, name)
    const allowed = Math.min(name.length, key.length) <= 3 ? 1 : 2
    if (away <= allowed && away < bestDistance) [best, bestDistance] = [name, away]
  }
  return best
}

/** Levenshtein; both are field names, so short: a long key is no misspelling of one. */
const distance = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY
}

/** `port` is no field here and was dropped, so RESULT: write `ports` */
export const sentence = (dropped: Dropped, name: string | null, result: string): string => {
  const key = keyOf(dropped)
  if (name === key) return `\`${key}\` was applied and is no longer stored, so ${result}: apply the author's text again`
  const advice = name === null ? 'say it with a field that this API has' : `write \`${name}\``
  return `\`${key}\` is not a field here and was dropped, so ${result}: ${advice}`
}
