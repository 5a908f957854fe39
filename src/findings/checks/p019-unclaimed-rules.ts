import type { RulePolicy } from '../../model/rule.ts'
import { type Check, hit } from '../check.ts'

/**
 * Of a NetworkPolicy plugins differ in what they make of such rules. Calico's own policies name their directions in `types`:
 * the API takes rules for another one, and no agent applies them. Source: libcalico-go/lib/validator/v3,
 * validateNetworkPolicySpec; felix/calc/policy_sorter.go, ExtractPolicyMetadata, GovernsEgress.
 */
export const unclaimedRules: Check = {
  id: 'PST-P019',
  title: 'Egress rules that the policy does not claim',
  severity: 'medium',
  why: 'A NetworkPolicy whose `policyTypes` leaves out `Egress` is not about egress, whatever rules stand under `egress`: most plugins ignore them, the pods stay open, and the list looks like a limit. A Calico policy says it in `types`, and nothing applies what stands outside of them.',
  remedy: 'Add `Egress` to `policyTypes`, or to `types` of a Calico policy.',
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    'https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy',
  ],
  *run(view) {
    const unclaimed = view.cluster.rulePolicies.filter(
      policy => policy.inert === null && policy.egress.unclaimed === true,
    )
    if (unclaimed.length === 0) return
    const { profile } = view.possible().engine
    for (const policy of unclaimed) {
      const applied = policy.dialect === 'kubernetes' && profile.appliesUnclaimed === true
      const types = policy.dialect === 'calico' ? 'types' : 'policyTypes'
      const rules = told(policy)
      yield hit(
        policy,
        applied
          ? `${rules} without \`Egress\` in \`${types}\`: ${profile.title} applies them all the same, others would not`
          : `${rules} without \`Egress\` in \`${types}\`: ${policy.egress.rules.length === 1 ? 'it limits' : 'they limit'} nothing`,
        `add \`Egress\` to \`${types}\` of ${nameOf(policy)}`,
        { at: ['spec', types], severity: applied ? 'low' : null, witness: `${types} without Egress` },
      )
    }
  },
}

/** Rules that nothing applies are not counted. */
const told = ({ egress: { rules } }: RulePolicy): string =>
  rules.length === 0
    ? 'rules stand under `egress`'
    : rules.length === 1
      ? 'its egress rule stands there'
      : `its ${rules.length} egress rules stand there`

const nameOf = ({ ref: { kind, name, namespace } }: RulePolicy): string =>
  namespace === null ? `${kind} \`${name}\`` : `${kind} \`${name}\` in \`${namespace}\``
