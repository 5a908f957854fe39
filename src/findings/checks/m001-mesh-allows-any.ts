import { meshConfigsOf } from '../../inventory/mesh.ts'
import { isRootOf } from '../../inventory/mesh-root.ts'
import { type Check, hit } from '../check.ts'

export const meshAllowsAny: Check = {
  id: 'PST-M001',
  title: 'Mesh that lets any destination through',
  severity: 'medium',
  why: 'With ALLOW_ANY the sidecars pass every unknown destination on: the registry lists what is known, not what is allowed. Even REGISTRY_ONLY would only be cooperative, but it makes the unknown visible.',
  remedy: 'Set `outboundTrafficPolicy.mode: REGISTRY_ONLY` mesh-wide, and put an enforced policy behind it.',
  references: ['https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/'],
  *run({ cluster }) {
    for (const mesh of meshConfigsOf(cluster)) {
      // Of settings that cannot be read, the mode is only what they say by default.
      if (mesh.outbound !== 'allow-any' || !mesh.isRead) continue
      const overridden = cluster.mesh.outboundScopes.some(
        scope => scope.selector === null && scope.mode === 'registry-only' && isRootOf(mesh, scope.namespace) !== 'no',
      )
      if (overridden) continue
      yield hit(
        mesh,
        'sidecars pass on whatever the registry does not know',
        `set \`outboundTrafficPolicy.mode: REGISTRY_ONLY\` in ConfigMap \`${mesh.ref.name}\` of \`${mesh.ref.namespace}\``,
        { at: ['data', 'mesh'], witness: 'outboundTrafficPolicy.mode: ALLOW_ANY' },
      )
    }
  },
}
