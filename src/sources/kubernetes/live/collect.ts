import type { LiveEvent, LiveProgress } from './event.ts'
import { openContexts } from './kubeconfig.ts'
import { merge } from './merge.ts'
import { readCluster } from './read-cluster.ts'
import type { Pace } from './retry.ts'

export interface CollectOptions extends Pace {
  /** null: as kubectl finds it. */
  readonly kubeconfig: string | null
  readonly contexts: readonly string[] | 'all' | 'current'
  /** null: every namespace. */
  readonly namespaces: readonly string[] | null
  readonly onProgress: (progress: LiveProgress) => void
}

const CLUSTERS_AT_A_TIME = 4

/**
 * Reads clusters: GET only, never a Secret, ConfigMaps by name, everything redacted. What cannot be read is a gap
 * among the events, never an exception and never an absence.
 */
export async function* collect(options: CollectOptions): AsyncGenerator<LiveEvent> {
  const contexts = await openContexts(options.kubeconfig, options.contexts)
  for (const gap of contexts.gaps) yield { kind: 'gap', gap }
  const readers = contexts.value.map(
    context => () =>
      readCluster({
        connection: context.connect(),
        whose: { cluster: context.cluster, context: context.name, server: context.server },
        namespaces: options.namespaces,
        pace: options,
        onProgress: options.onProgress,
      }),
  )
  for await (const batch of merge(readers, CLUSTERS_AT_A_TIME)) yield* batch
}
