import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { traffics } from '../../sets/traffic.ts'
import type { ZoneMap } from '../../sets/zones.ts'
import { type Check, hit, several } from '../check.ts'
import { DNS, HTTP, HTTPS, portsIn, portsText, TCP_AND_UDP } from '../known-traffic.ts'
import { metadataAddresses } from '../metadata.ts'
import { includesTraffic, opensInternet, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf, type RuleUse } from '../signatures.ts'

export const openPort: Check = {
  id: 'PST-P004',
  title: 'Port that is open to the whole internet',
  severity: 'medium',
  why: 'The rule binds a port to no name, no address and no exit. Anything that speaks on that port may leave, and whoever takes over the workload chooses the other end.',
  remedy:
    'Name the destinations: addresses, DNS names where the plugin knows them, or a proxy or gateway that checks names.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://attack.mitre.org/techniques/T1567/',
  ],
  *run(view) {
    const { policies, zones, mostly } = view.possible()
    const metadata = metadataAddresses(view.inventory)
    for (const { policy, rules } of policies) {
      const found = rules.flatMap(use => {
        const internet = opensInternet(use, zones)
        // Everything is another finding, and so are questions for names.
        const traffic = traffics.subtract(portsIn(use.rule.traffic.exact), DNS)
        if (traffics.isEmpty(traffic) || includesTraffic(use.rule.traffic.exact, TCP_AND_UDP)) return []
        const signatures = use.uses
          .map(({ signature }) => signature)
          .filter(signature => mostly(signature, internet, traffic))
        return signatures.length === 0 ? [] : [{ use, internet, traffic, signatures }]
      })
      const [first] = found
      if (first === undefined) continue
      const traffic = found.map(one => one.traffic).reduce(traffics.union, traffics.empty)
      const careful = found.every(({ use }) => leavesInsideOut(use, zones, metadata) && isWeb(use))
      yield hit(
        policy,
        `${several(namesOf(found.flatMap(one => one.signatures)))} may send ${portsText(traffic)} to every address on the internet`,
        `name the destinations in ${policy.ref.kind} \`${policy.ref.name}\`, or send this traffic through a proxy or gateway that checks names`,
        {
          at: first.use.rule.at,
          // Somebody thought about it: web ports alone, and nothing of the inside with them.
          severity: careful ? 'low' : null,
          witness: packetOf(first.signatures[0], first.internet, first.traffic),
        },
      )
    }
  },
}

const isWeb = ({ rule }: RuleUse): boolean => includesTraffic(traffics.union(HTTP, HTTPS), portsIn(rule.traffic.exact))

/** Neither private ranges nor the metadata service of this platform. */
const leavesInsideOut = ({ rule }: RuleUse, zones: ZoneMap, metadata: Addresses | null): boolean =>
  bothFamilies.isEmpty(
    bothFamilies.intersect(bothFamilies.union(metadata ?? bothFamilies.empty, zones.private), outsideOf(rule)),
  )
