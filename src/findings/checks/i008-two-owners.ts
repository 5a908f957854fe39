import { isUserWorkload } from '../../inventory/identity.ts'
import { ownNamed } from '../../inventory/owner.ts'
import { type Check, hit } from '../check.ts'

export const twoOwners: Check = {
  id: 'PST-I008',
  title: 'Workload with two owners',
  severity: 'low',
  why: 'The object names one owner and its pods another. Findings, alerts and approvals go to one of them, and each takes it for the other’s.',
  remedy: 'Agree on one owner and write it in both places.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  *run({ cluster, estate }) {
    for (const workload of cluster.workloads) {
      if (workload.inferred || !isUserWorkload(workload)) continue
      const outer = ownNamed(workload, estate.standard)
      const inner = ownNamed(workload.shape, estate.standard)
      if (outer === null || inner === null || outer === inner) continue
      yield hit(
        workload,
        `it names ${outer}, its pods name ${inner}`,
        `write one owner on ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` and on its template`,
        { at: ['metadata', 'labels'], witness: `${outer} / ${inner}` },
      )
    }
  },
}
