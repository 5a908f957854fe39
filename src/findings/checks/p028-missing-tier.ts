import { keyOf } from '../../model/identity.ts'
import { lacksTier } from '../calico-tiers.ts'
import { type Check, hit, several } from '../check.ts'
import { neverAskedIn } from '../never-asked.ts'

/**
 * Source: felix/calc/policy_sorter.go, UpdatePolicy and TierLess: the agent makes a tier for such a policy and puts it last;
 * felix/rules, endpointIptablesChain: what is no Pass at the end of a tier drops.
 */
export const missingTier: Check = {
  id: 'PST-P028',
  title: 'Policy in a tier that does not exist',
  severity: 'medium',
  why: 'The API of the stored kind takes any name for a tier. Calico enforces such a policy after every tier that exists, behind `default` too: what its author put in front is asked last, or never, and pods that no other tier takes are closed by it.',
  remedy: 'Create the Tier with the order that is meant, or put the policy into one that exists.',
  references: [
    'https://docs.tigera.io/calico/latest/reference/resources/tier',
    'https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy',
  ],
  *run(view) {
    const lost = view.cluster.rulePolicies.flatMap(policy =>
      policy.inert === null && lacksTier(policy.place) ? [{ policy, tier: policy.place.name }] : [],
    )
    if (lost.length === 0) return
    const never = new Map(neverAskedIn(view.possible().engine).map(one => [keyOf(one.policy.ref), one]))
    for (const { policy, tier } of lost) {
      const found = never.get(keyOf(policy.ref))
      yield hit(
        policy,
        found === undefined
          ? `its tier \`${tier}\` does not exist: it is asked after all others, and closes what it does not allow`
          : `its tier \`${tier}\` does not exist, so it is asked after all others: no TCP or UDP packet of ${several(found.names)} comes to it`,
        `create Tier \`${tier}\`, or put ${policy.ref.kind} \`${policy.ref.name}\` into one that exists`,
        { at: ['spec', 'tier'], witness: `tier: ${tier}` },
      )
    }
  },
}
