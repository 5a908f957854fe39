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
    const java = javaOptions(variables, container)
    const exempt = variables
      .filter(([name]) => name.toUpperCase() === 'NO_PROXY')
      .flatMap(([, value]) => value.split(/[,\s]+/).filter(Boolean))
    const all = { proxies: [...proxies, ...java.proxies], exempt: [...new Set([...exempt, ...java.exempt])] }
    return all.proxies.length === 0 && all.exempt.length === 0 ? [] : [{ container, ...all }]
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

const JAVA_VARIABLES = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'JAVA_OPTS', '_JAVA_OPTIONS', 'CATALINA_OPTS']

/**
 * What the JVM is told by system properties, in the variables that it or its launchers read or as arguments.
 * Source: docs.oracle.com, "Java Networking and Proxies": http.proxyHost, https.proxyHost, http.nonProxyHosts.
 */
const javaOptions = (
  variables: readonly (readonly [string, string])[],
  container: Container,
): Pick<ProxySetting, 'proxies' | 'exempt'> => {
  const words = [
    ...variables.filter(([name]) => JAVA_VARIABLES.includes(name)).flatMap(([, value]) => value.split(/\s+/)),
    ...container.command,
    ...container.args,
  ]
  const property = (name: string): string | undefined =>
    words
      .find(word => word.startsWith(`-D${name}=`))
      ?.slice(name.length + 3)
      .replace(/^["']|["']$/g, '')
  const proxies = (['http', 'https'] as const).flatMap(scheme => {
    const host = property(`${scheme}.proxyHost`)
    const port = property(`${scheme}.proxyPort`) ?? (scheme === 'http' ? '80' : '443')
    return host === undefined || host === ''
      ? []
      : [{ name: `${scheme}.proxyHost`, scheme, url: `http://${host}:${port}`, host }]
  })
  // `|` separates here, and both schemes share one list.
  return { proxies, exempt: property('http.nonProxyHosts')?.split('|').filter(Boolean) ?? [] }
}

const hostOf = (url: string): string => {
  const authority = url.replace(/^[a-z0-9+.-]+:\/\//i, '').replace(/[/?#].*$/, '')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return /^\[/.test(host) ? host.slice(1, host.indexOf(']')) : host.replace(/:\d+$/, '')
}

const withoutCredentials = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')
