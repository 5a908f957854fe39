import { idOf } from '../../model/identity.ts'
import { type Check, hit } from '../check.ts'

export const indistinguishable: Check = {
  id: 'PST-I004',
  title: 'Workload that no policy can single out',
  severity: 'medium',
  why: 'Policy selects by namespace, labels and service account. Workloads that share all three are one subject: what one may do, all may, and a stray copy of one is let out like the original.',
  remedy: 'Give each workload a label of its own, such as `app.kubernetes.io/instance`.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  *run({ cluster, inventory }) {
    const byId = new Map(cluster.workloads.map(workload => [idOf(workload.ref), workload]))
    for (const { ids, why } of inventory.identity.indistinguishable) {
      // A few neighbours say enough; a group of thousands is not listed thousands of times.
      const first = ids.slice(0, 4)
      for (const id of ids) {
        const workload = byId.get(id)
        if (workload === undefined) continue
        const shown = first.filter(other => other !== id).slice(0, 3)
        const names = shown.map(other => `\`${other.split('/').at(-1) ?? other}\``).join(', ')
        const more = ids.length - 1 - shown.length
        yield hit(
          workload,
          ids.length > 1
            ? `it cannot be told from ${names}${more > 0 ? ` and ${more} more` : ''}: ${why}`
            : `it is ${why}`,
          `label ${workload.ref.kind === 'Pod' ? '' : 'the pods of '}${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` with a value of their own for \`app.kubernetes.io/instance\``,
          {
            at: workload.shapePath.slice(0, -1),
          },
        )
      }
    }
  },
}
