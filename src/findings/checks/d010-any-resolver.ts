import { printAddresses } from '../../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { SCTP, UDP } from '../../sets/protocol.ts'
import { traffics } from '../../sets/traffic.ts'
import type { ZoneMap } from '../../sets/zones.ts'
import { type Check, hit, several } from '../check.ts'
import { DNS, portOf, portsIn, TCP_AND_UDP } from '../known-traffic.ts'
import { includesTraffic, internetIn, meets, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf, type RuleUse } from '../signatures.ts'

export const anyResolver: Check = {
  id: 'PST-D010',
  title: 'Questions for names open to resolvers outside',
  severity: 'medium',
  why: 'Port 53 to the internet is a way out for anything: data travels in the names that are asked, and whoever owns a zone reads them. It passes no log of the cluster’s resolver and no policy by name.',
  remedy: 'Allow port 53 to the cluster’s resolver alone: its pods, its Service address, the node’s cache.',
  references: [
    'https://attack.mitre.org/techniques/T1071/004/',
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  ],
  *run(view) {
    const { policies, zones, opens } = view.possible()
    for (const { policy, rules } of policies) {
      for (const use of rules) {
        const { rule } = use
        const asked = askedBy(use, zones)
        if (asked === null) continue
        const traffic = traffics.intersect(rule.traffic.exact, DNS)
        const signatures = use.uses.filter(one => opens(one, asked, traffic)).map(({ signature }) => signature)
        if (signatures.length === 0) continue
        const whole = !bothFamilies.isEmpty(internetIn(asked, zones))
        yield hit(
          policy,
          `${several(namesOf(signatures))} may ask ${whole ? 'any resolver on the internet' : several(printAddresses(asked))}`,
          `limit port 53 in ${policy.ref.kind} \`${policy.ref.name}\` to the cluster’s resolver`,
          { at: rule.at, witness: packetOf(signatures[0], asked, meets(traffic, PLAIN) ? PLAIN : traffic) },
        )
        break
      }
    }
  },
}

const PLAIN = portOf(UDP, 53)

/** `ANY` in a policy means the port of all three protocols. */
const EVERY_53 = traffics.union(DNS, portOf(SCTP, 53))

/**
 * A rule that is about questions for names, or that opens port 53 beside others to the whole internet. Where everything is
 * open that is said once, elsewhere. Blocks of documentation stand for public addresses.
 */
const askedBy = ({ rule }: RuleUse, { internet, reserved, ...zones }: ZoneMap): Addresses | null => {
  const traffic = portsIn(rule.traffic.exact)
  if (rule.action !== 'allow' || rule.limit !== null || !meets(traffic, DNS) || includesTraffic(traffic, TCP_AND_UDP))
    return null
  const all = outsideOf(rule)
  const whole = internetIn(all, { internet, reserved, ...zones })
  if (!bothFamilies.isEmpty(whole)) return whole
  const outside = bothFamilies.intersect(all, bothFamilies.union(internet, reserved))
  return includesTraffic(EVERY_53, traffic) && !bothFamilies.isEmpty(outside) ? outside : null
}
