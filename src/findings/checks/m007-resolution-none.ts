import { isEverySource } from '../../inventory/address.ts'
import { type Check, hit, several } from '../check.ts'

export const resolutionNone: Check = {
  id: 'PST-M007',
  title: 'ServiceEntry that trusts the name a client gives',
  severity: 'medium',
  why: 'With resolution NONE the sidecar sends the packet to whatever address the client chose, as long as the name in it matches: a Host header or an SNI of an admitted name reaches any server on that port.',
  remedy: 'Use resolution DNS or STATIC, and list addresses where the protocol carries no name.',
  references: ['https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution'],
  *run({ cluster }) {
    for (const entry of cluster.mesh.externalHosts) {
      if (entry.resolution !== 'NONE' || !entry.external || isBound(entry.addresses)) continue
      const ports = entry.ports.flatMap(port => port.number ?? [])
      yield hit(
        entry,
        `whoever claims ${several(entry.hosts)} reaches any address${ports.length > 0 ? ` on ${ports.join(', ')}` : ''}`,
        `set \`resolution: DNS\` on ServiceEntry \`${entry.ref.name}\` in \`${entry.namespace}\``,
        { at: ['spec', 'resolution'], witness: 'resolution: NONE' },
      )
    }
  },
}

/** Addresses bind an entry unless they are nearly everything. */
const isBound = (addresses: readonly string[]): boolean =>
  addresses.length > 0 && !addresses.some(address => isEverySource(address) || /\/[0-6]$/.test(address))
