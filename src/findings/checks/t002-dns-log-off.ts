import { clusterResolvers } from '../../inventory/dns.ts'
import { type Check, hit } from '../check.ts'

export const dnsLogOff: Check = {
  id: 'PST-T002',
  title: 'Cluster resolver that keeps no query log',
  severity: 'medium',
  why: 'The name that was asked is what turns an address in a flow log into an answer, and a tunnel in DNS shows nowhere else. Logging errors only leaves out every question that was answered.',
  remedy: 'Add `log` to the root block of the resolver and ship what it writes.',
  references: ['https://coredns.io/plugins/log/'],
  *run({ cluster }) {
    for (const resolver of clusterResolvers(cluster)) {
      if (resolver.product === 'kube-dns') {
        yield hit(
          resolver,
          'kube-dns keeps no query log: only the network’s own DNS log would tell what left it',
          `log queries where ConfigMap \`${resolver.ref.name}\` of \`${resolver.ref.namespace}\` sends them, or move to a resolver that logs`,
          { at: ['metadata', 'name'], witness: 'kube-dns' },
        )
      }
      if (resolver.product !== 'coredns') continue
      const roots = resolver.zones.filter(zone => zone.zone === '.')
      if (roots.length === 0 || roots.some(zone => zone.log === 'on')) continue
      const partial = roots.some(zone => zone.log === 'partial')
      yield hit(
        resolver,
        partial ? 'it logs denials and errors only, so no question that was answered' : 'no question is logged',
        `add \`log\` to the root block in ConfigMap \`${resolver.ref.name}\` of \`${resolver.ref.namespace}\``,
        {
          at: ['data', 'Corefile'],
          severity: partial ? 'low' : null,
          witness: partial ? 'log . { class denial error }' : 'no `log` plugin',
        },
      )
    }
  },
}
