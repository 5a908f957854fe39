import { at, field, isObject, type Json, type JsonObject, list, text, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { RawDocument } from '../files/read.ts'
import type { Key, ModuleInstance } from './modules.ts'
import { holdsTrue, type Resource } from './resource.ts'

/** What a change of a plan says of one resource. */
export interface Change {
  readonly address: string
  readonly actions: readonly string[]
}

export interface ResourcesRead {
  readonly managed: readonly Resource[]
  /** Data sources that are there, by address. */
  readonly data: readonly Resource[]
  /** Entries that are no resource. */
  readonly faults: readonly string[]
}

type ModuleReader = (address: string) => ModuleInstance | null

/**
 * Every resource under a `values` object, child modules included. `changes` are those of the plan that leaves these values; none
 * for a state, of which everything is known. Source: Terraform, “JSON Output Format”, Values Representation.
 */
export const resourcesIn = (
  { body, origin }: RawDocument,
  steps: readonly string[],
  moduleOf: ModuleReader,
  changes: ReadonlyMap<string, JsonObject>,
): ResourcesRead => {
  const managed: Resource[] = []
  const data: Resource[] = []
  const faults: string[] = []
  const open: { readonly module: Json | undefined; readonly path: DocumentPath }[] = [
    { module: at(body, ...steps, 'root_module'), path: [...steps, 'root_module'] },
  ]
  while (open.length > 0) {
    const here = open.pop()
    if (here === undefined || !isObject(here.module)) continue
    const address = text(field(here.module, 'address')) ?? ''
    const instance = moduleOf(address)
    const own = list(field(here.module, 'resources'))
    if (instance === null) {
      if (own.length > 0) faults.push(`the module address \`${address}\` cannot be read`)
    } else
      for (const [i, one] of own.entries()) {
        const resource = resourceIn(one, instance, changes)
        if (resource === null)
          faults.push(`an entry of \`${address === '' ? 'the root module' : address}\` is no resource`)
        else
          (field(one, 'mode') === 'data' ? data : managed).push({
            ...resource,
            origin,
            at: [...here.path, 'resources', i],
          })
      }
    // A path for each level is as long as it is deep: nobody nests modules so deep that it counts.
    if (here.path.length > MAX_STEPS) continue
    const inner = list(field(here.module, 'child_modules'))
    for (const [i, module] of inner.entries()) open.push({ module, path: [...here.path, 'child_modules', i] })
  }
  return { managed, data, faults }
}

const MAX_STEPS = 200

const resourceIn = (
  one: Json,
  module: ModuleInstance,
  changes: ReadonlyMap<string, JsonObject>,
): Omit<Resource, 'origin' | 'at'> | null => {
  const [address, type, name] = ['address', 'type', 'name'].map(key => text(field(one, key)) ?? '')
  const values = field(one, 'values')
  if (address === undefined || address === '' || type === undefined || type === '' || name === undefined) return null
  const change = field(changes.get(address), 'change')
  const told = isObject(values) ? values : {}
  const unknown = field(change, 'after_unknown')
  const secret = [field(one, 'sensitive_values'), field(change, 'after_sensitive')]
  return {
    address,
    type,
    name,
    key: keyIn(one),
    module,
    ...withoutSecrets(told, isObject(unknown) ? unknown : {}, secret),
    isNew: texts(field(change, 'actions')).includes('create'),
  }
}

const keyIn = (one: Json): Key | null => {
  const index = field(one, 'index')
  return typeof index === 'string' || typeof index === 'number' ? index : null
}

/** An attribute that holds something sensitive counts as not known, all of it. */
const withoutSecrets = (
  values: JsonObject,
  unknown: JsonObject,
  masks: readonly (Json | undefined)[],
): Pick<Resource, 'values' | 'unknown'> => {
  if (masks.includes(true))
    return { values: {}, unknown: Object.fromEntries(Object.keys(values).map(key => [key, true])) }
  const secret = new Set(
    masks.flatMap(mask => (isObject(mask) ? Object.keys(mask).filter(key => holdsTrue(mask[key])) : [])),
  )
  if (secret.size === 0) return { values, unknown }
  const hidden = [...secret].filter(key => (field(values, key) ?? null) !== null)
  return {
    values: Object.fromEntries(Object.entries(values).filter(([key]) => !secret.has(key))),
    unknown: { ...unknown, ...Object.fromEntries(hidden.map(key => [key, true])) },
  }
}
