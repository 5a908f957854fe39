import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { DocumentPath, Origin } from '../../model/provenance.ts'
import type { Key, ModuleInstance } from './modules.ts'

/** One instance of a resource, as a state has it or a plan leaves it. */
export interface Resource {
  /** With its module and key: its id as long as nobody knows another. */
  readonly address: string
  readonly type: string
  readonly name: string
  readonly key: Key | null
  readonly module: ModuleInstance
  /** What is known of it, and may be shown. */
  readonly values: JsonObject
  /** The same shape with `true` where a value is not known until it is applied, or is sensitive. */
  readonly unknown: Json
  /** The plan makes it: nothing of it was there before. */
  readonly isNew: boolean
  readonly origin: Origin
  readonly at: DocumentPath
}

/** null counts as absent, and so does text without a letter: the provider writes both for what is not set. */
export const attributeOf = (resource: Resource, key: string): Json | null => {
  const value = field(resource.values, key)
  return value === undefined || value === '' ? null : value
}

export const wordOf = (resource: Resource, key: string): string | null =>
  text(attributeOf(resource, key) ?? undefined) ?? null

export const listOf = (resource: Resource, key: string): readonly Json[] =>
  list(attributeOf(resource, key) ?? undefined)

export const isTrue = (resource: Resource, key: string): boolean => attributeOf(resource, key) === true

/** All of it is open. */
export const isUnknown = (resource: Resource, key: string): boolean => field(resource.unknown, key) === true

/** Some of it is open. */
export const isOpenIn = (resource: Resource, key: string): boolean => holdsTrue(field(resource.unknown, key))

/** Whether `true` stands anywhere in it. Without recursion: nothing says how deep it is. */
export const holdsTrue = (mask: Json | undefined): boolean => {
  const open: (Json | undefined)[] = [mask]
  while (open.length > 0) {
    const one = open.pop()
    if (one === true) return true
    if (Array.isArray(one)) for (const inner of one as readonly Json[]) open.push(inner)
    else if (isObject(one)) for (const key of Object.keys(one)) open.push(one[key])
  }
  return false
}
