import { placeOf } from '../../inventory/address.ts'
import { clusterResolvers } from '../../inventory/dns.ts'
import { type Check, hit, several } from '../check.ts'

export const publicUpstream: Check = {
  id: 'PST-D005',
  title: 'Cluster resolver that forwards to the internet',
  severity: 'medium',
  why: 'The cluster’s own resolver carries the questions of every pod to a resolver outside: name policy sees an allowed question to kube-dns, and whoever runs that upstream receives what is hidden in the names. A zone that somebody controls is a tunnel.',
  remedy: 'Forward to the network’s own resolver, and only the zones that need another to one that you run.',
  references: ['https://coredns.io/plugins/forward/', 'https://attack.mitre.org/techniques/T1071/004/'],
  *run({ cluster }) {
    for (const resolver of clusterResolvers(cluster)) {
      for (const zone of resolver.zones) {
        for (const forward of zone.forwards) {
          const outside = forward.upstreams.filter(upstream => placeOf(upstream) === 'public')
          if (outside.length === 0 || forward.protocol === 'dot' || forward.protocol === 'doh') continue
          const everything = forward.zone === '.'
          yield hit(
            zone.from,
            `${everything ? 'every question that the cluster cannot answer' : `every question for \`${forward.zone}\``} goes to ${several(outside)}`,
            `replace ${several(outside)} in \`${zone.key}\` of ConfigMap \`${zone.from.ref.name}\` by a resolver that you run`,
            {
              at: ['data', zone.key],
              key: forward.zone,
              severity: everything ? 'high' : null,
              witness: `${forward.zone} -> ${outside.join(', ')}`,
            },
          )
        }
      }
    }
  },
}
