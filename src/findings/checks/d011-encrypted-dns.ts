import { printAddresses } from '../../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { nameSets } from '../../sets/name-set.ts'
import { TCP } from '../../sets/protocol.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import type { ZoneMap } from '../../sets/zones.ts'
import { type Check, hit, several } from '../check.ts'
import { DNS_OVER_TLS, HTTPS, portOf, portsIn, portsText } from '../known-traffic.ts'
import { fixedEnd, patternsOf } from '../name-rules.ts'
import { PUBLIC_RESOLVER_NAMES, PUBLIC_RESOLVERS } from '../public-resolvers.ts'
import { isPublicSuffix } from '../public-suffixes.ts'
import { internetIn, meets, only, outsideOf, packetOf } from '../rule-reach.ts'
import { namesOf, type RuleUse } from '../signatures.ts'

export const encryptedDns: Check = {
  id: 'PST-D011',
  title: 'Encrypted questions for names open to resolvers outside',
  severity: 'medium',
  why: 'DNS over TLS or HTTPS carries questions that nobody on the way can read or limit. A workload that reaches such a resolver asks any name, past the cluster’s log and past every policy by name.',
  remedy: 'Close port 853 to the outside, and the public resolvers’ addresses and names on 443.',
  references: ['https://www.rfc-editor.org/rfc/rfc7858', 'https://www.rfc-editor.org/rfc/rfc8484'],
  *run(view) {
    const { policies, zones, mostly, opens } = view.possible()
    for (const { policy, rules } of policies) {
      for (const use of rules) {
        if (use.rule.action !== 'allow') continue
        const names = resolverNamesOf(use)
        const way = wayOf(use, zones)
        const signatures = use.uses
          .filter(
            one =>
              way !== null &&
              opens(one, way.addresses, way.traffic) &&
              // Where the same is open to everywhere, a resolver more or less decides nothing.
              (way.isEverywhere || !mostly(one.signature, only(4, zones.internet), way.traffic)),
          )
          .map(({ signature }) => signature)
        if (names.length === 0 && signatures.length === 0) continue
        const [what, who] =
          names.length > 0
            ? [several(names), use.uses.map(({ signature }) => signature)]
            : [`${way?.text} on ${portsText(way?.traffic ?? traffics.empty)}`, signatures]
        yield hit(
          policy,
          `${several(namesOf(who))} may ask ${what}`,
          names.length === 0 && way?.isEverywhere
            ? `close ${portsText(way.traffic)} to the outside in ${policy.ref.kind} \`${policy.ref.name}\``
            : `take ${names.length > 0 ? several(names) : (way?.text ?? '')} out of ${policy.ref.kind} \`${policy.ref.name}\``,
          {
            at: use.rule.at,
            witness: names[0] ?? (way === null ? null : packetOf(signatures[0], way.addresses, way.traffic)),
          },
        )
        break
      }
    }
  },
}

interface Way {
  readonly addresses: Addresses
  readonly traffic: Traffic
  readonly text: string
  readonly isEverywhere: boolean
}

/** Port 853 by name of the port, or the resolvers’ own addresses; a port range or a whole internet is another finding. */
const wayOf = ({ rule }: RuleUse, zones: ZoneMap): Way | null => {
  const all = outsideOf(rule)
  const traffic = portsIn(rule.traffic.exact)
  const internet = internetIn(all, zones)
  const tls = traffics.intersect(traffic, DNS_OVER_TLS)
  if (!bothFamilies.isEmpty(internet))
    return !traffics.isEmpty(tls) && isNarrow(traffic)
      ? { addresses: internet, traffic: tls, text: 'any resolver on the internet', isEverywhere: true }
      : null
  const known = bothFamilies.intersect(all, PUBLIC_RESOLVERS)
  const both = traffics.intersect(traffic, traffics.union(HTTPS, DNS_OVER_TLS))
  return bothFamilies.isEmpty(known) || traffics.isEmpty(both)
    ? null
    : { addresses: known, traffic: both, text: several(printAddresses(known)), isEverywhere: false }
}

/** Single ports: where neighbours are open too, nobody thought of DNS. */
const isNarrow = (traffic: Traffic): boolean => !meets(traffic, NEIGHBOURS)

const NEIGHBOURS = [852, 854].map(port => portOf(TCP, port)).reduce(traffics.union, traffics.empty)

const sets = nameSets()

/** Names of resolvers that the rule means; a pattern that means everybody is another finding. */
const resolverNamesOf = ({ rule }: RuleUse): readonly string[] => {
  const meant = patternsOf(rule).filter(pattern => {
    const end = fixedEnd(pattern)
    return end === null || !isPublicSuffix(end)
  })
  if (meant.length === 0) return []
  const set = sets.ofPatterns(meant)
  return PUBLIC_RESOLVER_NAMES.filter(name => sets.contains(set, name) === 'yes')
}
