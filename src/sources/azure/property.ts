import { field, isObject, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Reading } from '../../sets/algebra.ts'
import { type AnyAddress, type AnyCidr, readAddress, readCidr } from '../../sets/cidr.ts'
import { modelId, readResourceId } from './resource-id.ts'

/**
 * A property of a resource: the command line prints it beside `id`, the API in `properties`. Versions differ in case alone
 * (`publicIPAddress`, `publicIpAddress`). null counts as absent. Source: Azure CLI, “Output formats”; Azure REST API Reference.
 */
export const prop = (value: Json | undefined, key: string): Json | undefined => found(value, key)?.[1]

/** As `prop`, with the steps that lead there. */
const found = (value: Json | undefined, key: string): readonly [DocumentPath, Json] | undefined => {
  for (const inner of [value, field(value, 'properties')]) {
    if (!isObject(inner)) continue
    const own = ownKey(inner, key)
    const read = own === undefined ? undefined : inner[own]
    if (own !== undefined && read !== undefined && read !== null)
      return [inner === value ? [own] : ['properties', own], read]
  }
  return undefined
}

const ownKey = (value: Json, key: string): string | undefined => {
  if (isObject(value) && Object.hasOwn(value, key) && value[key] !== null) return key
  const lower = key.toLowerCase()
  return isObject(value)
    ? Object.keys(value).find(own => own.toLowerCase() === lower && value[own] !== null)
    : undefined
}

/** The value at a path of properties. */
export const propAt = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here = value
  for (const key of path) here = prop(here, key)
  return here
}

/** The items of a list under a key, each with its place; none where there is no list. */
export const itemsIn = (
  value: Json | undefined,
  key: string,
): readonly { readonly body: Json; readonly at: DocumentPath }[] => {
  const read = found(value, key)
  return read === undefined ? [] : list(read[1]).map((body, i) => ({ body, at: [...read[0], i] }))
}

/** Text that says something; null for anything else. */
export const word = (value: Json | undefined, ...path: readonly string[]): string | null => {
  const read = text(propAt(value, ...path))
  return read === undefined || read.trim() === '' ? null : read
}

/** The id, as the model writes it, of what `{"id": …}` under a path names; null where it names nothing that can be read. */
export const named = (value: Json | undefined, ...path: readonly string[]): string | null =>
  idOf(propAt(value, ...path, 'id'))

export const idOf = (value: Json | undefined): string | null => {
  const read = typeof value === 'string' ? readResourceId(value) : null
  return read === null ? null : modelId(read)
}

/** Whether a path has a reference at all, whatever it says. */
export const names = (value: Json | undefined, ...path: readonly string[]): boolean =>
  propAt(value, ...path) !== undefined

/** Everything that is written under the keys: one text, a list of them, or both. */
export const wordsUnder = (value: Json | undefined, ...keys: readonly string[]): readonly Json[] =>
  keys.flatMap((key): readonly Json[] => {
    const read = prop(value, key)
    if (read === undefined || read === '') return []
    return Array.isArray(read) ? (read as readonly Json[]) : [read]
  })

/** A block, or one address. */
export const readBlock = (written: string): Reading<AnyCidr> =>
  readCidr(written.includes('/') ? written : `${written}/${written.includes(':') ? 128 : 32}`)

export interface Ranges {
  readonly ranges: readonly AnyCidr[]
  readonly faults: readonly string[]
}

export const rangesOf = (written: readonly Json[]): Ranges => {
  const ranges: AnyCidr[] = []
  const faults: string[] = []
  for (const one of written) {
    const read = typeof one === 'string' ? readBlock(one) : null
    if (read?.kind === 'read') ranges.push(read.value)
    else faults.push(`a range cannot be read: ${read === null ? 'it is no text' : read.why}`)
  }
  return { ranges, faults }
}

export const addressIn = (value: Json | undefined, key: string): AnyAddress | null => {
  const written = word(value, key)
  const read = written === null ? null : readAddress(written)
  return read?.kind === 'read' ? read.value : null
}
