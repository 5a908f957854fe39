import { idOf } from '../../model/identity.ts'
import { type Check, hit, several } from '../check.ts'

export const indistinguishable: Check = {
  id: 'PST-I004',
  title: 'Workload that no policy can single out',
  severity: 'medium',
  why: 'Policy selects by namespace, labels and service account. Workloads that share all three are one subject: what one may do, all may, and a stray copy of one is let out like the original.',
  remedy: 'Give each workload a label of its own, such as `app.kubernetes.io/name`.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  *run({ cluster, inventory }) {
    const byId = new Map(cluster.workloads.map(workload => [idOf(workload.ref), workload]))
    for (const { ids, why } of inventory.identity.indistinguishable) {
      for (const id of ids) {
        const workload = byId.get(id)
        if (workload === undefined) continue
        const others = ids.filter(other => other !== id).map(other => other.split('/').at(-1) ?? other)
        yield hit(
          workload,
          others.length > 0 ? `it cannot be told from ${several(others)}: ${why}` : `it is ${why}`,
          `label ${workload.ref.kind === 'Pod' ? '' : 'the pods of '}${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` with \`app.kubernetes.io/name\``,
          {
            at: workload.shapePath.slice(0, -1),
          },
        )
      }
    }
  },
}
