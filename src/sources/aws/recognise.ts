import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import {
  BESIDE,
  COLLECTIONS,
  type CollectionName,
  isCollectionName,
  LATER_LISTS,
  LATER_OBJECTS,
  SINGLES,
  WRAPPED,
} from './schema.ts'

/** Whether a document is what the AWS command line prints, or wraps it. It looks at top-level keys, and at one item at most. */
export const isAwsOutput = (body: JsonObject): boolean => {
  if (Object.hasOwn(body, 'apiVersion') || Object.hasOwn(body, 'kind')) return false
  if (wrapperOf(body) !== null) return true
  for (const key of Object.keys(body)) {
    if (isCollectionName(key) ? isPrinted(body, key) : LATER_LISTS.includes(key) && Array.isArray(body[key]))
      return true
    if (LATER_OBJECTS.includes(key) && isObject(body[key])) return true
  }
  return otherListIn(body) !== null
}

/** Whether what stands under a key is the output that is known by it. Words in lower case are others’ keys, too: there an ARN tells. */
export const isPrinted = (body: JsonObject, key: CollectionName): boolean => {
  const value = body[key]
  const hasArn = (one: Json | undefined): boolean => (text(field(one, COLLECTIONS[key].key)) ?? '').startsWith('arn:')
  const isPlain = /^[a-z]/.test(key)
  if (SINGLES.includes(key)) return isObject(value) && (!isPlain || hasArn(value))
  if (!Array.isArray(value) || !isPlain) return Array.isArray(value)
  return value.length === 0 ? Array.isArray(body['failures']) : list(value).some(hasArn)
}

export interface Wrapper {
  readonly key: keyof typeof WRAPPED
  readonly id: string
  /** Keys of the lists that it wraps. */
  readonly lists: readonly string[]
}

/** The subject that somebody wrote around an output that does not name it; null where there is none. */
export const wrapperOf = (body: JsonObject): Wrapper | null => {
  for (const key of Object.keys(WRAPPED) as readonly (keyof typeof WRAPPED)[]) {
    const id = text(field(body, key))
    const lists = WRAPPED[key].filter(name => Array.isArray(field(body, name)))
    if (id !== undefined && id !== '' && lists.length > 0) return { key, id, lists }
  }
  return null
}

/** Lists of such outputs, whatever somebody called them, with the steps to each. */
export const wrappersIn = (
  body: JsonObject,
): readonly { readonly wrapper: Wrapper; readonly body: JsonObject; readonly at: DocumentPath }[] =>
  Object.keys(body).flatMap(key => {
    const items = isCollectionName(key) ? [] : list(body[key])
    return items.flatMap((item, i) => {
      const wrapper = isObject(item) ? wrapperOf(item) : null
      return isObject(item) && wrapper !== null ? [{ wrapper, body: item, at: [key, i] }] : []
    })
  })

/** The key of a list of objects that nobody knows, with nothing beside it but what pages of output have; null for anything else. */
export const otherListIn = (body: JsonObject): string | null => {
  const keys = Object.keys(body)
  if (keys.length > 1 + BESIDE.length) return null
  const own = keys.filter(key => !BESIDE.includes(key))
  const [key] = own
  if (own.length !== 1 || key === undefined || NOT_OUTPUT.includes(key) || !/^[A-Z][A-Za-z0-9]*$/.test(key)) return null
  return isObject(list(body[key])[0]) ? key : null
}

/** A policy of access is written in the same style. */
const NOT_OUTPUT = ['Statement']
