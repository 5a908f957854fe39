import { field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import type { DocumentPath, PathStep } from '../../model/provenance.ts'
import { widensOf } from './pruned/widens.ts'

/**
 * What its author wrote and the API server no longer has. A field that the schema does not know is dropped with no
 * more than a warning header unless the client asks for strict validation; the author's text survives only in the
 * last-applied annotation that `kubectl apply` leaves. A snapshot drops that copy and keeps this comparison instead.
 *
 * Not reported: values that differ (defaulted, normalised, edited), zero values that the server drops by rule (`null`,
 * `false`, `0`, `""`, empty lists and maps), metadata, status and data, lists whose length changed.
 * A field that somebody removed after the apply looks the same; its sentence says so when the schema knows the field.
 */
export interface PrunedFieldFact {
  readonly path: DocumentPath
  /** How the drop left the object wider than written, and what to do; null when it did not, or nobody knows. */
  readonly widens: string | null
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** The compact form that a snapshot leaves: a JSON list of `{ path, widens }`. */
export const PRUNED_FIELDS = 'postern.dev/pruned-fields'

const DEEPEST = 64
const MOST_FACTS = 200

export const prunedFields = (body: JsonObject): readonly PrunedFieldFact[] => {
  const annotations = field(field(body, 'metadata'), 'annotations')
  if (!isObject(annotations)) return NONE
  const applied = field(annotations, LAST_APPLIED)
  if (typeof applied === 'string') {
    const wrote = parsed(applied)
    return isObject(wrote) ? compare(wrote, body) : NONE
  }
  const compact = field(annotations, PRUNED_FIELDS)
  return typeof compact === 'string' ? list(parsed(compact)).flatMap(factOf).slice(0, MOST_FACTS) : NONE
}

/** The compact text for the annotation; null when there is nothing to say. */
export const compactPrunedFields = (facts: readonly PrunedFieldFact[]): string | null =>
  facts.length === 0 ? null : JSON.stringify(facts.map(({ path, widens }) => ({ path, widens })))

const NONE: readonly PrunedFieldFact[] = []

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const isStep = (step: Json): step is PathStep => typeof step === 'string' || typeof step === 'number'

const factOf = (entry: Json): readonly PrunedFieldFact[] => {
  const path = field(entry, 'path')
  const widens = field(entry, 'widens')
  if (!Array.isArray(path) || path.length === 0 || !path.every(isStep)) return NONE
  return [{ path, widens: typeof widens === 'string' ? widens : null }]
}

/** Parts of an object that are not its specification. */
const NOT_SPEC: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'status',
  'data',
  'binaryData',
  'stringData',
])

const compare = (wrote: JsonObject, stored: JsonObject): readonly PrunedFieldFact[] => {
  if (!sameShape(wrote, stored)) return NONE
  const facts: PrunedFieldFact[] = []
  const walk = (before: Json, after: Json, path: DocumentPath): void => {
    if (facts.length >= MOST_FACTS || path.length > DEEPEST) return
    if (isObject(before) && isObject(after)) {
      for (const key of Object.keys(before)) {
        if (path.length === 0 ? NOT_SPEC.has(key) : key === 'metadata') continue
        const value = field(before, key) ?? null
        const here = [...path, key]
        const kept = field(after, key)
        if (kept !== undefined && kept !== null) walk(value, kept, here)
        else if (!isZero(value, 0)) facts.push({ path: here, widens: widensOf({ path: here, wrote: value, stored }) })
      }
      return
    }
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      for (const [i, item] of before.entries()) if (sameItem(item, after[i])) walk(item, after[i] ?? null, [...path, i])
    }
  }
  walk(wrote, stored, [])
  return facts
}

/**
 * Another version of an API renames fields in its conversion, which is no drop. Policy kinds kept their fields across
 * the versions that one can still apply, so for them only the kind counts.
 */
const sameShape = (wrote: JsonObject, stored: JsonObject): boolean => {
  const kind = field(stored, 'kind')
  if (field(wrote, 'kind') !== kind) return false
  return field(wrote, 'apiVersion') === field(stored, 'apiVersion') || STABLE_ACROSS_VERSIONS.has(String(kind))
}

const STABLE_ACROSS_VERSIONS: ReadonlySet<string> = new Set([
  'NetworkPolicy',
  'GlobalNetworkPolicy',
  'GlobalNetworkSet',
  'NetworkSet',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'Sidecar',
  'ServiceEntry',
])

/** A webhook may reorder a list of equal length: items that carry different names are different items. */
const sameItem = (before: Json, after: Json | undefined): boolean => {
  const name = field(before, 'name')
  return typeof name !== 'string' || field(after, 'name') === name
}

/** What the server leaves out of its answer by rule: nothing, or nothing but nothings. */
const isZero = (value: Json, depth: number): boolean => {
  if (value === null || value === false || value === 0 || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && depth < DEEPEST && Object.keys(value).every(key => isZero(value[key] ?? null, depth + 1))
}
