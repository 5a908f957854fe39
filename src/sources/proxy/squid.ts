import type { ConfigMap } from '../../model/cluster.ts'
import { sourcedOf } from '../../model/provenance.ts'
import type { ForwardProxyConfig, ProxyAccess, ProxyAcl } from '../../model/proxy.ts'

/**
 * squid.conf: `acl NAME TYPE values…` (several lines of one name add up), `http_access allow|deny ACL…` (first match
 * wins), `access_log`. A quoted value names a file of values, one a line.
 * Source: squid-cache.org/Doc/config, directives acl, http_access, access_log.
 */
export const lowerSquid = (configMaps: readonly ConfigMap[]): readonly ForwardProxyConfig[] =>
  configMaps.flatMap(map =>
    [...map.data]
      .filter(
        ([key, text]) => /squid.*\.conf$/.test(key) || (/\.conf$/.test(key) && /^[ \t]*http_access[ \t]/m.test(text)),
      )
      .map(([key, text]) => parseSquid(map, key, text)),
  )

const parseSquid = (map: ConfigMap, key: string, text: string): ForwardProxyConfig => {
  const acls = new Map<string, ProxyAcl>()
  const access: ProxyAccess[] = []
  const missing: string[] = []
  let accessLog: 'on' | 'off' | null = null
  for (const raw of text.split('\n')) {
    const words = wordsOf(raw)
    const [directive, first, second, ...rest] = words
    if (directive === 'acl' && first !== undefined && second !== undefined) {
      const values = rest.flatMap(value => {
        if (!value.startsWith('"')) return [value]
        const file = value.slice(1, -1)
        const listed = map.data.get(file.slice(file.lastIndexOf('/') + 1))
        if (listed === undefined) missing.push(file)
        return listed?.split('\n').flatMap(wordsOf) ?? []
      })
      acls.set(first, { type: second, values: [...(acls.get(first)?.values ?? []), ...values] })
    } else if (directive === 'http_access' && (first === 'allow' || first === 'deny')) {
      const acls = second === undefined ? [] : [second, ...rest]
      access.push({ action: first, acls, written: ['http_access', first, ...acls].join(' ') })
    } else if (directive === 'access_log') {
      // Several lines add up, and `none` with an ACL only leaves that out.
      if (first !== 'none') accessLog = 'on'
      else if (second === undefined && accessLog === null) accessLog = 'off'
    }
  }
  return {
    ...sourcedOf(map),
    product: 'squid',
    key,
    acls,
    access,
    accessLog: accessLog ?? 'on',
    accessLogSetting: 'access_log none',
    missingFiles: missing,
  }
}

const wordsOf = (line: string): string[] =>
  [...line.replace(/(^|\s)#.*$/, '').matchAll(/"[^"]*"|\S+/g)].map(match => match[0])
