import { isUserWorkload } from '../../inventory/identity.ts'
import { secondaryNetworksOf } from '../../inventory/secondary-networks.ts'
import { type Check, hit } from '../check.ts'

export const secondaryNetwork: Check = {
  id: 'PST-N030',
  title: 'Pod on a second network',
  severity: 'medium',
  why: 'A second interface has its own addresses, routes and gateway. NetworkPolicy, the mesh and the cluster’s egress gateways do not see what leaves by it.',
  remedy: 'Filter the second network where it ends, or apply MultiNetworkPolicy, and record it as an exit.',
  references: [
    'https://github.com/k8snetworkplumbingwg/multus-cni',
    'https://github.com/k8snetworkplumbingwg/multi-networkpolicy',
  ],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      const networks = secondaryNetworksOf(workload)
      if (networks.length === 0 || !isUserWorkload(workload)) continue
      yield hit(
        workload,
        `its pods join ${networks.map(name => `\`${name}\``).join(', ')} besides the cluster’s network`,
        `remove the annotation from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\`, or filter the network`,
        {
          at: [...workload.shapePath.slice(0, -1), 'metadata', 'annotations'],
          witness: networks.join(', '),
        },
      )
    }
  },
}
