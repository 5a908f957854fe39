/**
 * Untrusted documents, read without trust: every accessor follows own properties only, so that a document
 * with a `__proto__` or `constructor` key is just a document with an odd key.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of an own property of an object; undefined for anything else. */
export const field = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** The value at a path of own properties; undefined as soon as a step is missing. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here = value
  for (const key of path) here = field(here, key)
  return here
}

export const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
export const flag = (value: Json | undefined): boolean => value === true
export const integer = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined
export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
export const texts = (value: Json | undefined): readonly string[] =>
  list(value).filter(item => typeof item === 'string')

/** A map of string to string, such as labels; entries of another type are left out (the reader reports them). */
export const textMap = (value: Json | undefined): ReadonlyMap<string, string> => {
  if (!isObject(value)) return EMPTY
  const map = new Map<string, string>()
  for (const key of Object.keys(value)) {
    const entry = value[key]
    if (typeof entry === 'string') map.set(key, entry)
  }
  return map
}

const EMPTY: ReadonlyMap<string, string> = new Map()
