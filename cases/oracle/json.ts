import type { Json } from './types.ts'

/** Reading parsed documents: a field that is not there, or is null, is undefined. Nothing throws. */

export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here: Json | undefined = value
  for (const key of path) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined
    here = here[key]
  }
  return here ?? undefined
}

export const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const list = (value: Json | undefined): readonly Json[] => (isList(value) ? value : [])

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

export const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

export const integer = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined

/** The entries of an object whose values are texts. */
export const texts = (value: Json | undefined): ReadonlyMap<string, string> =>
  new Map(isObject(value) ? Object.entries(value).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : [])) : [])
