import { isUserWorkload } from '../../inventory/identity.ts'
import { isAmbient, isInjected, ownInjection } from '../../inventory/mesh.ts'
import { type Check, hit } from '../check.ts'

export const injectionRefused: Check = {
  id: 'PST-M005',
  title: 'Workload that opts out of the mesh',
  severity: 'medium',
  why: 'Its namespace is in the mesh, and a label on the pod itself takes it out: no registry, no egress gateway, no access log. For whoever reads the namespace it looks covered.',
  remedy: 'Remove the label, or give the workload an enforced policy of its own.',
  references: [
    'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy',
  ],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      const namespace = cluster.namespaces.get(workload.namespace)
      if (namespace === undefined || !isUserWorkload(workload)) continue
      const optedOut = isInjected(namespace.labels) && ownInjection(workload) === false
      const leftAmbient = isAmbient(namespace.labels) && workload.shape.labels.get('istio.io/dataplane-mode') === 'none'
      const leftLinkerd =
        namespace.annotations.get('linkerd.io/inject') === 'enabled' &&
        workload.shape.annotations.get('linkerd.io/inject') === 'disabled'
      if (!optedOut && !leftAmbient && !leftLinkerd) continue
      const short = workload.ref.kind === 'Job' || workload.ref.kind === 'CronJob'
      const [key, value] = optedOut
        ? ['sidecar.istio.io/inject', 'false']
        : leftAmbient
          ? ['istio.io/dataplane-mode', 'none']
          : ['linkerd.io/inject', 'disabled']
      const label = `${key}: "${value}"`
      yield hit(
        workload,
        `\`${workload.namespace}\` is in the mesh and this workload is not${short ? ', as jobs often are' : ''}`,
        `remove \`${label}\` from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [
            ...workload.shapePath.slice(0, -1),
            'metadata',
            workload.shape.labels.has(key) ? 'labels' : 'annotations',
            key,
          ],
          severity: short ? 'low' : null,
          witness: label,
        },
      )
    }
  },
}
