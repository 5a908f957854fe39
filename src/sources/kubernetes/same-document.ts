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
  return left !== null && right !== null && canonical(strip(left)) === canonical(strip(right))
}

const bodyAt = (origin: Origin, bytesOf: (source: number) => ByteSource | null): JsonObject | null => {
  const text = bytesOf(origin.source)?.range(origin.start, origin.end).toString('utf8')
  if (text === undefined) return null
  const parsed = origin.format === 'json' ? (JSON.parse(text) as Json) : yamlValue(text)
  const body = origin.item === null ? parsed : list(field(parsed, 'items'))[origin.item]
  return isObject(body) ? body : null
}

const yamlValue = (text: string): Json => {
  const result = parseYaml(text)
  return result.kind === 'value' ? result.value : null
}

const strip = (body: JsonObject): JsonObject => {
  const metadata = field(body, 'metadata')
  const kept = isObject(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_METADATA.includes(key)))
    : metadata
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) =>
      key === 'status' ? [] : [[key, key === 'metadata' ? (kept ?? null) : value]],
    ),
  )
}

/** JSON with sorted keys. */
const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`
}
