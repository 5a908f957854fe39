import { idOf } from '../../model/identity.ts'
import { type Check, hit } from '../check.ts'

export const defaultServiceAccount: Check = {
  id: 'PST-I001',
  title: 'Workload that runs as the default service account',
  severity: 'low',
  why: 'Every workload that names no account shares this one: policies by service account cannot tell them apart, and a right given to one is given to all.',
  remedy: 'Give the workload a service account of its own.',
  references: ['https://kubernetes.io/docs/concepts/security/service-accounts/'],
  *run({ cluster, inventory }) {
    const ids = new Set(inventory.identity.defaultServiceAccount)
    for (const workload of cluster.workloads) {
      if (!ids.has(idOf(workload.ref))) continue
      yield hit(
        workload,
        'it runs as `default`, like every other workload that names no account',
        `create a service account for ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: workload.shapePath,
          witness: 'serviceAccountName: default',
        },
      )
    }
  },
}
