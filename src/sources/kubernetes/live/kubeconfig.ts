import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Gap } from '../../../model/coverage.ts'
import { connect } from './connection.ts'
import { oneLine } from './one-line.ts'
import type { Connection } from './reply.ts'

export interface LiveContext {
  readonly name: string
  /** The kubeconfig's name for the cluster, which is the cluster's name everywhere in the results. */
  readonly cluster: string
  readonly server: string
  readonly connect: () => Connection
}

export interface Contexts {
  readonly value: readonly LiveContext[]
  readonly gaps: readonly Gap[]
}

/**
 * The contexts to read. `path` null: `KUBECONFIG`, `~/.kube/config`, or the service account of the pod this runs in.
 * `all` takes one context for each cluster, the current one before others: a second one for the same cluster would
 * read the same objects again. Contexts that are named are read as named, two for one cluster included.
 */
export const openContexts = async (
  path: string | null,
  wanted: readonly string[] | 'all' | 'current',
): Promise<Contexts> => {
  // Half a second to load: only who reads live pays for it.
  const client = await import('@kubernetes/client-node')
  let config: KubeConfig
  try {
    config = load(client, path)
  } catch (error) {
    return missing(
      `the kubeconfig${path === null ? '' : ` \`${path}\``} cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}`,
    )
  }
  const current = config.getCurrentContext() ?? ''
  const names = config.contexts.map(context => context.name)
  if (names.length === 0) return missing('the kubeconfig holds no context')

  const chosen =
    wanted === 'all' ? onePerCluster(config, current) : wanted === 'current' ? [current] : [...new Set(wanted)]
  const value: LiveContext[] = []
  const gaps: Gap[] = []
  for (const name of chosen) {
    const context = config.contexts.find(entry => entry.name === name)
    const cluster = config.clusters.find(entry => entry.name === context?.cluster)
    if (context === undefined || cluster === undefined) {
      const known = `contexts are ${names
        .slice(0, 20)
        .map(entry => `\`${entry}\``)
        .join(', ')}`
      const why =
        context === undefined
          ? 'is not in the kubeconfig'
          : `names the cluster \`${context.cluster}\`, which is not in the kubeconfig`
      const what = name === '' ? 'the kubeconfig names no current context' : `context \`${name}\` ${why}`
      gaps.push({
        cluster: context?.cluster ?? null,
        resource: null,
        why: what,
        settledBy: `name one with --context: ${known}`,
      })
      continue
    }
    // One configuration for each context: the client's "current" one is a variable, and several are read at once.
    // Without a user the client would not apply the cluster's certificates either, so there is always one.
    const user = config.users.find(entry => entry.name === context.user) ?? { name: 'anonymous' }
    const one = new client.KubeConfig()
    one.loadFromClusterAndUser(cluster, user)
    value.push({ name, cluster: cluster.name, server: cluster.server, connect: () => connect(one) })
  }
  return { value, gaps }
}

const missing = (why: string): Contexts => ({
  value: [],
  gaps: [
    {
      cluster: null,
      resource: null,
      why,
      settledBy: 'name a kubeconfig with --kubeconfig, or give files to read instead',
    },
  ],
})

const onePerCluster = (config: KubeConfig, current: string): readonly string[] => {
  const byCluster = new Map<string, string>()
  for (const { name, cluster } of config.contexts)
    if (name === current || !byCluster.has(cluster)) byCluster.set(cluster, name)
  return [...byCluster.values()]
}

/** As kubectl merges the files of KUBECONFIG: the first to name a thing wins, files that are not there are passed over. */
const load = (client: typeof import('@kubernetes/client-node'), path: string | null): KubeConfig => {
  const config = new client.KubeConfig()
  if (path !== null) {
    config.loadFromFile(path)
    return config
  }
  const files = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter(file => file !== '' && existsSync(file))
  const [first, ...others] = files
  if (first === undefined) {
    config.loadFromDefault()
    if (config.clusters.length === 1 && config.clusters[0]?.server === 'http://localhost:8080') {
      throw new Error('there is none: neither KUBECONFIG nor ~/.kube/config names a file, and this is no pod')
    }
    return config
  }
  config.loadFromFile(first)
  for (const file of others) {
    const more = new client.KubeConfig()
    more.loadFromFile(file)
    for (const cluster of more.clusters)
      if (!config.clusters.some(entry => entry.name === cluster.name)) config.addCluster(cluster)
    for (const user of more.users) if (!config.users.some(entry => entry.name === user.name)) config.addUser(user)
    for (const context of more.contexts)
      if (!config.contexts.some(entry => entry.name === context.name)) config.addContext(context)
    if (!config.currentContext && more.currentContext) config.setCurrentContext(more.currentContext)
  }
  return config
}
