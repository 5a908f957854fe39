import { isUserWorkload } from '../../inventory/identity.ts'
import { type Check, hit, several } from '../check.ts'

export const workloadLabels: Check = {
  id: 'PST-I009',
  title: 'Workload outside the naming standard',
  severity: 'low',
  why: 'Selectors of policies, dashboards and intents find only what carries the labels. This fleet’s own standard asks for them on every pod.',
  remedy: 'Add the labels that the standard names to the pod template.',
  references: ['docs/standard.md'],
  *run({ cluster, estate }) {
    const wanted = estate.standard?.workloadLabels ?? []
    if (wanted.length === 0) return
    for (const workload of cluster.workloads) {
      if (!isUserWorkload(workload)) continue
      const missing = wanted.filter(key => !workload.shape.labels.has(key))
      if (missing.length === 0) continue
      yield hit(
        workload,
        `its pods lack ${several(missing)}`,
        `add ${several(missing)} to the template of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        { at: workload.shapePath.slice(0, -1), witness: missing.join(', ') },
      )
    }
  },
}
