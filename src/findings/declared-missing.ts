import { holdsOn } from '../intent/declared.ts'
import type { Problem } from '../intent/problems.ts'
import { matchesOne, speaksOf } from '../intent/subjects.ts'
import { isSystemNamespace } from '../inventory/add-ons.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import type { Allowance, EgressIntent } from '../model/intent.ts'
import { clusterInFront, namesObject, servicesNamed, workloadsNamed } from './declared-places.ts'
import { workloadsAreKnown } from './unseen-policies.ts'

/**
 * Services and workloads that entries name and that are in none of the clusters which the intent speaks of. Where the kind was
 * not read, where a cluster that it names was not, and of the platform’s own namespaces nothing is said.
 */
export const missingPlaces = ({ intents, clusters }: Estate, today: string): readonly Problem[] =>
  intents.intents.flatMap(intent => {
    const spoken = spokenOf(intent, clusters)
    return spoken.length === 0
      ? []
      : intent.allow
          .filter(entry => holdsOn(entry, today))
          .flatMap(entry => [
            ...missingOf(intent, entry, 'services', spoken, clusters),
            ...missingOf(intent, entry, 'workloads', spoken, clusters),
          ])
  })

/** A cluster with the namespaces of whom an intent speaks there. */
interface Spoken {
  readonly cluster: Cluster
  readonly namespaces: readonly string[]
}

/** None where it names clusters that were not read: what it speaks of may be there. */
const spokenOf = ({ from }: EgressIntent, clusters: readonly Cluster[]): readonly Spoken[] => {
  if (from?.kind !== 'workloads') return []
  if (from.clusters?.some(glob => !clusters.some(({ name }) => globMatches(glob, name)))) return []
  return clusters.flatMap((cluster): readonly Spoken[] => {
    const namespaces = new Set(
      cluster.workloads.flatMap(workload =>
        [workload.shape, ...workload.pods.map(({ shape }) => shape)].some(shape => speaksOf(from, workload, shape))
          ? [workload.namespace]
          : [],
      ),
    )
    return namespaces.size === 0 ? [] : [{ cluster, namespaces: [...namespaces] }]
  })
}

type Kind = 'services' | 'workloads'

const missingOf = (
  document: EgressIntent,
  entry: Allowance,
  kind: Kind,
  spoken: readonly Spoken[],
  clusters: readonly Cluster[],
): readonly Problem[] =>
  entry[kind].flatMap((text, i): readonly Problem[] => {
    const front = clusterInFront(text, kind)
    if (front.kind === 'unknown') return []
    const asked = front.kind === 'none' ? spoken : inClusters(front.glob, spoken, clusters)
    const isMissing =
      asked.length > 0 && asked.every(one => isKnown(one, kind) && !isPlatforms(text) && !isThere(text, kind, one))
    return isMissing
      ? [
          {
            kind: 'refers-to-nothing',
            document,
            at: [...entry.at, 'to', kind, i],
            says: `there is no ${WORDS[kind]} \`${text}\` where it speaks of workloads`,
            remedy: `name one that is there instead of \`${text}\`, or remove it`,
          },
        ]
      : []
  })

const WORDS = { services: 'Service', workloads: 'workload' } as const

const inClusters = (glob: string, spoken: readonly Spoken[], clusters: readonly Cluster[]): readonly Spoken[] =>
  clusters
    .filter(({ name }) => matchesOne([glob], name))
    .map(cluster => spoken.find(one => one.cluster === cluster) ?? { cluster, namespaces: [] })

/** Whether its kind was read at all. */
const isKnown = ({ cluster }: Spoken, kind: Kind): boolean =>
  kind === 'services'
    ? cluster.services.length > 0 && ![...cluster.unread].some(resource => /^(\*|services|namespaces)/.test(resource))
    : workloadsAreKnown(cluster)

/** Manifests of a team leave out what the platform brings along. */
const isPlatforms = (text: string): boolean => {
  const parts = text.split('/')
  return /(^|\/)default\/kubernetes$/.test(text) || parts.some(part => isSystemNamespace(part))
}

/** An object of a kind that is only counted may be the workload. */
const isThere = (text: string, kind: Kind, { cluster, namespaces }: Spoken): boolean =>
  kind === 'services'
    ? namespaces.some(namespace => servicesNamed(text, cluster, namespace).length > 0) ||
      servicesNamed(text, cluster, '').length > 0
    : workloadsNamed(text, cluster).length > 0 ||
      [...cluster.customKinds.values()].flat().some(ref => namesObject(text, cluster, ref.namespace ?? '', ref))
