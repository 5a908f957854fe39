import { type Check, hit, several } from '../check.ts'
import { namesOf } from '../signatures.ts'
import { isSplit } from '../split-peers.ts'

export const peersMeantAsOne: Check = {
  id: 'PST-P021',
  title: 'Two peers where one was meant',
  severity: 'medium',
  why: 'Two entries of a list are joined by or, two selectors in one entry by and; a dash decides. With the dash too many, “these pods of that namespace” becomes “every pod of that namespace, and these pods of mine”.',
  remedy: 'Put both selectors into one entry.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
  ],
  *run(view) {
    const { policies, engine } = view.possible()
    for (const { policy, rules, signatures } of policies) {
      if (policy.dialect !== 'kubernetes') continue
      const found = rules.find(({ rule }) => isSplit(rule, engine))
      if (found === undefined) continue
      yield hit(
        policy,
        `it opens whole namespaces to ${several(namesOf(signatures))}, and pods of its own namespace that are not there; those namespaces have pods with just these labels`,
        `put \`namespaceSelector\` and \`podSelector\` into one entry of NetworkPolicy \`${policy.ref.name}\` in \`${policy.ref.namespace}\``,
        { at: found.rule.at, witness: 'namespaceSelector or podSelector' },
      )
    }
  },
}
