import type { Cluster } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import type { ObjectRef } from '../model/identity.ts'
import type { Allowance } from '../model/intent.ts'
import type { Service } from '../model/service.ts'
import type { Workload } from '../model/workload.ts'

/**
 * Destinations inside a cluster as an intent writes them. A Service is `name`, of the sender’s own namespace, `namespace/name` or
 * `cluster/namespace/name`; a workload is `namespace/name`, `namespace/Kind/name`, or one of them with the cluster in front. Each
 * part is a glob. What has three parts may be read either way.
 */
export interface PlacesInside {
  readonly services: readonly Service[]
  readonly workloads: readonly Workload[]
  /** Some of what is written is not in this cluster. */
  readonly isElsewhere: boolean
}

export const placesInside = ({ services, workloads }: Allowance, cluster: Cluster, namespace: string): PlacesInside => {
  const foundServices = services.map(text => servicesNamed(text, cluster, namespace))
  const foundWorkloads = workloads.map(text => workloadsNamed(text, cluster))
  return {
    services: [...new Set(foundServices.flat())],
    workloads: [...new Set(foundWorkloads.flat())],
    isElsewhere: [...foundServices, ...foundWorkloads].some(found => found.length === 0),
  }
}

export const servicesNamed = (text: string, cluster: Cluster, namespace: string): readonly Service[] => {
  const parts = text.split('/')
  const readings = parts.length === 1 ? [[cluster.name, namespace, text]] : readingsOf(text, cluster.name, 3)
  return cluster.services.filter(service =>
    readings.some(reading => matches(reading, [cluster.name, service.namespace, service.ref.name])),
  )
}

export const workloadsNamed = (text: string, cluster: Cluster): readonly Workload[] =>
  cluster.workloads.filter(({ namespace, ref }) => namesObject(text, cluster, namespace, ref))

/** Whether a text for workloads means an object of the cluster. */
export const namesObject = (
  text: string,
  { name }: Cluster,
  namespace: string,
  ref: Pick<ObjectRef, 'kind' | 'name'>,
): boolean =>
  readingsOf(text, name, 4).some(reading => matches(reading, [name, namespace, ref.kind, ref.name])) ||
  readingsOf(text, name, 3).some(reading => matches(reading, [name, namespace, ref.name]))

/** The text with all its parts: a cluster in front, or this one. */
const readingsOf = (text: string, cluster: string, length: 3 | 4): readonly (readonly string[])[] => {
  const parts = text.split('/')
  return parts.length === length ? [parts] : parts.length === length - 1 ? [[cluster, ...parts]] : []
}

const matches = (globs: readonly string[], parts: readonly string[]): boolean =>
  globs.length === parts.length && globs.every((glob, i) => globMatches(glob, parts[i] ?? ''))

/** `unknown`: what stands there may be a cluster or a namespace. */
type Front =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'cluster'; readonly glob: string }

/** The cluster in front of a text. */
export const clusterInFront = (text: string, of: 'services' | 'workloads'): Front => {
  const parts = text.split('/')
  const [glob = '', second = ''] = parts
  if (of === 'workloads' && parts.length === 3) {
    if (second.startsWith('*')) return { kind: 'unknown' }
    // Kinds begin with a capital letter, and no namespace does.
    return /^[A-Z]/.test(second) ? { kind: 'none' } : { kind: 'cluster', glob }
  }
  return parts.length >= (of === 'services' ? 3 : 4) ? { kind: 'cluster', glob } : { kind: 'none' }
}
