import { ciliumConfig } from '../../inventory/cilium-config.ts'
import { workloadNamed } from '../../inventory/dataplane.ts'
import { type Check, hit } from '../check.ts'

export const policyNotEnforced: Check = {
  id: 'PST-N022',
  title: 'Network policies that nothing enforces',
  severity: 'critical',
  why: 'A policy is a wish until a network plugin carries it out. Here the objects exist, reviews pass, and packets leave as if there were none.',
  remedy: 'Switch enforcement on in the network plugin, or install one that enforces.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites'],
  *run({ cluster, inventory }) {
    if (inventory.dataplane.enforcesPolicy !== false || cluster.policies.length === 0) return
    const cilium = ciliumConfig(cluster)
    const object =
      cilium ??
      workloadNamed(cluster, 'aws-node') ??
      cluster.workloads.find(workload =>
        inventory.dataplane.cnis.some(cni => cni.evidence.endsWith(`/${workload.ref.name}`)),
      )
    if (object === undefined) return
    const audit = cilium?.data.get('policy-audit-mode') === 'true'
    const switched = audit
      ? '`policy-audit-mode: true` only logs what policy would drop'
      : cilium !== null
        ? '`enable-policy: never` switches policy off'
        : `${inventory.dataplane.profile} does not enforce policy as it is set up`
    const count = cluster.policies.length
    yield hit(
      object,
      `${count === 1 ? '1 policy stands' : `${count} policies stand`} in this cluster and ${switched}`,
      cilium !== null || inventory.dataplane.profile === 'aws-vpc-cni'
        ? `turn enforcement on in \`${object.ref.name}\``
        : `put a plugin that enforces policy beside \`${object.ref.name}\`, or in its place`,
      {
        at: ['data'],
        witness: switched,
      },
    )
  },
}
