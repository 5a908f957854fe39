import { isEverySource } from '../../inventory/address.ts'
import { egressClosed } from '../../inventory/controls.ts'
import { proxySettings } from '../../inventory/proxy-environment.ts'
import { type Check, hit, several } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const noProxyTooWide: Check = {
  id: 'PST-M010',
  title: 'NO_PROXY that exempts the internet',
  severity: 'medium',
  why: 'The workload is told to use a proxy and told to skip it for most of the world: `*`, a top-level domain, a default route. Its connections go directly, and either leave past the proxy’s log or fail where policy closes the direct way.',
  remedy: 'List only the cluster’s own zones and ranges.',
  references: ['https://about.gitlab.com/blog/we-need-to-talk-no-proxy/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const { container, proxies, exempt } of proxySettings(cluster, workload)) {
        if (proxies.length === 0) continue
        const wide = exempt.filter(isWide)
        if (wide.length === 0) continue
        const closed = egressClosed(cluster, workload, cluster.policies) === true
        const all = wide.includes('*')
        yield hit(
          workload,
          `\`${container.name}\` is given a proxy and skips it for ${several(wide)}, so it connects directly${closed ? '; policy closes its egress by default, so where no rule allows it the attempt fails' : ''}`,
          `remove ${several(wide)} from NO_PROXY of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            severity: all === closed ? null : all ? 'high' : 'low',
            witness: `NO_PROXY=${wide.join(',')}`,
          },
        )
      }
    }
  },
}

/** Top-level domains of the public DNS that a list is likely to name; two letters are a country. */
const PUBLIC_TLD =
  /^([a-z]{2}|com|net|org|info|biz|xyz|dev|app|cloud|site|online|tech|store|shop|live|world|email|services|systems|network|edu|gov|top|club|pro|link|page|run)$/i

/**
 * `*`, a range that holds an eighth of the internet or more, or a bare public top-level domain. A word without a dot is
 * a host of the own domain unless it is one that everybody knows.
 */
const isWide = (written: string): boolean => {
  const entry = written.replace(/:\d+$/, '')
  if (entry === '*' || isEverySource(entry) || /^[0-9.]+\/[0-3]$/.test(entry)) return true
  const domain = entry.replace(/^\*?\./, '')
  return entry === domain ? /^(com|net|org|io)$/i.test(domain) : PUBLIC_TLD.test(domain)
}
