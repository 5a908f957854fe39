import { sidecarOf } from '../../inventory/mesh.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const sidecarUser: Check = {
  id: 'PST-M017',
  title: 'Container that runs as the sidecar’s own user',
  severity: 'high',
  why: 'The mesh leaves traffic of user 1337 alone, so that the sidecar does not capture itself. A container that runs as 1337 is never captured: registry, gateway and log do not exist for it.',
  remedy: 'Run it as another user.',
  references: ['https://istio.io/latest/docs/ops/deployment/application-requirements/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const container of workload.shape.containers) {
        const user = container.runAsUser ?? workload.shape.runAsUser
        if (user !== 1337 || container.name === 'istio-proxy' || sidecarOf(cluster, workload) !== 'istio') continue
        yield hit(
          workload,
          `\`${container.name}\` runs as user 1337, which the mesh never captures`,
          `change \`runAsUser\` of \`${container.name}\` in ${workload.ref.kind} \`${workload.ref.name}\``,
          { at: pathOfContainer(workload, container), key: container.name, witness: 'runAsUser: 1337' },
        )
      }
    }
  },
}
