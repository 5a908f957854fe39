import type { Cluster } from '../model/cluster.ts'
import type { Sourced } from '../model/provenance.ts'
import { DEFAULT_STANDARD, type Standard } from '../model/standard.ts'
import type { Workload } from '../model/workload.ts'

/** Who answers for an object, and whether the object says so itself. */
export interface Ownership {
  readonly owner: string
  readonly from: 'object' | 'namespace' | 'standard'
}

/** Keys like `example.com/owner` mean the same in every fleet. */
const OWNER_SUFFIX = /\/(owner|team|squad|contact)$/

const named = (map: ReadonlyMap<string, string>, keys: readonly string[]): string | null => {
  for (const key of keys) {
    const value = map.get(key)
    if (value) return value
  }
  for (const [key, value] of map) if (OWNER_SUFFIX.test(key) && value) return value
  return null
}

export const ownNamed = (object: Pick<Sourced, 'labels' | 'annotations'>, standard: Standard | null): string | null => {
  const { ownerLabels, ownerAnnotations } = standard ?? DEFAULT_STANDARD
  return named(object.labels, ownerLabels) ?? named(object.annotations, ownerAnnotations)
}

/** The owner of an object in a namespace: its own labels, its template's, its namespace's, the standard's. */
export const ownerOf = (
  object: Pick<Sourced, 'ref' | 'labels' | 'annotations'>,
  cluster: Cluster,
  standard: Standard | null,
  template: Workload['shape'] | null = null,
): Ownership | null => {
  const own = ownNamed(object, standard) ?? (template === null ? null : ownNamed(template, standard))
  if (own !== null) return { owner: own, from: 'object' }
  const name = object.ref.kind === 'Namespace' ? object.ref.name : object.ref.namespace
  if (name === null) return null
  const namespace = cluster.namespaces.get(name)
  const above = namespace === undefined ? null : ownNamed(namespace, standard)
  if (above !== null) return { owner: above, from: 'namespace' }
  const configured = standard?.ownerOfNamespace.get(name)
  return configured === undefined ? null : { owner: configured, from: 'standard' }
}
