/**
 * Who is who. An id is `cluster/namespace/Kind/name`; `-` stands for the namespace of a cluster-scoped object.
 * Source: the contract's Identity section, kept in docs/reference/identity.md.
 */

export interface ObjectRef {
  readonly cluster: string
  /** API group without version; empty for the core group. */
  readonly group: string
  readonly kind: string
  /** null for a cluster-scoped object. */
  readonly namespace: string | null
  readonly name: string
}

export const idOf = (ref: ObjectRef): string => `${ref.cluster}/${ref.namespace ?? '-'}/${ref.kind}/${ref.name}`

/** The id without its cluster: what one says inside a cluster's own section. */
export const shortIdOf = (ref: ObjectRef): string => `${ref.namespace ?? '-'}/${ref.kind}/${ref.name}`

/** Tells apart objects that share an id across API groups (two kinds named NetworkPolicy, for one). */
export const keyOf = (ref: ObjectRef): string => `${ref.group}|${idOf(ref)}`
