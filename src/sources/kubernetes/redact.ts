import { field, isObject, type Json, type JsonObject, text } from '../../model/json.ts'
import { isKnownConfigMap } from './live/config-map-names.ts'
import { compactPrunedFields, LAST_APPLIED, PRUNED_FIELDS, prunedFields } from './pruned.ts'
import { isProxyKey, keptValue } from './redact/environment.ts'
import { maskArguments, maskNamed, maskShapes, maskText, namesSecret, REDACTED } from './redact/mask.ts'

/**
 * An object as a read may keep it: without environment values other than those that decide egress, without anything
 * that looks like a credential, without the copies of itself that tools leave in annotations. What a check needs
 * stays: images, commands, security contexts, volumes, ports, DNS, labels, policies, RBAC.
 *
 * Every live read passes through here, so a scan of a snapshot sees what the live scan saw. Pure; idempotent for the
 * same `keep`; an object is never refused.
 */
export const redact = (body: JsonObject, keep: ConfigMapData = configMapDataOf(body)): JsonObject => {
  const facts = prunedFields(body)
  const kind = field(body, 'kind')
  return mapObject(body, (key, value) => {
    if (key === 'metadata' && isObject(value)) return metadata(value, facts)
    if (kind === 'Secret' && (key === 'data' || key === 'stringData')) return undefined
    if (kind === 'ConfigMap' && key === 'binaryData') return undefined
    if (kind === 'ConfigMap' && key === 'data' && isObject(value)) return configMapData(value, keep)
    return redactValue(key, value, 0)
  })
}

/** `environment`: of a ConfigMap that is given as environment only the proxy variables stay. */
export type ConfigMapData = 'whole' | 'environment'

/** What a ConfigMap's own name says; the collector knows more, since it knows who mounts it. */
export const configMapDataOf = (body: JsonObject): ConfigMapData => {
  const meta = field(body, 'metadata')
  return isKnownConfigMap(text(field(meta, 'namespace')) ?? null, text(field(meta, 'name')) ?? '')
    ? 'whole'
    : 'environment'
}

const DEEPEST = 200

/** Own keys only, and set as own keys: `Object.fromEntries` gives `__proto__` no meaning. */
const mapObject = (object: JsonObject, change: (key: string, value: Json) => Json | undefined): JsonObject =>
  Object.fromEntries(
    Object.keys(object).flatMap(key => {
      const changed = change(key, field(object, key) ?? null)
      return changed === undefined ? [] : [[key, changed] as const]
    }),
  )

const metadata = (meta: JsonObject, facts: ReturnType<typeof prunedFields>): JsonObject => {
  const changed = mapObject(meta, (key, value) => {
    if (key === 'managedFields') return undefined
    if (key === 'annotations' && isObject(value)) return annotations(value)
    return redactValue(key, value, 1)
  })
  const compact = compactPrunedFields(facts.map(fact => ({ ...fact, path: fact.path.map(maskStep) })))
  if (compact === null) return changed
  const kept = field(changed, 'annotations')
  return { ...changed, annotations: { ...(isObject(kept) ? kept : {}), [PRUNED_FIELDS]: compact } }
}

const maskStep = (step: string | number): string | number => (typeof step === 'string' ? maskShapes(step) : step)

/** Copies of the whole object, in plain text or packed, with everything in it that the object itself loses here. */
const SELF_COPY = /(?:^|[/.-])(?:last-applied|last-handled|last-known)[\w.-]*$|\/applied$/

const annotations = (map: JsonObject): JsonObject =>
  mapObject(map, (key, value) => {
    if (key === LAST_APPLIED || key === PRUNED_FIELDS || SELF_COPY.test(key)) return undefined
    if (typeof value !== 'string') return redactValue(key, value, 2)
    return namesSecret(key) ? maskNamed(key, value) : maskText(value)
  })

/** Maps of labels: compared with each other, so they stay as they are. */
const LABELS: ReadonlySet<string> = new Set([
  'labels',
  'matchLabels',
  'nodeSelector',
  'selector',
  'podSelector',
  'namespaceSelector',
])

const redactValue = (key: string, value: Json, depth: number): Json | undefined => {
  if (typeof value === 'string') return maskNamed(key, value)
  if (value === null || typeof value !== 'object') return value
  if (depth > DEEPEST) return REDACTED
  if (Array.isArray(value)) {
    if (key === 'env') return value.map(item => environmentEntry(item, depth + 1))
    if ((key === 'command' || key === 'args') && value.every(item => typeof item === 'string'))
      return maskArguments(value)
    return value.map(item => (typeof item === 'string' ? maskShapes(item) : (redactValue('', item, depth + 1) ?? null)))
  }
  if (!isObject(value)) return value
  if (key === 'metadata') return templateMetadata(value, depth)
  if (key === 'environmentVariables') return mapObject(value, (name, entry) => environmentValue(name, entry))
  const inside = (name: string, entry: Json): Json | undefined => {
    if (LABELS.has(key) && typeof entry === 'string') return maskShapes(entry)
    return redactValue(name, entry, depth + 1)
  }
  // A header, an option: `{ name: Authorization, value: … }`.
  const name = maskShapes(text(field(value, 'name')) ?? '')
  if (namesSecret(name)) {
    return mapObject(value, (member, entry) =>
      member === 'value' && typeof entry === 'string' ? maskNamed(name, entry) : inside(member, entry),
    )
  }
  return mapObject(value, inside)
}

const templateMetadata = (meta: JsonObject, depth: number): JsonObject =>
  mapObject(meta, (key, value) => {
    if (key === 'managedFields') return undefined
    return key === 'annotations' && isObject(value) ? annotations(value) : redactValue(key, value, depth + 1)
  })

const environmentValue = (name: string, value: Json): Json | undefined =>
  typeof value === 'string' ? (keptValue(name, value) ?? undefined) : undefined

/** `{ name, value }` keeps its name; `valueFrom` names its source and holds no value. */
const environmentEntry = (entry: Json, depth: number): Json => {
  if (!isObject(entry)) return typeof entry === 'string' ? REDACTED : entry
  const name = maskShapes(text(field(entry, 'name')) ?? '')
  return mapObject(entry, (key, value) => {
    if (key === 'value') return environmentValue(name, value)
    return key === 'valueFrom' ? (redactValue(key, value, depth + 1) ?? null) : redactValue(key, value, depth + 1)
  })
}

const configMapData = (data: JsonObject, keep: ConfigMapData): JsonObject =>
  mapObject(data, (key, value) => {
    if (keep === 'environment') {
      return typeof value === 'string' && isProxyKey(key) ? (keptValue('HTTP_PROXY', value) ?? undefined) : undefined
    }
    if (typeof value !== 'string') return redactValue(key, value, 1)
    return namesSecret(key) ? maskNamed(key, value) : maskText(value)
  })
