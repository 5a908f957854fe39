import { isSharedZone } from '../../inventory/shared-zones.ts'
import { type Check, hit, several } from '../check.ts'

export const wildcardServiceEntry: Check = {
  id: 'PST-M006',
  title: 'ServiceEntry that admits a whole zone',
  severity: 'medium',
  why: 'A wildcard host admits every name below it, and under a provider’s zone anybody may publish one: a bucket, a function, a page. Exported to the whole mesh it does so for every namespace.',
  remedy: 'Name the hosts that are needed, and export them to their own namespace only.',
  references: ['https://istio.io/latest/docs/reference/config/networking/service-entry/'],
  *run({ cluster }) {
    for (const entry of cluster.mesh.externalHosts) {
      const wide = entry.hosts.filter(host => host.startsWith('*'))
      if (wide.length === 0 || !entry.external) continue
      const shared = wide.filter(host => isSharedZone(host.replace(/^\*\.?/, '')))
      const everywhere = entry.exportTo.length === 0 || entry.exportTo.includes('*')
      yield hit(
        entry,
        `${several(wide)} ${wide.length === 1 ? 'admits' : 'admit'} every name below${shared.length > 0 ? `, where anybody may make one` : ''}${everywhere ? ', for the whole mesh' : ''}`,
        `replace ${several(wide)} in ServiceEntry \`${entry.ref.name}\` of \`${entry.namespace}\` by the hosts that are used${everywhere ? ', with `exportTo: ["."]`' : ''}`,
        {
          at: ['spec', 'hosts'],
          severity: shared.length > 0 && everywhere ? 'high' : null,
          witness: wide.join(', '),
        },
      )
    }
  },
}
