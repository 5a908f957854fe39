import { egressClosed } from '../../inventory/controls.ts'
import { proxySettings } from '../../inventory/proxy-environment.ts'
import { type Check, hit, several } from '../check.ts'

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
          `\`${container}\` is given a proxy and skips it for ${several(wide)}, so it connects directly${closed ? '; policy closes its egress by default, so where no rule allows it the attempt fails' : ''}`,
          `remove ${several(wide)} from NO_PROXY of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: workload.shapePath,
            key: container,
            severity: all === closed ? null : all ? 'high' : 'low',
            witness: `NO_PROXY=${wide.join(',')}`,
          },
        )
      }
    }
  },
}

/** `*`, a default route, or a bare top-level domain that is not the cluster’s own. */
const isWide = (entry: string): boolean => {
  if (entry === '*' || /^(0\.0\.0\.0|::)\/[0-7]$/.test(entry)) return true
  const domain = entry.replace(/^\*?\./, '')
  return (
    /^[a-z]{2,}$/i.test(domain) &&
    ![
      'svc',
      'local',
      'localhost',
      'internal',
      'cluster',
      'test',
      'lan',
      'corp',
      'home',
      'intranet',
      'localdomain',
    ].includes(domain.toLowerCase()) &&
    /^\*?\./.test(entry)
  )
}
