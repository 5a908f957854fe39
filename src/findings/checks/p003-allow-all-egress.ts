import type { Rule } from '../../model/rule.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type Check, hit, several } from '../check.ts'
import { TCP_AND_UDP } from '../known-traffic.ts'
import { includesTraffic, only, opensInternet, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf } from '../signatures.ts'

export const allowAllEgress: Check = {
  id: 'PST-P003',
  title: 'Policy that allows everything out',
  severity: 'high',
  why: 'A rule without a destination and without ports allows every packet to everywhere. Policies add up: one such rule undoes every limit that other policies put on the same pods.',
  remedy: 'Name the destinations and ports that the workload needs, and remove the rule.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-egress-traffic'],
  *run(view) {
    const { policies, zones, opens } = view.possible()
    for (const { policy, rules } of policies) {
      for (const use of rules) {
        const internet = opensInternet(use, zones)
        if (bothFamilies.isEmpty(internet) || !includesTraffic(use.rule.traffic.exact, TCP_AND_UDP)) continue
        const open = use.uses.filter(one => opens(one, internet, TCP_AND_UDP))
        if (open.length === 0) continue
        const signatures = open.map(({ signature }) => signature)
        yield hit(
          policy,
          `its rule lets ${several(namesOf(signatures))} send anything to ${placeOf(use.rule)}`,
          `replace the rule of ${policy.ref.kind} \`${policy.ref.name}\` by the destinations and ports that are needed`,
          { at: use.rule.at, witness: packetOf(signatures[0], internet, TCP_AND_UDP) },
        )
        break
      }
    }
  },
}

const placeOf = (rule: Rule): string => {
  if (rule.peers.some(peer => peer.kind === 'everything')) return 'everywhere'
  return bothFamilies.isSubset(only(4, bothFamilies.full), outsideOf(rule))
    ? 'every address outside the cluster'
    : 'every address on the internet'
}
