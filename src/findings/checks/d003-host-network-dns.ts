import { addOnOf } from '../../inventory/add-ons.ts'
import { type Check, hit } from '../check.ts'

export const hostNetworkDns: Check = {
  id: 'PST-D003',
  title: 'ClusterFirst on the host network has no effect',
  severity: 'low',
  why: 'A host-network pod with `ClusterFirst` silently asks the node’s resolver: Service names fail, and its questions pass by the cluster’s DNS log and policy.',
  remedy: 'Set `dnsPolicy: ClusterFirstWithHostNet`.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      const { shape } = workload
      if (!shape.hostNetwork || shape.dnsPolicy !== 'ClusterFirst' || addOnOf(workload) !== null) continue
      yield hit(
        workload,
        'it is on the host network, so it asks the node’s resolver whatever `ClusterFirst` says',
        `set \`dnsPolicy: ClusterFirstWithHostNet\` on ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'hostNetwork'],
          witness: 'dnsPolicy: ClusterFirst',
        },
      )
    }
  },
}
