import { isEverySource, placeOf } from '../../inventory/address.ts'
import { hasSidecar } from '../../inventory/mesh.ts'
import type { Severity } from '../../model/finding.ts'
import { type Check, hit } from '../check.ts'

/** Annotations by which a pod takes part of its traffic out of the mesh. Source: istio.io and linkerd.io references. */
const EXCLUDING = [
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'config.linkerd.io/skip-outbound-ports',
  'config.linkerd.io/skip-subnets',
]
/** Names what is captured, so that the rest is not. `includeOutboundPorts` only adds to what the ranges capture. */
const INCLUDING = 'traffic.sidecar.istio.io/includeOutboundIPRanges'
const MODE = 'sidecar.istio.io/interceptionMode'

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
      if (!hasSidecar(cluster, workload)) continue
      for (const key of [...EXCLUDING, INCLUDING, MODE]) {
        const value = annotations.get(key)?.trim()
        const way = value === undefined ? null : wayPast(key, value)
        if (value === undefined || way === null) continue
        yield hit(
          workload,
          way.says,
          `remove \`${key}\` from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: [...workload.shapePath.slice(0, -1), 'metadata', 'annotations', key],
            key,
            severity: way.severity,
            witness: `${key}: ${value}`,
          },
        )
      }
    }
  },
}

const wayPast = (key: string, value: string): { says: string; severity: Severity | null } | null => {
  const parts = value
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
  if (key === MODE) return value === 'NONE' ? { says: 'nothing is sent through its sidecar', severity: 'high' } : null
  if (key === INCLUDING) {
    if (parts.includes('*') || parts.some(isEverySource)) return null
    return parts.length === 0
      ? { says: 'no address goes through its sidecar, everything leaves directly', severity: 'high' }
      : { says: `only \`${value}\` goes through its sidecar, everything else leaves directly`, severity: 'high' }
  }
  if (parts.length === 0) return null
  const all = parts.some(part => isEverySource(part) || /^(\*|[01]-65535)$/.test(part))
  const inside = parts.every(part => /[.:]/.test(part) && !['public', 'name'].includes(placeOf(part)))
  return { says: `\`${value}\` leaves past its sidecar`, severity: all ? 'high' : inside ? 'low' : null }
}
