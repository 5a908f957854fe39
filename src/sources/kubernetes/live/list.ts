import { at, field, isObject, type JsonObject, list, text } from '../../../model/json.ts'
import type { Served } from './discover.ts'
import type { Connection, Outcome } from './reply.ts'
import { getWithRetry, type Pace, READING } from './retry.ts'

export type ListStep =
  | { readonly kind: 'page'; readonly items: readonly JsonObject[] }
  /** The list ends here, though the server has more. `read` objects came before. */
  | { readonly kind: 'broken'; readonly trouble: Exclude<Outcome, { kind: 'ok' }>; readonly read: number }

const PAGE = 500
const MOST_RESTARTS = 3

/**
 * All objects of a resource, page by page. A list is a snapshot of the moment of its first page; when the server has
 * forgotten that moment (410) the list starts again from the present one, and what was given before is not given
 * twice. So an object that was deleted in between may be among them: the answer is about a moment that lasted.
 * Source: Kubernetes API concepts, "Retrieving large results sets in chunks".
 */
export async function* listAll(
  connection: Connection,
  served: Served,
  namespace: string | null,
  pace: Pace,
): AsyncGenerator<ListStep> {
  const seen = new Set<string>()
  let token: string | null = null
  let restarts = 0
  for (;;) {
    const answer: Outcome = await getWithRetry(connection, listPath(served, namespace, token), READING, pace)
    if (answer.kind === 'refused' && answer.status === 410 && restarts < MOST_RESTARTS) {
      restarts++
      token = null
      continue
    }
    if (answer.kind !== 'ok') {
      // The definition was removed since discovery: then there is nothing to read.
      if (!(answer.kind === 'refused' && answer.status === 404 && seen.size === 0))
        yield { kind: 'broken', trouble: answer, read: seen.size }
      return
    }
    const items = list(field(answer.body, 'items'))
      .filter(isObject)
      .flatMap(item => {
        const key =
          text(at(item, 'metadata', 'uid')) ??
          `${text(at(item, 'metadata', 'namespace')) ?? ''}/${text(at(item, 'metadata', 'name')) ?? ''}`
        if (seen.has(key)) return []
        seen.add(key)
        return [withKind(item, served)]
      })
    yield { kind: 'page', items }
    const next = text(at(answer.body, 'metadata', 'continue')) ?? ''
    if (next === '') return
    if (next === token) {
      yield {
        kind: 'broken',
        trouble: { kind: 'failed', reason: 'protocol', message: 'the list leads back to the same page' },
        read: seen.size,
      }
      return
    }
    token = next
  }
}

const listPath = (served: Served, namespace: string | null, token: string | null): string =>
  `${resourcePath(served, namespace)}?limit=${PAGE}${token === null ? '' : `&continue=${encodeURIComponent(token)}`}`

export const resourcePath = (served: Served, namespace: string | null): string => {
  const version = encodeURIComponent(served.version)
  const root = served.group === '' ? `/api/${version}` : `/apis/${encodeURIComponent(served.group)}/${version}`
  const inside = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${inside}/${encodeURIComponent(served.plural)}`
}

/** The items of a built-in list carry neither; those of a custom resource do. */
const withKind = (item: JsonObject, served: Served): JsonObject => ({
  apiVersion: served.group === '' ? served.version : `${served.group}/${served.version}`,
  kind: served.kind,
  ...item,
})
