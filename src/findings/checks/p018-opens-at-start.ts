import { envOf, workloadNamed } from '../../inventory/dataplane.ts'
import { type Check, hit } from '../check.ts'

export const opensAtStart: Check = {
  id: 'PST-P018',
  title: 'Pods that start before their policy holds',
  severity: 'low',
  why: 'This network plugin connects a new pod first and programs its policy a moment later. What a pod sends in its first seconds passes, whatever policies say: enough for an init container that fetches code or sends a file.',
  remedy:
    'Switch the plugin to a mode in which pods start closed, or let workloads wait until a denied address is denied.',
  references: [
    'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#pod-lifecycle',
  ],
  *run(view) {
    const { cluster, inventory } = view
    const closes = cluster.rulePolicies.filter(
      policy => policy.inert === null && policy.selects === 'pods' && policy.egress.isolates === true,
    )
    if (closes.length === 0 || inventory.dataplane.enforcesPolicy === false) return
    const { profile } = view.possible().engine
    const counting = closes.filter(policy => profile.dialects[policy.dialect] === 'yes')
    if (profile.opensAtStart !== 'yes' || counting.length === 0) return
    const agent = workloadNamed(cluster, 'aws-node')
    // Amazon's plugin has a mode in which pods start closed.
    if (agent !== undefined && envOf(agent.shape.containers, 'NETWORK_POLICY_ENFORCING_MODE') === 'strict') return
    const object =
      agent ??
      cluster.workloads.find(workload =>
        inventory.dataplane.cnis.some(cni => cni.evidence.endsWith(`/${workload.ref.name}`)),
      )
    if (object === undefined) return
    yield hit(
      object,
      `policy is programmed after a pod has started (${profile.title}): ${counting.length === 1 ? 'the policy that closes egress does' : `the ${counting.length} policies that close egress do`} not hold in its first seconds`,
      agent !== undefined
        ? `set \`NETWORK_POLICY_ENFORCING_MODE=strict\` in DaemonSet \`${object.ref.name}\`, after allowing what every pod needs`
        : `put a plugin in the place of \`${object.ref.name}\` that closes pods before they start, or let workloads wait`,
      { at: ['spec'], witness: profile.id },
    )
  },
}
