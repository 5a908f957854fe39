import { sidecarOf } from '../../inventory/mesh.ts'
import { isRootNamespace } from '../../inventory/mesh-root.ts'
import { type Check, hit } from '../check.ts'

export const scopeWithoutSidecars: Check = {
  id: 'PST-M003',
  title: 'Mesh limit where no sidecar runs',
  severity: 'medium',
  why: 'The document says REGISTRY_ONLY, and no pod of its namespace has a sidecar to obey it. It reads like protection and is none.',
  remedy: 'Inject the namespace, or remove the document and put an enforced policy in its place.',
  references: ['https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'],
  *run({ cluster }) {
    for (const scope of cluster.mesh.outboundScopes) {
      // One that opens is no limit, with or without a sidecar.
      if (scope.mode === 'allow-any') continue
      // One of the root namespace is for sidecars elsewhere.
      if (isRootNamespace(cluster, scope.namespace) !== 'no') continue
      const here = cluster.workloadsIn.get(scope.namespace) ?? []
      if (here.length === 0 || here.some(workload => sidecarOf(cluster, workload) === 'istio')) continue
      yield hit(
        scope,
        `${here.length === 1 ? `the one workload of \`${scope.namespace}\` has no sidecar` : `none of the ${here.length} workloads of \`${scope.namespace}\` has a sidecar`}`,
        `label \`${scope.namespace}\` for injection, or remove Sidecar \`${scope.ref.name}\``,
        { at: ['spec'], witness: `${scope.namespace}: not injected` },
      )
    }
  },
}
