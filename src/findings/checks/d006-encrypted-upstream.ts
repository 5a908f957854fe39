import { placeOf } from '../../inventory/address.ts'
import { clusterResolvers } from '../../inventory/dns.ts'
import { type Check, hit, several } from '../check.ts'

export const encryptedUpstream: Check = {
  id: 'PST-D006',
  title: 'Cluster resolver with an encrypted upstream',
  severity: 'medium',
  why: 'Over TLS or HTTPS the questions leave where no DNS log or DNS firewall of the network can read them. It protects against listeners, and against you.',
  remedy: 'Use the network’s own resolver, or log every question before it leaves.',
  references: ['https://coredns.io/plugins/forward/', 'https://www.rfc-editor.org/rfc/rfc7858'],
  *run({ cluster }) {
    for (const resolver of clusterResolvers(cluster)) {
      for (const zone of resolver.zones) {
        for (const forward of zone.forwards) {
          if (forward.protocol !== 'dot' && forward.protocol !== 'doh') continue
          if (forward.upstreams.every(upstream => placeOf(upstream) === 'private')) continue
          const how = forward.protocol === 'dot' ? 'TLS' : 'HTTPS'
          yield hit(
            zone.from,
            `questions for \`${forward.zone}\` go to ${several(forward.upstreams)} over ${how}, past the network’s DNS log`,
            `forward \`${forward.zone}\` in \`${zone.key}\` of ConfigMap \`${zone.from.ref.name}\` to the network’s resolver`,
            {
              at: ['data', zone.key],
              key: forward.zone,
              witness: `${forward.zone} -> ${forward.upstreams.join(', ')} (${forward.protocol})`,
            },
          )
        }
      }
    }
  },
}
