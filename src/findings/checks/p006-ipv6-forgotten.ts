import type { Rule } from '../../model/rule.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Traffic } from '../../sets/traffic.ts'
import { traffics } from '../../sets/traffic.ts'
import type { ZoneMap } from '../../sets/zones.ts'
import { type Check, hit, several } from '../check.ts'
import { HTTP, portsIn } from '../known-traffic.ts'
import { metadataAddresses } from '../metadata.ts'
import { includesTraffic, only, outsideOf, packetOf, sparesMetadata4 } from '../rule-reach.ts'
import { namesOf, type RuleUse } from '../signatures.ts'

export const ipv6Forgotten: Check = {
  id: 'PST-P006',
  title: 'Limit for IPv4 that forgets IPv6',
  severity: 'high',
  why: '`0.0.0.0/0` says nothing about IPv6, and neither does an exception for an IPv4 address. Where pods have addresses of both families, what is closed in one leaves by the other.',
  remedy: 'Write the same limit for IPv6: `::/0`, and the metadata address of that family.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/dual-stack/',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
  ],
  *run(view) {
    if (!view.inventory.dataplane.ipFamilies.includes('IPv6')) return
    const { policies, zones, passes, mostly } = view.possible()
    const metadata = metadataAddresses(view.inventory)
    for (const { policy, rules } of policies) {
      for (const { rule, uses } of rules) {
        const twin = twinOf(rule, rules, zones, metadata)
        if (twin === null) continue
        const signatures = uses
          .map(({ signature }) => signature)
          .filter(
            signature =>
              passes(signature, twin.closed, twin.traffic) === 'no' && mostly(signature, twin.open, twin.traffic),
          )
        if (signatures.length === 0) continue
        yield hit(
          policy,
          `it keeps ${several(namesOf(signatures))} from ${twin.what} in IPv4, and in IPv6 the same is open`,
          `write the limit of ${policy.ref.kind} \`${policy.ref.name}\` for IPv6, too`,
          {
            at: rule.at,
            // Without a node nobody knows whether there is such a service.
            severity: twin.what === 'the internet' || view.inventory.platform.provider !== null ? null : 'low',
            witness: packetOf(signatures[0], twin.open, twin.traffic),
          },
        )
        break
      }
    }
  },
}

interface Twin {
  readonly what: 'the internet' | 'the metadata service'
  readonly closed: Addresses
  readonly open: Addresses
  readonly traffic: Traffic
}

/** What is closed in IPv4 alone, with its twin: by a deny, or by an exception in rules that let out in both families. */
const twinOf = (
  rule: Rule,
  all: readonly RuleUse[],
  { internet }: ZoneMap,
  metadata: Addresses | null,
): Twin | null => {
  const traffic = portsIn(rule.traffic.exact)
  if (traffics.isEmpty(traffic)) return null
  const own = outsideOf(rule)
  const isWeb = includesTraffic(traffic, HTTP)
  if (rule.action === 'deny') {
    const forgets = (part: Addresses): boolean => holds(own, only(4, part)) && lacks(own, only(6, part))
    if (forgets(internet)) return { what: 'the internet', closed: only(4, internet), open: only(6, internet), traffic }
    return metadata !== null && isWeb && forgets(metadata) ? metadataTwin(metadata) : null
  }
  return metadata !== null && isWeb && holds(own, only(6, metadata)) && sparesMetadata4(all, internet, metadata)
    ? metadataTwin(metadata)
    : null
}

const metadataTwin = (metadata: Addresses): Twin => ({
  what: 'the metadata service',
  closed: only(4, metadata),
  open: only(6, metadata),
  traffic: HTTP,
})

const holds = (own: Addresses, part: Addresses): boolean =>
  !bothFamilies.isEmpty(part) && bothFamilies.isSubset(part, own)
const lacks = (own: Addresses, part: Addresses): boolean =>
  !bothFamilies.isEmpty(part) && bothFamilies.isEmpty(bothFamilies.intersect(part, own))
