import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import { readResourceId } from './resource-id.ts'

/**
 * Whether a document is what the Azure command line prints: a resource, an item of a list of them, a list that the API wraps, the
 * ranges of service tags, or an output that somebody wrapped with what it is of. A node or a cluster that only mentions Azure is none.
 */
export const isAzureOutput = (body: JsonObject): boolean => {
  if (Object.hasOwn(body, 'apiVersion') || (Object.hasOwn(body, 'kind') && Object.hasOwn(body, 'metadata')))
    return false
  return resourceIn(body) || wrapperOf(body) !== null || isServiceTags(body) || listIn(body) !== null
}

const resourceIn = (body: Json | undefined): boolean => readResourceId(text(field(body, 'id')) ?? '') !== null

/** Outputs that do not name their subject: `az network nic show-effective-route-table`, `az network vnet-gateway list-learned-routes`. */
export const WRAPPED = ['networkInterface', 'virtualNetworkGateway'] as const

export interface Wrapper {
  readonly key: (typeof WRAPPED)[number]
  readonly subject: string
  readonly items: readonly Json[]
}

export const wrapperOf = (body: JsonObject): Wrapper | null => {
  for (const key of WRAPPED) {
    const subject = text(field(body, key))
    const value = field(body, 'value')
    if (subject !== undefined && readResourceId(subject) !== null && Array.isArray(value))
      return { key, subject, items: list(value) }
  }
  return null
}

/** Source: Azure REST API Reference, Service Tags - List; the weekly file “Azure IP Ranges and Service Tags” has the same form. */
export const isServiceTags = (body: JsonObject): boolean => {
  const values = field(body, 'values')
  if (!Array.isArray(values) || text(field(body, 'cloud')) === undefined) return false
  return values.length === 0 || list(values).some(one => isObject(one) && text(field(one, 'name')) !== undefined)
}

/** Pages of the API, and of `az graph query`. */
export const listIn = (body: JsonObject): { readonly key: string; readonly items: readonly Json[] } | null => {
  for (const key of ['value', 'data']) {
    const items = list(field(body, key))
    if (items.length > 0 && items.every(resourceIn)) return { key, items }
  }
  return null
}
