import { isEverySource } from '../../inventory/address.ts'
import type { ForwardProxyConfig } from '../../model/proxy.ts'
import { type Check, hit } from '../check.ts'

export const openProxy: Check = {
  id: 'PST-M013',
  title: 'Forward proxy that serves everybody',
  severity: 'high',
  why: 'Where the proxy’s source rule is the whole world, its allow list is the only limit that is left, or there is none. Whoever reaches its port leaves by it, with its address and its permissions.',
  remedy: 'Limit the source to the ranges of the workloads that need the proxy.',
  references: ['https://wiki.squid-cache.org/SquidFaq/SquidAcl'],
  *run({ cluster }) {
    for (const proxy of cluster.proxies) {
      const wide = [...proxy.acls]
        .filter(([name, acl]) => acl.type === 'src' && acl.values.some(isEverybody) && isAllowed(proxy, name))
        .map(([name]) => name)
      const unlimited = proxy.access.find(
        (rule, index) =>
          rule.action === 'allow' &&
          rule.acls.every(name => name === 'all' || wide.includes(name)) &&
          !proxy.access
            .slice(0, index)
            .some(earlier => earlier.action === 'deny' && leavesTheRest(proxy, earlier.acls)),
      )
      if (wide.length === 0 && unlimited === undefined) continue
      yield hit(
        proxy,
        unlimited !== undefined
          ? 'it serves every source and every destination'
          : `\`${wide.join('`, `')}\` is every source, so anybody who reaches it may use it`,
        `limit the source in \`${proxy.key}\` of ConfigMap \`${proxy.ref.name}\` in \`${proxy.ref.namespace}\``,
        {
          at: ['data', proxy.key],
          key: proxy.key,
          severity: unlimited === undefined ? null : 'critical',
          witness: unlimited?.written ?? witnessOf(proxy, wide),
        },
      )
    }
  },
}

/** `deny !allowed` before it leaves only allowed sources or destinations; a check of ports or methods leaves both open. */
const leavesTheRest = (proxy: ForwardProxyConfig, names: readonly string[]): boolean => {
  const typeOf = (name: string): string => proxy.acls.get(name.replace(/^!/, ''))?.type ?? ''
  return (
    names.some(
      name =>
        name.startsWith('!') && /^(src|dst|dstdomain|dstdom_regex|url_regex|ssl::server_name)$/.test(typeOf(name)),
    ) && !names.some(name => name === 'CONNECT' || typeOf(name) === 'method')
  )
}
const isEverybody = (value: string): boolean =>
  value === 'all' || isEverySource(value) || value === '0.0.0.0-255.255.255.255'
const isAllowed = (proxy: ForwardProxyConfig, name: string): boolean =>
  proxy.access.some(rule => rule.action === 'allow' && rule.acls.includes(name))

const witnessOf = (proxy: ForwardProxyConfig, wide: readonly string[]): string =>
  proxy.product === 'squid'
    ? `acl ${wide[0]} src 0.0.0.0/0`
    : (proxy.access.find(rule => rule.acls.some(name => wide.includes(name)))?.written ?? 'every source')
