import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { at, field, type Json, type JsonObject, text } from '../../../model/json.ts'
import { type Asked, askedBy } from './test-role.ts'

/**
 * An API server as far as a reader sees one, on the loopback address: discovery, chunked lists, named gets, and the
 * ways in which they fail. For tests only. Source: Kubernetes API concepts.
 */
export interface TestCluster {
  /** `group/version`, or `v1` for the core group. */
  readonly resources: readonly {
    readonly api: string
    readonly plural: string
    readonly kind: string
    readonly items: readonly JsonObject[]
    readonly clusterScoped?: boolean
  }[]
  /** Objects a page, whatever limit is asked for. */
  readonly pageSize?: number
  readonly allows?: (asked: Asked) => boolean
  /** A failure for the nth request (from 1) of a path; null: none. */
  readonly fails?: (path: string, nth: number) => Fault | null
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly gzip?: boolean
}

/** `expire`: 410, and the list is another one from then on. `reset`: the connection breaks. */
export type Fault = { readonly status: number; readonly retryAfter?: number } | 'reset' | 'expire' | 'html'

export interface TestServer {
  readonly url: string
  readonly asked: readonly (Asked & { readonly url: string; readonly headers: http.IncomingHttpHeaders })[]
  readonly close: () => Promise<void>
}

export const startServer = async (cluster: TestCluster): Promise<TestServer> => {
  const asked: (Asked & { url: string; headers: http.IncomingHttpHeaders })[] = []
  const times = new Map<string, number>()
  const generations = new Map<string, number>()
  const answer: http.RequestListener = (request, response) => {
    const url = request.url ?? ''
    const facts = askedBy(request.method ?? '', url)
    asked.push({ ...facts, url, headers: request.headers })
    const nth = (times.get(facts.path) ?? 0) + 1
    times.set(facts.path, nth)
    const fault = cluster.fails?.(facts.path, nth) ?? null
    if (fault === 'reset') return void request.socket.destroy()
    if (fault === 'html')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>')
    if (fault === 'expire') {
      generations.set(facts.path, (generations.get(facts.path) ?? 0) + 1)
      return send(response, 410, failure(410, 'Expired', 'The provided continue parameter is too old'))
    }
    if (fault !== null) {
      if (fault.retryAfter !== undefined) response.setHeader('Retry-After', String(fault.retryAfter))
      return send(response, fault.status, failure(fault.status, 'Test', 'as told'))
    }
    if (cluster.allows !== undefined && !cluster.allows(facts)) {
      return send(response, 403, failure(403, 'Forbidden', `${facts.path} is forbidden`))
    }
    const body = resultOf(cluster, facts, new URL(url, 'http://x'), generations.get(facts.path) ?? 0)
    send(response, body === null ? 404 : 200, body ?? failure(404, 'NotFound', 'not found'), cluster.gzip === true)
  }
  const server = cluster.tls === undefined ? http.createServer(answer) : https.createServer({ ...cluster.tls }, answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${cluster.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const send = (response: http.ServerResponse, status: number, body: Json, gzip = false): void => {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', ...(gzip ? { 'content-encoding': 'gzip' } : {}) })
  response.end(gzip ? gzipSync(bytes) : bytes)
}

const failure = (code: number, reason: string, message: string): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message,
})

const resultOf = (cluster: TestCluster, facts: Asked, url: URL, generation: number): JsonObject | null => {
  const { path, resource } = facts
  if (path === '/version') return { gitVersion: 'v1.32.0' }
  if (path === '/apis') {
    const apis = [...new Set(cluster.resources.map(entry => entry.api))].filter(api => api.includes('/'))
    const groups = Map.groupBy(apis, api => api.split('/')[0] ?? '')
    return {
      kind: 'APIGroupList',
      groups: [...groups].map(([name, served]) => {
        const versions = served.map(groupVersion => ({ groupVersion, version: groupVersion.split('/')[1] ?? '' }))
        return { name, versions, preferredVersion: versions[0] ?? null }
      }),
    }
  }
  const described = cluster.resources.filter(
    entry => path === (entry.api.includes('/') ? `/apis/${entry.api}` : `/api/${entry.api}`),
  )
  if (described.length > 0) {
    const verbs = ['create', 'delete', 'get', 'list', 'watch']
    const resources = described.map(entry => ({
      name: entry.plural,
      kind: entry.kind,
      namespaced: entry.clusterScoped !== true,
      verbs,
    }))
    return {
      kind: 'APIResourceList',
      resources: [...resources, { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] }],
    }
  }
  if (resource === null) return null
  const api = path.split('/')
  const wanted = api[1] === 'api' ? (api[2] ?? '') : `${api[2]}/${api[3]}`
  const entry = cluster.resources.find(candidate => candidate.api === wanted && candidate.plural === resource.plural)
  if (entry === undefined) return null
  const inside = entry.items.filter(
    item => resource.namespace === null || at(item, 'metadata', 'namespace') === resource.namespace,
  )
  if (resource.name !== null) return inside.find(item => at(item, 'metadata', 'name') === resource.name) ?? null
  return pageOf(cluster, entry.kind, entry.api, inside, url, generation)
}

/** Objects marked `appears: n` are there from the nth generation on, those marked `goes: n` until then. */
const pageOf = (
  cluster: TestCluster,
  kind: string,
  api: string,
  items: readonly JsonObject[],
  url: URL,
  generation: number,
): JsonObject => {
  const present = items.filter(
    item => Number(field(item, 'appears') ?? 0) <= generation && generation < Number(field(item, 'goes') ?? 1000),
  )
  const from = Number(url.searchParams.get('continue')?.split(':')[1] ?? 0)
  const size = Math.min(cluster.pageSize ?? 500, Number(url.searchParams.get('limit') ?? 1_000_000))
  const more = from + size < present.length
  return {
    kind: `${kind}List`,
    apiVersion: api,
    metadata: { resourceVersion: '1', ...(more ? { continue: `${generation}:${from + size}` } : {}) },
    items: present.slice(from, from + size),
  }
}

/** An object as a list holds it: without apiVersion and kind. */
export const listed = (namespace: string | null, name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name, ...(namespace === null ? {} : { namespace }), uid: `uid-${namespace ?? ''}-${name}` },
  ...more,
})

export const nameOf = (body: JsonObject): string =>
  `${text(at(body, 'metadata', 'namespace')) ?? ''}/${text(at(body, 'metadata', 'name')) ?? ''}`

/** A kubeconfig with one context `ctx-NAME` for each cluster; the first is current. JSON is YAML. */
export const writeKubeconfig = (
  clusters: readonly {
    readonly name: string
    readonly server: string
    readonly ca?: string
    readonly user?: JsonObject
  }[],
): { readonly path: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-live-'))
  const path = join(folder, 'config')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': `ctx-${clusters[0]?.name ?? ''}`,
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: {
        server,
        // The client speaks plain HTTP only to a server whose certificate it need not check.
        ...(server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
        ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      },
    })),
    users: clusters.map(({ name, user }) => ({ name: `user-${name}`, user: user ?? { token: `token-${name}` } })),
    contexts: clusters.map(({ name }) => ({ name: `ctx-${name}`, context: { cluster: name, user: `user-${name}` } })),
  }
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
