import { isUserWorkload } from '../../inventory/identity.ts'
import { ownerOf } from '../../inventory/owner.ts'
import { type Check, hit } from '../check.ts'

export const noOwner: Check = {
  id: 'PST-I002',
  title: 'Workload that nobody answers for',
  severity: 'medium',
  why: 'A way out needs somebody who says what it is for and closes it when it is not needed. Where its neighbours name an owner and this one does not, it was probably not made the usual way.',
  remedy: 'Put the owner’s label on the workload or its namespace.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  *run({ cluster, estate }) {
    const own = cluster.workloads.filter(isUserWorkload)
    const owned = own.map(workload => ({
      workload,
      owner: ownerOf(workload, cluster, estate.standard, workload.shape),
    }))
    for (const [namespace, group] of Map.groupBy(owned, ({ workload }) => workload.namespace)) {
      const selfNamed = group.filter(({ owner }) => owner?.from === 'object').length
      for (const { workload, owner } of group) {
        if (owner?.from === 'object') continue
        // A namespace’s owner is enough where that is how the namespace does it.
        if (owner !== null && selfNamed * 2 < group.length) continue
        yield hit(
          workload,
          owner === null
            ? 'neither it nor its namespace names an owner'
            : `it names no owner, unlike ${group.length === 2 ? 'its neighbour' : `${selfNamed} of its ${group.length - 1} neighbours`}; its namespace’s is ${owner.owner}`,
          `label ${workload.ref.kind} \`${workload.ref.name}\` in \`${namespace}\` with its owner`,
          { at: ['metadata', 'labels'], severity: owner === null ? null : 'low' },
        )
      }
    }
  },
}
