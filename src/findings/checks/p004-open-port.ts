import { proxyProductIn } from '../../inventory/exits.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { MOSTLY_INSIDE } from '../inside-ranges.ts'
import { DNS, HTTP, HTTPS, portsIn, portsText, TCP_AND_UDP } from '../known-traffic.ts'
import { metadataAddresses } from '../metadata.ts'
import { includesTraffic, only, opensInternet, outsideOf, packetOf } from '../rule-reach.ts'
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
    const { policies, zones, opens } = view.possible()
    for (const { policy, rules } of policies) {
      const found = rules.flatMap(use => {
        const internet = opensInternet(use, zones)
        // Everything is another finding, and so are questions for names.
        const traffic = traffics.subtract(portsIn(use.rule.traffic.exact), DNS)
        if (traffics.isEmpty(traffic) || includesTraffic(use.rule.traffic.exact, TCP_AND_UDP)) return []
        const uses = use.uses.filter(one => opens(one, internet, traffic))
        return uses.length === 0
          ? []
          : [{ use, internet, traffic, uses, signatures: uses.map(({ signature }) => signature) }]
      })
      const [first] = found
      if (first === undefined) continue
      const traffic = found.map(one => one.traffic).reduce(traffics.union, traffics.empty)
      const careful = found.every(one => (isWeb(one.use) || areProxies(one, view)) && leavesInsideOut(one, view))
      yield hit(
        policy,
        `${several(namesOf(found.flatMap(one => one.signatures)))} may send ${portsText(traffic)} to every address on the internet`,
        `name the destinations in ${policy.ref.kind} \`${policy.ref.name}\`, or send this traffic through a proxy or gateway that checks names`,
        {
          at: first.use.rule.at,
          // Somebody thought about it: web ports alone, or a proxy's, and nothing of the inside with them.
          severity: careful ? 'low' : null,
          witness: packetOf(first.signatures[0], first.internet, first.traffic),
        },
      )
    }
  },
}

const isWeb = ({ rule }: RuleUse): boolean => includesTraffic(traffics.union(HTTP, HTTPS), portsIn(rule.traffic.exact))

interface Open {
  readonly use: RuleUse
  readonly uses: RuleUse['uses']
  readonly traffic: Traffic
}

/** A forward proxy is there to reach what others may not: its own list is the limit, and is looked at elsewhere. */
const areProxies = ({ uses }: Open, { cluster }: ClusterView): boolean =>
  uses.every(({ signature }) => signature.subjects.every(({ workload }) => proxyProductIn(cluster, workload) !== null))

/** Neither private ranges nor the metadata service of this platform: not in the rule, or denied before it. */
const leavesInsideOut = ({ use, uses, traffic }: Open, { inventory, possible }: ClusterView): boolean => {
  const { decides } = possible()
  const inside = bothFamilies.union(metadataAddresses(inventory) ?? bothFamilies.empty, MOSTLY_INSIDE)
  const used = inventory.dataplane.ipFamilies.includes('IPv6') ? inside : only(4, inside)
  const left = bothFamilies.intersect(used, outsideOf(use.rule))
  return bothFamilies.isEmpty(left) || !uses.some(({ signature, item }) => decides(item, signature, left, traffic))
}
