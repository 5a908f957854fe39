import { isUserWorkload } from '../../inventory/identity.ts'
import { type Check, hit } from '../check.ts'

export const nodeResolver: Check = {
  id: 'PST-D002',
  title: 'Workload that asks the node’s resolver',
  severity: 'medium',
  why: 'With `dnsPolicy: Default` a pod asks whatever the node asks, which on a cloud is the provider’s own resolver: it answers any name, passes no network filter, and the cluster keeps no log of it.',
  remedy: 'Set `dnsPolicy: ClusterFirst`.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      if (workload.shape.dnsPolicy !== 'Default' || !isUserWorkload(workload)) continue
      yield hit(
        workload,
        'its names are asked at the node’s own resolver',
        `set \`dnsPolicy: ClusterFirst\` on ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'dnsPolicy'],
          witness: 'dnsPolicy: Default',
        },
      )
    }
  },
}
