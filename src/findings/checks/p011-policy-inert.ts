import { podIdentityOf } from '../../inventory/controls.ts'
import { keyOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import type { RulePolicy } from '../../model/rule.ts'
import type { Workload } from '../../model/workload.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { TCP_AND_UDP } from '../known-traffic.ts'
import { only, packetOf } from '../rule-reach.ts'
import { nameOf } from '../signatures.ts'

export const policyInert: Check = {
  id: 'PST-P011',
  title: 'Policy that stands there and does nothing',
  severity: 'medium',
  why: 'The API server takes policies that the agent turns away as a whole, and policies that are only staged. They are listed like any other, and what they were written to close stays as it was.',
  remedy: 'Correct what the agent names, or put the policy into force.',
  references: [
    'https://docs.cilium.io/en/stable/security/policy/language/',
    'https://docs.tigera.io/calico/latest/network-policy/staged-network-policies',
  ],
  *run(view) {
    const seen = new Set<string>()
    for (const policy of view.cluster.rulePolicies) {
      // The host firewall has a finding of its own.
      if (policy.inert === null || policy.selects === 'nodes' || seen.has(keyOf(policy.ref))) continue
      seen.add(keyOf(policy.ref))
      const open = leftOpen(view, policy)
      yield hit(
        policy,
        `${policy.inert}${open === null ? '' : `, and nothing else closes egress of ${several(open.names)}`}`,
        `correct ${policy.ref.kind} \`${policy.ref.name}\`, or remove it`,
        { at: ['spec'], severity: open === null ? null : 'high', witness: open?.witness ?? policy.inert },
      )
    }
    for (const policy of view.cluster.policies) {
      if (policy.inert === null || seen.has(keyOf(policy.ref)) || policy.dialect === 'cilium') continue
      const staged = policy.ref.kind.startsWith('Staged')
      yield hit(policy, policy.inert, `put ${policy.ref.kind} \`${policy.ref.name}\` into force, or remove it`, {
        at: ['spec'],
        severity: staged ? 'low' : null,
        witness: policy.inert,
      })
    }
  },
}

/** Pods that it was to isolate and that nothing else does. Whom it selects its document says: the engine leaves it out. */
const leftOpen = (
  { cluster, possible }: ClusterView,
  { ref, egress }: RulePolicy,
): { readonly names: readonly string[]; readonly witness: string | null } | null => {
  const document = cluster.policies.find(policy => keyOf(policy.ref) === keyOf(ref))
  if (egress.isolates !== true || document === undefined) return null
  const { signatures, zones, mostly } = possible()
  const selects = (workload: Workload): boolean =>
    document.specs.some(
      spec => spec.isolatesEgress === true && spec.subject.matches(podIdentityOf(cluster, workload)) === true,
    )
  const found = signatures.flatMap(signature => {
    const meant = signature.subjects.filter(({ workload }) => selects(workload))
    return meant.length > 0 && mostly(signature, only(4, zones.internet), TCP_AND_UDP) ? [meant] : []
  })
  const [first] = found
  return first === undefined
    ? null
    : {
        names: [...new Set(found.flat().map(nameOf))].sort(compareText),
        witness: packetOf({ subjects: first }, only(4, zones.internet), TCP_AND_UDP),
      }
}
