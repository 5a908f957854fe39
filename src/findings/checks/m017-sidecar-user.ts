import { sidecarOf } from '../../inventory/mesh.ts'
import { proxyOwner } from '../../inventory/mesh-processes.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const sidecarUser: Check = {
  id: 'PST-M017',
  title: 'Container that runs as the sidecar’s own user or group',
  severity: 'high',
  why: 'The mesh leaves traffic of user and group 1337 alone, so that the sidecar does not capture itself. A container that runs as either is never captured: registry, gateway and log do not exist for it.',
  remedy: 'Run it as another user and group.',
  references: ['https://istio.io/latest/docs/ops/deployment/application-requirements/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const container of workload.shape.containers) {
        const owner = proxyOwner(workload.shape, container, 'istio')
        if (owner === null || container.name === 'istio-proxy' || sidecarOf(cluster, workload) !== 'istio') continue
        const field = owner.startsWith('user') ? 'runAsUser' : 'runAsGroup'
        yield hit(
          workload,
          `\`${container.name}\` runs as ${owner}, which the mesh never captures`,
          `change \`${field}\` of \`${container.name}\` in ${workload.ref.kind} \`${workload.ref.name}\``,
          { at: pathOfContainer(workload, container), key: container.name, witness: `${field}: 1337` },
        )
      }
    }
  },
}
