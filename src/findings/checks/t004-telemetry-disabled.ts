import { isMeshEgressGateway } from '../../inventory/exits.ts'
import { isRootNamespace } from '../../inventory/mesh-root.ts'
import type { Tri } from '../../model/profile.ts'
import { selectorMatches } from '../../model/selector.ts'
import { type Check, hit } from '../check.ts'

export const telemetryDisabled: Check = {
  id: 'PST-T004',
  title: 'Access log switched off where traffic leaves',
  severity: 'high',
  why: 'The egress gateway is the one place that sees every connection to the outside with its workload and its name. A Telemetry that disables its access log removes exactly that record.',
  remedy: 'Remove the Telemetry, or limit what it disables.',
  references: ['https://istio.io/latest/docs/reference/config/telemetry/'],
  *run({ cluster }) {
    for (const telemetry of cluster.mesh.telemetries) {
      if (telemetry.accessLogDisabled !== true) continue
      const { selector } = telemetry
      const root = isRootNamespace(cluster, telemetry.namespace)
      const gateway = cluster.workloads.find(
        workload =>
          isMeshEgressGateway(workload) &&
          (root === 'yes' || workload.namespace === telemetry.namespace) &&
          (selector === null || selectorMatches(selector, workload.shape.labels)),
      )
      yield hit(
        telemetry,
        gateway === undefined
          ? `it switches access logs off ${selector === null ? placeOf(telemetry.namespace, root) : 'for the workloads it selects'}`
          : `it switches off the access log of the egress gateway \`${gateway.ref.name}\``,
        `remove Telemetry \`${telemetry.ref.name}\` in \`${telemetry.namespace}\``,
        {
          at: ['spec', 'accessLogging'],
          severity: gateway === undefined ? 'medium' : null,
          witness: 'accessLogging.disabled: true',
        },
      )
    }
  },
}

const placeOf = (namespace: string, isRoot: Tri): string => {
  switch (isRoot) {
    case 'yes':
      return 'in the whole mesh'
    case 'no':
      return `in \`${namespace}\``
    case 'unknown':
      return `in \`${namespace}\`, and in the whole mesh if that is its root namespace`
  }
}
