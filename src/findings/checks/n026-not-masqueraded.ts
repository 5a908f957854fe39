import { isEverySource } from '../../inventory/address.ts'
import { type Check, hit } from '../check.ts'

export const notMasqueraded: Check = {
  id: 'PST-N026',
  title: 'Pods that leave with their own addresses',
  severity: 'low',
  why: 'Pods of this pool are not masqueraded: the network outside the cluster sees pod addresses, and its filters, routes and NAT must know them. Where only node addresses were considered, pods of this pool are a second kind of client.',
  remedy: 'Masquerade the pods again, or make sure that the network’s filters name their range.',
  references: ['https://docs.tigera.io/calico/latest/networking/configuring/workloads-outside-cluster'],
  *run({ cluster }) {
    for (const pool of cluster.calico.pools) {
      if (pool.natOutgoing) continue
      yield hit(
        pool,
        `${pool.cidr} is not masqueraded by Calico`,
        `set \`natOutgoing: true\` on IPPool \`${pool.ref.name}\``,
        { at: ['spec', 'natOutgoing'], witness: 'natOutgoing: false' },
      )
    }
    for (const agent of cluster.masquerade) {
      const all = agent.nonMasqueradeRanges.find(isEverySource)
      if (all === undefined) continue
      yield hit(
        agent,
        `toward \`${all}\`, which is everywhere, pods are not masqueraded`,
        `list only the network’s own ranges in \`nonMasqueradeCIDRs\` of ConfigMap \`${agent.ref.name}\``,
        { at: ['data'], witness: `nonMasqueradeCIDRs: ${all}` },
      )
    }
  },
}
