import { type Check, hit, several } from '../check.ts'
import { fixedEnd, patternsOf, patternText } from '../name-rules.ts'
import { isPublicSuffix } from '../public-suffixes.ts'
import { namesOf } from '../signatures.ts'

export const namesTooWide: Check = {
  id: 'PST-P009',
  title: 'Rule by name that anybody’s name matches',
  severity: 'high',
  why: 'A pattern that ends where registries sell names is no list: everybody may register one that matches. The rule reads like a limit by name and is an open port.',
  remedy: 'Name the hosts, or the zone of the partner who owns it.',
  references: [
    'https://publicsuffix.org/list/',
    'https://docs.cilium.io/en/stable/security/policy/language/#dns-based',
  ],
  *run(view) {
    for (const { policy, rules } of view.possible().policies) {
      for (const { rule, uses } of rules) {
        const wide = patternsOf(rule).filter(pattern => isWide(fixedEnd(pattern)))
        if (rule.action !== 'allow' || wide.length === 0) continue
        const texts = wide.map(patternText)
        yield hit(
          policy,
          `${several(texts)} ${texts.length === 1 ? 'matches' : 'match'} names that anybody may register, for ${several(namesOf(uses.map(({ signature }) => signature)))}`,
          `name the hosts in ${policy.ref.kind} \`${policy.ref.name}\` instead of ${several(texts)}`,
          { at: rule.at, witness: texts.join(', ') },
        )
        break
      }
    }
  },
}

const isWide = (end: readonly string[] | null): boolean => end !== null && isPublicSuffix(end)
