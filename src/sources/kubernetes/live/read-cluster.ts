import { at, text } from '../../../model/json.ts'
import { redact } from '../redact.ts'
import { resourceName } from '../resources.ts'
import { type NamedConfigMaps, noteConfigMaps } from './config-maps.ts'
import { discover, type Served } from './discover.ts'
import type { LiveEvent, LiveProgress } from './event.ts'
import { resourceGap, type Whose } from './gaps.ts'
import { listAll } from './list.ts'
import { merge } from './merge.ts'
import { readConfigMaps } from './read-config-maps.ts'
import type { Connection } from './reply.ts'
import type { Pace } from './retry.ts'

const LISTS_AT_A_TIME = 4

export interface ClusterReading {
  readonly connection: Connection
  readonly whose: Whose
  /** null: all of them. Cluster-scoped resources are read either way. */
  readonly namespaces: readonly string[] | null
  readonly pace: Pace
  readonly onProgress: (progress: LiveProgress) => void
}

/** Everything of one cluster, in batches. ConfigMaps come last: the workloads say which. */
export async function* readCluster(reading: ClusterReading): AsyncGenerator<readonly LiveEvent[]> {
  const { connection, whose, pace } = reading
  const { cluster, context } = whose
  try {
    yield [{ kind: 'cluster', cluster, context }]
    const discovery = await discover(connection, whose, pace)
    if (discovery.kind === 'failed') {
      yield [{ kind: 'gap', gap: discovery.gap }]
      return
    }
    if (discovery.version !== null) yield [{ kind: 'version', cluster, version: discovery.version }]
    if (discovery.gaps.length > 0) yield discovery.gaps.map(gap => ({ kind: 'gap', gap }) as const)

    const named: NamedConfigMaps = new Map()
    const namespaces = new Set<string>()
    const total = discovery.served.length + 1
    let done = 0
    let objects = 0
    const tell = (resource: string): void => reading.onProgress({ cluster, context, resource, done, total, objects })

    const read = async function* (served: Served): AsyncGenerator<readonly LiveEvent[]> {
      const resource = resourceName(served.group, served.plural)
      tell(resource)
      for (const namespace of served.namespaced && reading.namespaces !== null ? reading.namespaces : [null]) {
        for await (const step of listAll(connection, served, namespace, pace)) {
          if (step.kind === 'broken') {
            yield [{ kind: 'gap', gap: resourceGap(whose, resource, namespace, step.trouble, step.read) }]
            continue
          }
          for (const item of step.items) {
            if (resource === 'namespaces') namespaces.add(text(at(item, 'metadata', 'name')) ?? '')
            noteConfigMaps(item, named)
          }
          objects += step.items.length
          tell(resource)
          yield step.items.map(item => ({ kind: 'document', cluster, context, resource, body: redact(item) }) as const)
        }
      }
      done++
      tell(resource)
    }
    yield* merge(
      discovery.served.map(served => () => read(served)),
      LISTS_AT_A_TIME,
    )
    tell('configmaps')
    yield* readConfigMaps(connection, whose, named, namespaces.size === 0 ? null : namespaces, pace)
    done++
    tell('configmaps')
  } finally {
    connection.close()
  }
}
