import { placeOf } from '../../inventory/address.ts'
import type { ForwardProxyConfig, ProxyAccess } from '../../model/proxy.ts'
import { type Check, hit } from '../check.ts'

export const proxyOrder: Check = {
  id: 'PST-M014',
  title: 'Proxy rule that lets traffic past its own checks',
  severity: 'high',
  why: 'The first matching rule wins: an allow that names neither port nor destination stands before the checks that were meant for everybody. CONNECT then opens a tunnel to any host and port.',
  remedy: 'Move the checks before the allow, or narrow the allow to destinations.',
  references: ['https://www.squid-cache.org/Doc/config/http_access/'],
  *run({ cluster }) {
    for (const proxy of cluster.proxies) {
      for (const [index, rule] of proxy.access.entries()) {
        if (rule.action !== 'allow' || rule.acls.some(name => limitsDestination(proxy, name))) continue
        const later = proxy.access
          .slice(index + 1)
          .filter(other => other.action === 'deny' && other.acls.some(name => name !== 'all'))
        // A rule that names no method lets CONNECT through as well; after the checks that is what is meant.
        const opens = rule.acls.some(name => isConnect(proxy, name)) || later.some(other => checks(proxy, other))
        if (!opens || rule.acls.some(name => isLocal(proxy, name))) continue
        yield hit(
          proxy,
          `\`${rule.written}\` opens tunnels to any host${later.length > 0 ? `, before \`deny ${later[0]?.acls.join(' ')}\` is looked at` : ''}`,
          `move \`${rule.written}\` behind the checks in \`${proxy.key}\` of ConfigMap \`${proxy.ref.name}\``,
          {
            at: ['data', proxy.key],
            key: `${proxy.key} ${rule.acls.join(' ')}`,
            witness: rule.written,
          },
        )
      }
      const ports = [...proxy.acls]
        .filter(([name, acl]) => acl.type === 'port' && /ssl/i.test(name))
        .flatMap(([, acl]) => acl.values)
      const odd = ports.filter(port => port !== '443' && port !== '8443')
      if (odd.length > 0) {
        yield hit(
          proxy,
          `tunnels are let through to port ${odd.join(', ')}, where TLS is not what one expects`,
          `remove ${odd.join(', ')} from the TLS ports in \`${proxy.key}\` of ConfigMap \`${proxy.ref.name}\``,
          {
            at: ['data', proxy.key],
            key: `${proxy.key} ports`,
            severity: 'medium',
            witness: `SSL_ports ${odd.join(' ')}`,
          },
        )
      }
    }
  },
}

/** A later deny that was meant for everybody: it looks at ports, methods or destinations. */
const checks = (proxy: ForwardProxyConfig, { acls }: ProxyAccess): boolean =>
  acls.some(name => isConnect(proxy, name.replace(/^!/, '')) || limitsDestination(proxy, name))

/** The proxy's own host, its manager's pages, and everything but CONNECT. */
const isLocal = (proxy: ForwardProxyConfig, name: string): boolean => {
  const acl = proxy.acls.get(name)
  return (
    name === 'localhost' ||
    name === 'manager' ||
    (name.startsWith('!') && isConnect(proxy, name.slice(1))) ||
    (acl?.type === 'src' && acl.values.every(value => placeOf(value) === 'loopback'))
  )
}

const isConnect = (proxy: ForwardProxyConfig, name: string): boolean => {
  const acl = proxy.acls.get(name)
  return name === 'CONNECT' || (acl?.type === 'method' && acl.values.includes('CONNECT'))
}

const limitsDestination = (proxy: ForwardProxyConfig, name: string): boolean => {
  const type = proxy.acls.get(name.replace(/^!/, ''))?.type ?? ''
  return ['dst', 'dstdomain', 'dstdom_regex', 'port', 'ssl::server_name', 'url_regex'].includes(type)
}
