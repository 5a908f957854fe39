import { idOf } from '../../model/identity.ts'
import { type Check, hit } from '../check.ts'

export const hostNetwork: Check = {
  id: 'PST-N001',
  title: 'Workload on the host network',
  severity: 'high',
  why: 'A pod on the host network is outside pod policy, as subject and as peer: it leaves with the node’s address and may reach whatever the node may. Its listeners are the node’s listeners.',
  remedy:
    'Take the workload off the host network; where it truly needs it, sign the need off with a HostAccessException.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  *run({ uses, hostEntries }) {
    for (const use of uses) {
      if (!use.unexplained.has('hostNetwork')) continue
      const { workload } = use
      const entry = hostEntries.get(idOf(workload.ref))
      const neighbours = entry?.sharesNodesWith ?? 0
      yield hit(
        workload,
        `its pods share the node’s network, so no pod policy applies to them and they leave as the node${neighbours > 0 ? `; ${neighbours === 1 ? '1 ordinary workload runs' : `${neighbours} ordinary workloads run`} on the same nodes` : ''}`,
        `set \`hostNetwork: false\` on ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\`, or give it a HostAccessException`,
        {
          at: [...workload.shapePath, 'hostNetwork'],
          witness: 'hostNetwork: true',
          path: [
            { hop: 'workload', id: idOf(workload.ref) },
            {
              hop: 'node',
              id: workload.pods[0]?.node ? `${workload.ref.cluster}/-/Node/${workload.pods[0].node}` : 'any node',
            },
          ],
        },
      )
    }
  },
}
