import { cnisOf } from '../../inventory/cni.ts'
import type { Policy } from '../../model/policy.ts'
import { type Check, hit } from '../check.ts'

/** Which plugins read a vendor’s own kind of policy; the Kubernetes kind is everybody’s. */
const READERS: ReadonlyMap<Policy['dialect'], { readonly vendor: string; readonly plugins: readonly string[] }> =
  new Map([
    ['cilium', { vendor: 'Cilium', plugins: ['cilium', 'gke-dataplane-v2'] }],
    ['calico', { vendor: 'Calico', plugins: ['calico'] }],
  ])

export const foreignDialect: Check = {
  id: 'PST-N037',
  title: 'Policy that no plugin here reads',
  severity: 'high',
  why: 'A vendor’s own kind of policy is carried out by that vendor’s agents alone. Left over from a migration, or copied from another cluster, it stands in the API, passes review, and limits nothing.',
  remedy: 'Write it as a policy that the cluster’s plugin reads, or remove it.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites'],
  *run({ cluster }) {
    const plugins = cnisOf(cluster).map(cni => cni.name)
    if (plugins.length === 0) return
    for (const policy of cluster.policies) {
      const reader = READERS.get(policy.dialect)
      // A staged policy, or one that its agent rejected, is said to do nothing already.
      if (reader === undefined || policy.inert !== null) continue
      if (plugins.some(plugin => reader.plugins.includes(plugin))) continue
      yield hit(
        policy,
        `it is a policy for ${reader.vendor}, and ${plugins.join(' and ')} ${plugins.length === 1 ? 'runs' : 'run'} here`,
        `write ${policy.ref.kind} \`${policy.ref.name}\` as a policy that ${plugins[0]} reads, or remove it`,
        { at: ['spec'], witness: plugins.join(', ') },
      )
    }
  },
}
