import { meshConfigsOf } from '../../inventory/mesh.ts'
import { type Check, hit } from '../check.ts'

export const sidecarAllowsAny: Check = {
  id: 'PST-M002',
  title: 'Sidecar resource that opens what the mesh closes',
  severity: 'high',
  why: 'A Sidecar’s own outbound policy wins over the mesh’s. One document with ALLOW_ANY lets a whole namespace out while the mesh’s setting still reads REGISTRY_ONLY.',
  remedy: 'Remove `outboundTrafficPolicy` from the Sidecar.',
  references: ['https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy'],
  *run({ cluster }) {
    if (!meshConfigsOf(cluster).some(mesh => mesh.outbound === 'registry-only')) return
    for (const scope of cluster.mesh.outboundScopes) {
      if (scope.mode !== 'allow-any') continue
      yield hit(
        scope,
        `it lets ${scope.selector === null ? `every sidecar of \`${scope.namespace}\`` : 'the workloads it selects'} pass any destination, past the mesh’s REGISTRY_ONLY`,
        `remove \`outboundTrafficPolicy\` from Sidecar \`${scope.ref.name}\` in \`${scope.namespace}\``,
        {
          at: ['spec', 'outboundTrafficPolicy', 'mode'],
          witness: 'mode: ALLOW_ANY',
        },
      )
    }
  },
}
