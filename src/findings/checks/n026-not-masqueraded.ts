import { type Check, hit } from '../check.ts'

export const notMasqueraded: Check = {
  id: 'PST-N026',
  title: 'Pods that leave with their own addresses',
  severity: 'low',
  why: 'Pods of this pool are not masqueraded: the network outside the cluster sees pod addresses, and its filters, routes and NAT must know them. Where only node addresses were considered, pods of this pool are a second kind of client.',
  remedy: 'Set `natOutgoing: true`, or make sure that the network’s filters name this range.',
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
  },
}
