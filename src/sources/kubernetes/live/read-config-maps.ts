import { isObject } from '../../../model/json.ts'
import { type ConfigMapData, redact } from '../redact.ts'
import { KNOWN_CONFIG_MAPS } from './config-map-names.ts'
import type { NamedConfigMaps } from './config-maps.ts'
import type { LiveEvent } from './event.ts'
import { configMapGap, resourceGap, type Whose } from './gaps.ts'
import { mapInParallel } from './merge.ts'
import type { Connection, Outcome } from './reply.ts'
import { getWithRetry, type Pace, READING } from './retry.ts'

const AT_A_TIME = 4
/** After so many refusals and not one answer the rest would be refused too: an audit log need not hold them all. */
const ENOUGH_REFUSALS = 20

/**
 * ConfigMaps by name: those of the network itself, then those that workloads hand to a forwarder or to their own
 * environment. Never listed. One that is not there is no gap: names are optional, and `known` are guesses.
 * `namespaces` null: the namespaces are not known, so every known name is tried.
 */
export async function* readConfigMaps(
  connection: Connection,
  whose: Whose,
  named: NamedConfigMaps,
  namespaces: ReadonlySet<string> | null,
  pace: Pace,
): AsyncGenerator<readonly LiveEvent[]> {
  const known = [...KNOWN_CONFIG_MAPS].flatMap(([namespace, names]) =>
    namespaces === null || namespaces.has(namespace)
      ? names.map(name => [`${namespace}/${name}`, 'whole'] as const)
      : [],
  )
  yield* readByName(connection, whose, known, true, pace)
  const mounted = [...named].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  yield* readByName(connection, whose, mounted, false, pace)
}

async function* readByName(
  connection: Connection,
  whose: Whose,
  wanted: readonly (readonly [string, ConfigMapData])[],
  known: boolean,
  pace: Pace,
): AsyncGenerator<readonly LiveEvent[]> {
  const forbidden: string[] = []
  let answered = false
  const readOne = async ([key, data]: readonly [string, ConfigMapData]): Promise<readonly LiveEvent[]> => {
    if (!known && !answered && forbidden.length >= ENOUGH_REFUSALS) {
      forbidden.push(key)
      return []
    }
    const slash = key.indexOf('/')
    const path = `/api/v1/namespaces/${encodeURIComponent(key.slice(0, slash))}/configmaps/${encodeURIComponent(key.slice(slash + 1))}`
    const answer: Outcome = await getWithRetry(connection, path, READING, pace)
    if (answer.kind === 'ok') {
      answered = true
      if (!isObject(answer.body)) return []
      const body = redact({ apiVersion: 'v1', kind: 'ConfigMap', ...answer.body }, data)
      return [{ kind: 'document', cluster: whose.cluster, context: whose.context, resource: 'configmaps', body }]
    }
    if (answer.kind === 'refused' && answer.status === 404) return []
    if (answer.kind === 'refused' && answer.status === 403) {
      forbidden.push(key)
      return []
    }
    return [
      { kind: 'gap', gap: { ...resourceGap(whose, `configmaps \`${key}\``, null, answer, 0), resource: 'configmaps' } },
    ]
  }
  for (let i = 0; i < wanted.length; i += BATCH) {
    const events = (await mapInParallel(wanted.slice(i, i + BATCH), AT_A_TIME, readOne)).flat()
    if (events.length > 0) yield events
  }
  if (forbidden.length > 0) yield [{ kind: 'gap', gap: configMapGap(whose, forbidden.sort(), known) }]
}

const BATCH = 50
