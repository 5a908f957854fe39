import { keyOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import { pathText } from '../../model/provenance.ts'
import type { RulePolicy } from '../../model/rule.ts'
import { type Check, hit, several } from '../check.ts'
import { hasNames, patternsOf, patternText } from '../name-rules.ts'
import { namesOf } from '../signatures.ts'

export const namesNeverLearned: Check = {
  id: 'PST-P008',
  title: 'Rule by name whose names are never learned',
  severity: 'medium',
  why: 'Cilium learns the addresses of a name from answers that pass its DNS proxy. Without a DNS rule of the same pods toward the resolver that they ask, no answer does, and the rule matches nothing. What is opened in haste instead is usually too wide.',
  remedy: 'Add a rule for port 53 with `rules.dns` that covers the names, toward the resolver that the pods ask.',
  references: ['https://docs.cilium.io/en/stable/security/policy/language/#dns-based'],
  *run(view) {
    const { policies } = view.possible()
    for (const { policy, rules } of policies) {
      if (policy.dialect !== 'cilium') continue
      const origin = asWrittenIn(view.cluster.rulePolicies, policy)
      for (const { rule, uses } of rules) {
        const asWritten = origin?.egress.rules[policy.egress.rules.indexOf(rule)]
        if (asWritten === undefined || !hasNames(asWritten)) continue
        if (!uses.every(({ item }) => !hasNames(item.rule))) continue
        const patterns = patternsOf(asWritten).map(patternText).sort(compareText)
        if (patterns.length === 0) continue
        yield hit(
          policy,
          `no DNS rule of ${several(namesOf(uses.map(({ signature }) => signature)))} lets ${several(patterns)} be learned: the rule matches nothing`,
          `add to \`${policy.ref.name}\` a rule for port 53 with \`rules.dns\` for ${several(patterns)}, toward the resolver that these pods ask`,
          { at: rule.at, witness: `toFQDNs: ${patterns.join(', ')}` },
        )
        break
      }
    }
  },
}

/** The policy as it was lowered: in what the engine reads, names are narrowed to those that are learned. */
const asWrittenIn = (all: readonly RulePolicy[], { ref, egress }: RulePolicy): RulePolicy | undefined =>
  all.find(one => keyOf(one.ref) === keyOf(ref) && pathText(one.egress.isolatesAt) === pathText(egress.isolatesAt))
