import type { Gap } from '../../../model/coverage.ts'
import { field, flag, isObject, list, text, texts } from '../../../model/json.ts'
import { RESOURCES, type Resource, resourceName } from '../resources.ts'
import { clusterGap, type Whose } from './gaps.ts'
import { mapInParallel } from './merge.ts'
import type { Connection } from './reply.ts'
import { FIRST_CONTACT, getWithRetry, type Pace, READING } from './retry.ts'

/** A resource that this server has, at the version it will be read at. */
export interface Served {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
}

export type Discovery =
  | {
      readonly kind: 'ok'
      readonly version: string | null
      readonly served: readonly Served[]
      readonly gaps: readonly Gap[]
    }
  | { readonly kind: 'failed'; readonly gap: Gap }

/**
 * What the server has of the list in resources.ts. A group that it does not have is no gap; a group that it has and
 * cannot describe (an aggregated API that is down) is one.
 */
export const discover = async (connection: Connection, whose: Whose, pace: Pace): Promise<Discovery> => {
  const hello = await getWithRetry(connection, '/version', FIRST_CONTACT, pace)
  if (hello.kind === 'failed' || (hello.kind === 'refused' && hello.status === 401))
    return { kind: 'failed', gap: clusterGap(whose, hello) }
  const groups = await getWithRetry(connection, '/apis', READING, pace)
  if (groups.kind !== 'ok') return { kind: 'failed', gap: clusterGap(whose, groups) }

  const versions = new Map<string, readonly string[]>([['', ['v1']]])
  for (const group of list(field(groups.body, 'groups'))) {
    const name = text(field(group, 'name'))
    if (name === undefined) continue
    const preferred = text(field(field(group, 'preferredVersion'), 'version'))
    const all = list(field(group, 'versions')).flatMap(entry => text(field(entry, 'version')) ?? [])
    versions.set(name, [...new Set([...(preferred === undefined ? [] : [preferred]), ...all])])
  }
  const wanted = Map.groupBy(
    RESOURCES.filter(resource => resource.read === 'list' && versions.has(resource.group)),
    resource => resource.group,
  )
  const found = await mapInParallel([...wanted], 4, ([group, resources]) =>
    discoverGroup(connection, whose, group, resources, versions.get(group) ?? [], pace),
  )
  const served = found.flatMap(part => part.served)
  const names = new Set(served.map(entry => resourceName(entry.group, entry.plural)))
  const twin = new Map(
    RESOURCES.map(({ group, plural, unlessServedBy }) => [resourceName(group, plural), unlessServedBy]),
  )
  return {
    kind: 'ok',
    version: hello.kind === 'ok' ? (text(field(hello.body, 'gitVersion')) ?? null) : null,
    served: served.filter(entry => {
      const other = twin.get(resourceName(entry.group, entry.plural)) ?? null
      return other === null || !names.has(resourceName(other, entry.plural))
    }),
    gaps: found.flatMap(part => part.gaps),
  }
}

/** Versions that we know come first, in our order; then what the server prefers. */
const discoverGroup = async (
  connection: Connection,
  whose: Whose,
  group: string,
  resources: readonly Resource[],
  offered: readonly string[],
  pace: Pace,
): Promise<{ readonly served: readonly Served[]; readonly gaps: readonly Gap[] }> => {
  const known = resources[0]?.versions ?? []
  const order = [
    ...known.filter(version => offered.includes(version)),
    ...offered.filter(version => !known.includes(version)),
  ]
  const served = new Map<string, Served>()
  const gaps: Gap[] = []
  for (const version of order) {
    if (resources.every(({ plural }) => served.has(plural))) break
    const path =
      group === ''
        ? `/api/${encodeURIComponent(version)}`
        : `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`
    const answer = await getWithRetry(connection, path, READING, pace)
    if (answer.kind !== 'ok') {
      // Announced a moment ago and gone now: a definition that was just removed.
      if (answer.kind === 'refused' && answer.status === 404) continue
      gaps.push({
        cluster: whose.cluster,
        resource: `*.${group}`,
        why: `API group \`${group}/${version}\` of cluster \`${whose.cluster}\` cannot be described: ${answer.message}`,
        settledBy: `see why \`kubectl --context ${whose.context} get --raw ${path}\` fails`,
      })
      continue
    }
    for (const entry of list(field(answer.body, 'resources'))) {
      const plural = text(field(entry, 'name'))
      const kind = text(field(entry, 'kind'))
      if (plural === undefined || kind === undefined || plural.includes('/') || served.has(plural)) continue
      const isWanted = resources.some(resource => resource.plural === plural || resource.plural === '*')
      if (!isWanted || plural === 'secrets' || !isObject(entry) || !texts(field(entry, 'verbs')).includes('list'))
        continue
      served.set(plural, { group, version, plural, kind, namespaced: flag(field(entry, 'namespaced')) })
    }
  }
  return { served: [...served.values()], gaps }
}
