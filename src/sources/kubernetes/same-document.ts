import { field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import type { Origin } from '../../model/provenance.ts'
import type { ByteSource } from '../files/bytes.ts'
import { parseYaml } from '../files/yaml-documents.ts'

/** Written by the server, different at every read: they make no difference between two documents. */
const SERVER_METADATA = ['managedFields', 'resourceVersion', 'uid']

/** Do two documents for one object say the same, apart from what the server writes? Reads both again. */
export const sameDocument = (one: Origin, other: Origin, bytesOf: (source: number) => ByteSource | null): boolean => {
  const left = bodyAt(one, bytesOf)
  const right = bodyAt(other, bytesOf)
  if (left === null || right === null) return false
  // The items of a typed list (`PodList`) leave it to the list to say what they are.
  const both = TYPE_KEYS.filter(key => field(left, key) !== undefined && field(right, key) !== undefined)
  return canonical(strip(left, both)) === canonical(strip(right, both))
}

const TYPE_KEYS = ['apiVersion', 'kind']

const bodyAt = (origin: Origin, bytesOf: (source: number) => ByteSource | null): JsonObject | null => {
  const bytes = bytesOf(origin.source)
  if (bytes === null) return null
  const parsed = origin.item === null ? parsedAt(bytes, origin) : listAt(bytes, origin)
  const body = origin.item === null ? parsed : list(field(parsed, 'items'))[origin.item]
  return isObject(body) ? body : null
}

const parsedAt = (bytes: ByteSource, { start, end, format }: Origin): Json => {
  const text = bytes.range(start, end).toString('utf8')
  if (format === 'json') return JSON.parse(text) as Json
  const result = parseYaml(text)
  return result.kind === 'value' ? result.value : null
}

/** The two lists asked for last: two lists of one cluster are asked for in turn, once for each item. */
let lists: readonly { readonly bytes: ByteSource; readonly start: number; readonly value: Json }[] = []

const listAt = (bytes: ByteSource, origin: Origin): Json => {
  const known = lists.find(entry => entry.bytes === bytes && entry.start === origin.start)
  const found = known ?? { bytes, start: origin.start, value: parsedAt(bytes, origin) }
  lists = [found, ...lists.filter(entry => entry !== found)].slice(0, 2)
  return found.value
}

const strip = (body: JsonObject, typeKeys: readonly string[]): JsonObject => {
  const metadata = field(body, 'metadata')
  const kept = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_METADATA.includes(key)))
    : metadata
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => {
      if (key === 'status' || (TYPE_KEYS.includes(key) && !typeKeys.includes(key))) return []
      return [[key, key === 'metadata' ? (kept ?? null) : value]]
    }),
  )
}

/** JSON with sorted keys. */
const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`
}
