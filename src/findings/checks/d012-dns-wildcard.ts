import { keyOf } from '../../model/identity.ts'
import type { NamePattern } from '../../sets/name-pattern.ts'
import { type Check, hit, several } from '../check.ts'
import { patternsOf } from '../name-rules.ts'
import { itemsOf, namesOf, type RuleUse, type Signature } from '../signatures.ts'

export const dnsWildcard: Check = {
  id: 'PST-D012',
  title: 'Any name may be asked beside a list of names',
  severity: 'medium',
  why: 'A DNS rule for `*` lets a pod ask for every name there is. Its connections are held to a list, its questions are not: data leaves in the names, through the cluster’s own resolver.',
  remedy: 'Write the names of the list into the DNS rule, and those of the cluster.',
  references: [
    'https://docs.cilium.io/en/stable/security/policy/language/#dns-based',
    'https://attack.mitre.org/techniques/T1048/003/',
  ],
  *run(view) {
    for (const { policy, rules } of view.possible().policies) {
      for (const use of rules) {
        if (use.rule.action !== 'allow' || use.rule.limit?.kind !== 'dns' || !use.rule.limit.patterns.some(isEvery))
          continue
        const listed = use.uses.map(({ signature }) => signature).filter(hasList)
        if (listed.length === 0) continue
        const narrower = narrowedElsewhere(listed, use)
        yield hit(
          policy,
          `${several(namesOf(listed))} may ask any name${narrower.length > 0 ? `, although ${several(narrower)} ${narrower.length === 1 ? 'lists' : 'list'} the names to ask` : ' beside a list of names to reach'}`,
          `replace \`*\` in ${policy.ref.kind} \`${policy.ref.name}\` by the names that are reached, and those of the cluster`,
          { at: use.rule.at, witness: 'dns: matchPattern "*"' },
        )
        break
      }
    }
  },
}

const isEvery = (pattern: NamePattern): boolean => pattern.kind === 'every'

/** Rules that hold its connections to names. */
const hasList = ({ stacks }: Signature): boolean =>
  [...itemsOf(stacks.counting)].some(({ rule, doubts }) => {
    const patterns = patternsOf(rule)
    return doubts.length === 0 && rule.action === 'allow' && patterns.length > 0 && !patterns.some(isEvery)
  })

/** Policies that hold the questions of the same pods to names, for nothing. */
const narrowedElsewhere = (signatures: readonly Signature[], { policy }: RuleUse): readonly string[] => [
  ...new Set(
    signatures.flatMap(({ stacks }) =>
      [...itemsOf(stacks.counting)].flatMap(({ rule, policy: other }) =>
        rule.limit?.kind === 'dns' && !rule.limit.patterns.some(isEvery) && keyOf(other.ref) !== keyOf(policy.ref)
          ? [other.ref.name]
          : [],
      ),
    ),
  ),
]
