import type { Named } from './link.ts'
import { attributeOf, isUnknown, type Resource, wordOf } from './resource.ts'

/** What is attached to a transit gateway. */
export interface Attached {
  readonly id: string
  readonly of: Resource
  readonly hub: Named | null
  readonly vpc: string | null
}

/** Whether attachments come to a default table by themselves; null: not told. Absent is yes. */
export const hasDefault = (hub: Resource, what: 'association' | 'propagation'): boolean | null => {
  const word = attributeOf(hub, `default_route_table_${what}`)
  return isUnknown(hub, `default_route_table_${what}`) ? null : word === null || word === 'enable'
}

/** One table is the default for both when a transit gateway is made. */
export const defaultTableOf = (hub: Resource, what: 'association' | 'propagation'): string | null =>
  wordOf(hub, `${what}_default_route_table_id`) ??
  (hub.isNew && hasDefault(hub, what) === true ? `${hub.address}.association_default_route_table_id` : null)
