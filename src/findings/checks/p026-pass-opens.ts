import type { OutsideSpace } from '../../engine/outside.ts'
import type { Stack } from '../../engine/stack.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import { leftAfter, takenBy } from '../asked.ts'
import { type Check, hit, several } from '../check.ts'
import { coversHalf } from '../covers-half.ts'
import { portsIn, portsText, TCP_AND_UDP } from '../known-traffic.ts'
import type { PossibleView } from '../possible-view.ts'
import { includesTraffic, internetIn, only, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf, type RuleUse } from '../signatures.ts'

export const passOpens: Check = {
  id: 'PST-P026',
  title: 'Pass that opens',
  severity: 'high',
  why: 'Pass hands a packet to the next tier. Where no later tier has a policy for the pod, nothing asks any more and the packet leaves: a Pass in the last tier is an allow, and goes around the Deny at the end of its own.',
  remedy: 'Say Allow where an allow is meant; else remove the Pass, so that the tier decides.',
  references: [
    'https://docs.tigera.io/calico/latest/reference/resources/tier',
    'https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy',
  ],
  *run(view) {
    const possible = view.possible()
    for (const { policy, rules } of possible.policies) {
      // In a tier that ends in Pass it says what the tier says.
      if (policy.place.tier !== 'calico' || policy.place.end !== 'deny') continue
      for (const use of rules) {
        const internet = only(4, internetIn(outsideOf(use.rule), possible.zones))
        const traffic = portsIn(use.rule.traffic.exact)
        if (use.rule.action !== 'pass' || bothFamilies.isEmpty(internet) || traffics.isEmpty(traffic)) continue
        const open = use.uses.filter(one => leaves(one, internet, traffic, possible))
        if (open.length === 0) continue
        const signatures = open.map(({ signature }) => signature)
        const isAll = includesTraffic(traffic, TCP_AND_UDP)
        yield hit(
          policy,
          `its Pass lets ${several(namesOf(signatures))} send ${isAll ? 'anything' : portsText(traffic)} to every address on the internet: nothing is asked after tier \`${policy.place.name}\``,
          `remove the Pass from ${policy.ref.kind} \`${policy.ref.name}\`, or name what it is to allow`,
          {
            at: use.rule.at,
            severity: isAll ? null : 'medium',
            witness: packetOf(signatures[0], internet, traffic),
          },
        )
        break
      }
    }
  },
}

/** Most of it comes to the rule, and after its tier nothing takes it. */
const leaves = (
  { signature, item }: RuleUse['uses'][number],
  internet: Addresses,
  traffic: Traffic,
  { engine, mostly }: PossibleView,
): boolean => {
  if (!mostly(signature, internet, traffic)) return false
  const { table, spaces } = engine
  const space: OutsideSpace<4> = spaces.v4
  const { counting } = signature.stacks
  const asked = space.regions.ofBoxes([{ addresses: internet.v4, id: table.idOf(traffic) }])
  const passed = takenBy(space, counting, item, asked)
  const left = leftAfter(space, tiersAfter(counting, item), passed)
  return coversHalf(space, left, internet.v4, table.idOf(traffic), table)
}

const tiersAfter = (stack: Stack, item: RuleUse['uses'][number]['item']): Stack =>
  stack.slice(
    stack.findIndex(tier => tier.some(group => group.some(policy => policy.some(run => run.items.includes(item))))) + 1,
  )
