import { isSharedZone } from '../../inventory/shared-zones.ts'
import { type Check, hit, several } from '../check.ts'
import { fixedEnd, patternsOf, patternText } from '../name-rules.ts'
import { isPublicSuffix } from '../public-suffixes.ts'
import { namesOf } from '../signatures.ts'

export const namesOnSharedHosting: Check = {
  id: 'PST-P010',
  title: 'Rule by name for a zone where anybody may publish',
  severity: 'medium',
  why: 'Providers let every customer make a name there: a bucket, a function, a distribution. Allowing the zone allows whoever rents a name in it, and their addresses are shared, so that other names behind them open, too.',
  remedy: 'Name the bucket, account or host, and put a private endpoint with a policy in front where there is one.',
  references: [
    'https://docs.cilium.io/en/stable/security/policy/language/#dns-based',
    'https://attack.mitre.org/techniques/T1567/002/',
  ],
  *run(view) {
    for (const { policy, rules } of view.possible().policies) {
      for (const { rule, uses } of rules) {
        if (rule.action !== 'allow') continue
        const shared = patternsOf(rule).filter(pattern => {
          const end = fixedEnd(pattern)
          return end !== null && !isPublicSuffix(end) && isSharedZone(end.join('.'))
        })
        if (shared.length === 0) continue
        const texts = shared.map(patternText)
        yield hit(
          policy,
          `in ${several(texts)} anybody may make a name, and it is open to ${several(namesOf(uses.map(({ signature }) => signature)))}`,
          `name the hosts that are used in ${policy.ref.kind} \`${policy.ref.name}\` instead of ${several(texts)}`,
          { at: rule.at, witness: texts.join(', ') },
        )
        break
      }
    }
  },
}
