import { type Check, hit } from '../check.ts'

export const unclaimedRules: Check = {
  id: 'PST-P019',
  title: 'Egress rules that the policy does not claim',
  severity: 'medium',
  why: 'A NetworkPolicy whose `policyTypes` leaves out `Egress` is not about egress, whatever rules stand under `egress`: most plugins ignore them, the pods stay open, and the list looks like a limit.',
  remedy: 'Add `Egress` to `policyTypes`.',
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
  ],
  *run(view) {
    const unclaimed = view.cluster.rulePolicies.filter(
      policy => policy.inert === null && policy.egress.unclaimed === true && policy.egress.rules.length > 0,
    )
    if (unclaimed.length === 0) return
    const { profile } = view.possible().engine
    const applied = profile.appliesUnclaimed === true
    for (const policy of unclaimed) {
      const { length } = policy.egress.rules
      const rules = length === 1 ? 'its egress rule stands' : `its ${length} egress rules stand`
      yield hit(
        policy,
        applied
          ? `${rules} there without \`Egress\` in \`policyTypes\`: ${profile.title} applies them all the same, others would not`
          : `${rules} there without \`Egress\` in \`policyTypes\`: ${length === 1 ? 'it limits' : 'they limit'} nothing`,
        `add \`Egress\` to \`policyTypes\` of NetworkPolicy \`${policy.ref.name}\` in \`${policy.ref.namespace}\``,
        { at: ['spec', 'policyTypes'], severity: applied ? 'low' : null, witness: 'policyTypes without Egress' },
      )
    }
  },
}
