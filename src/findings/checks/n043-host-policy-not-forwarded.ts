import { keyOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { type HostPolicy, hostPoliciesIn, isAtOtherEnd, podPartOf } from '../host-policies.ts'
import { isWideOpen } from '../open-signatures.ts'
import { namesOf } from '../signatures.ts'

export const hostPolicyNotForwarded: Check = {
  id: 'PST-N043',
  title: 'Policy that closes hosts, and not what they forward',
  severity: 'low',
  why: 'A policy for host endpoints is about the host’s own packets. What pods send passes through the same interface and is forwarded: unless the policy applies on forward, it closes the node and leaves the way out through it.',
  remedy: 'Close the pods by a policy of their own, or set `applyOnForward: true` after allowing what pods need.',
  references: ['https://docs.tigera.io/calico/latest/reference/host-endpoints/forwarded'],
  *run(view) {
    const policies = hostPoliciesIn(view.cluster).filter(policy => closesHostsAlone(view, policy))
    if (policies.length === 0) return
    const possible = view.possible()
    const open = namesOf(possible.signatures.filter(signature => isWideOpen(possible, signature)))
    if (open.length === 0) return
    for (const { policy } of policies.toSorted((a, b) => compareText(keyOf(a.policy.ref), keyOf(b.policy.ref))))
      yield hit(
        policy,
        `it closes what hosts send, and what ${several(open)} ${open.length === 1 ? 'sends' : 'send'} through them stays open: no policy closes ${open.length === 1 ? 'it' : 'them'}`,
        `close egress of these pods, or set \`applyOnForward: true\` in GlobalNetworkPolicy \`${policy.ref.name}\``,
        { at: ['spec'], witness: 'applyOnForward: false' },
      )
  },
}

/** For no pods, in a tier that ends in Deny, and not for what is forwarded. */
const closesHostsAlone = ({ cluster }: ClusterView, one: HostPolicy): boolean => {
  const key = keyOf(one.policy.ref)
  const document = cluster.policies.find(({ ref }) => keyOf(ref) === key)
  return (
    document?.specs.some(spec => spec.isolatesEgress === true) === true &&
    podPartOf(one, cluster) === undefined &&
    !cluster.rulePolicies.some(
      ({ selects, place, ref }) => selects === 'passing' && !isAtOtherEnd(place) && keyOf(ref) === key,
    )
  )
}
