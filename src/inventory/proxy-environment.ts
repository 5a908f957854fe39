import type { Cluster } from '../model/cluster.ts'
import type { Container, Workload } from '../model/workload.ts'

export interface ProxySetting {
  readonly container: Container
  readonly proxies: readonly {
    readonly name: string
    readonly scheme: 'http' | 'https' | 'all'
    readonly url: string
    readonly host: string
  }[]
  /** Entries of NO_PROXY, both spellings. */
  readonly exempt: readonly string[]
}

const SCHEMES: Readonly<Record<string, 'http' | 'https' | 'all'>> = {
  HTTP_PROXY: 'http',
  HTTPS_PROXY: 'https',
  ALL_PROXY: 'all',
}

/**
 * Which proxy each container is told to use, by the variables that most clients read; values may come from a ConfigMap.
 * Source: curl(1), ENVIRONMENT; Go net/http, ProxyFromEnvironment.
 */
export const proxySettings = (cluster: Cluster, workload: Workload): readonly ProxySetting[] =>
  workload.shape.containers.flatMap(container => {
    const variables = environmentOf(cluster, workload.namespace, container)
    const proxies = variables.flatMap(([name, value]) => {
      const scheme = SCHEMES[name.toUpperCase()]
      return scheme === undefined || value === ''
        ? []
        : [{ name, scheme, url: withoutCredentials(value), host: hostOf(value) }]
    })
    const exempt = variables
      .filter(([name]) => name.toUpperCase() === 'NO_PROXY')
      .flatMap(([, value]) => value.split(/[,\s]+/).filter(Boolean))
    return proxies.length === 0 && exempt.length === 0 ? [] : [{ container, proxies, exempt: [...new Set(exempt)] }]
  })

const environmentOf = (
  cluster: Cluster,
  namespace: string,
  container: Container,
): readonly (readonly [string, string])[] => {
  const whole = container.envFrom.flatMap(source =>
    source.kind === 'ConfigMap'
      ? [...(cluster.configMaps.get(`${namespace}/${source.name}`)?.data ?? [])].map(
          ([key, value]) => [`${source.prefix}${key}`, value] as const,
        )
      : [],
  )
  const single = container.env.flatMap(variable => {
    const value =
      variable.from?.kind === 'ConfigMap'
        ? cluster.configMaps.get(`${namespace}/${variable.from.name}`)?.data.get(variable.from.key)
        : variable.value
    return value == null ? [] : [[variable.name, value] as const]
  })
  // The container’s own variable wins over one that is given whole; of two with one name the later one.
  return [...new Map([...whole, ...single])]
}

const hostOf = (url: string): string => {
  const authority = url.replace(/^[a-z0-9+.-]+:\/\//i, '').replace(/[/?#].*$/, '')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return /^\[/.test(host) ? host.slice(1, host.indexOf(']')) : host.replace(/:\d+$/, '')
}

const withoutCredentials = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')
