import { hasSidecar } from '../../inventory/mesh.ts'
import { type Check, hit } from '../check.ts'

/** Annotations by which a pod takes part of its traffic out of the mesh. Source: istio.io and linkerd.io references. */
const EXCLUDING = [
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'config.linkerd.io/skip-outbound-ports',
]
const INCLUDING = ['traffic.sidecar.istio.io/includeOutboundIPRanges', 'traffic.sidecar.istio.io/includeOutboundPorts']

export const captureExcluded: Check = {
  id: 'PST-M004',
  title: 'Traffic that a pod keeps out of its sidecar',
  severity: 'medium',
  why: 'Annotations on the pod itself decide what its sidecar sees: excluded ranges and ports leave directly, past registry, egress gateway and access log. The team that is to be limited writes them.',
  remedy: 'Remove the annotation, and let an admission policy forbid it.',
  references: ['https://istio.io/latest/docs/reference/config/annotations/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      const { annotations } = workload.shape
      for (const key of [...EXCLUDING, ...INCLUDING]) {
        const value = annotations.get(key)
        if (
          value === undefined ||
          (INCLUDING.includes(key) && value === '*') ||
          (EXCLUDING.includes(key) && value === '')
        )
          continue
        if (!hasSidecar(cluster, workload)) continue
        const all = /(^|,)\s*(0\.0\.0\.0\/0|\*|0-65535|1-65535)\s*(,|$)/.test(value)
        const says = INCLUDING.includes(key)
          ? `only \`${value}\` goes through its sidecar, everything else leaves directly`
          : `\`${value}\` leaves past its sidecar`
        yield hit(
          workload,
          says,
          `remove \`${key}\` from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: [...workload.shapePath.slice(0, -1), 'metadata', 'annotations', key],
            key,
            severity: all || value === '' ? 'high' : null,
            witness: `${key}: ${value}`,
          },
        )
      }
    }
  },
}
