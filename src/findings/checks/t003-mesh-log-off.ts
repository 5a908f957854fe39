import { meshConfigsOf } from '../../inventory/mesh.ts'
import { isRootOf } from '../../inventory/mesh-root.ts'
import { type Check, hit } from '../check.ts'

export const meshLogOff: Check = {
  id: 'PST-T003',
  title: 'Mesh that keeps no access log',
  severity: 'medium',
  why: 'The sidecars know the name, the path and the workload of every connection they carry, and write none of it down. What left through the mesh is then known only by address.',
  remedy: 'Set `accessLogFile: /dev/stdout`, or a Telemetry in the root namespace that turns the log on.',
  references: ['https://istio.io/latest/docs/tasks/observability/logs/access-log/'],
  *run({ cluster }) {
    for (const mesh of meshConfigsOf(cluster)) {
      if (mesh.accessLog !== null || !mesh.isRead) continue
      const meshWide = cluster.mesh.telemetries.filter(
        telemetry =>
          isRootOf(mesh, telemetry.namespace) !== 'no' &&
          telemetry.selector === null &&
          telemetry.accessLogDisabled === false,
      )
      // One that may be mesh-wide may turn it on, for all or for what it filters.
      const mayBe = meshWide.some(telemetry => isRootOf(mesh, telemetry.namespace) === 'unknown')
      if (mayBe || meshWide.some(telemetry => telemetry.accessLogFilter === null)) continue
      const filter = meshWide[0]?.accessLogFilter
      yield hit(
        mesh,
        filter == null
          ? 'no access log is set, and no mesh-wide Telemetry turns one on'
          : `only what matches \`${filter}\` is logged`,
        `set \`accessLogFile: /dev/stdout\` in ConfigMap \`${mesh.ref.name}\` of \`${mesh.ref.namespace}\``,
        { at: ['data', 'mesh'], severity: filter == null ? null : 'low', witness: filter ?? 'accessLogFile: ""' },
      )
    }
  },
}
