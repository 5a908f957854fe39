import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import type { ZoneMap } from '../../sets/zones.ts'
import { isBeforeNamespaces } from '../calico-tiers.ts'
import { type Check, hit, several } from '../check.ts'
import { DNS, portsIn, portsText } from '../known-traffic.ts'
import { internetIn, outsideMayOf, outsideOf, packetOf } from '../rule-reach.ts'
import { itemsOf, namesOf, type Signature } from '../signatures.ts'

export const openedBefore: Check = {
  id: 'PST-P017',
  title: 'Cluster-wide policy that opens what namespaces close',
  severity: 'medium',
  why: 'An allow of the admin tier, or of a Calico tier before `default`, is asked before any NetworkPolicy, and ends the question. The namespace’s own default deny stands in Git, is listed, and decides nothing for this traffic.',
  remedy: 'Let the cluster-wide policy pass what namespaces shall decide, or narrow it to what every pod needs.',
  references: [
    'https://network-policy-api.sigs.k8s.io/api-overview/',
    'https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy',
  ],
  *run(view) {
    const { policies, zones, mostly, decides } = view.possible()
    for (const { policy, rules } of policies) {
      if (!isBeforeNamespaces(policy)) continue
      for (const { rule, uses } of rules) {
        const outside = beyond(outsideOf(rule), zones)
        const isWhole = !bothFamilies.isEmpty(internetIn(outside, zones))
        const ports = portsIn(rule.traffic.exact)
        // Questions for names to everywhere are another finding.
        const traffic = isWhole ? traffics.subtract(ports, DNS) : ports
        if (rule.action !== 'allow' || bothFamilies.isEmpty(outside) || traffics.isEmpty(traffic)) continue
        const undone = uses.filter(
          ({ signature, item }) =>
            isClosedByOwn(signature, outside, rule.traffic.exact) &&
            mostly(signature, outside, traffic) &&
            decides(item, signature, outside, traffic),
        )
        if (undone.length === 0) continue
        const signatures = undone.map(({ signature }) => signature)
        yield hit(
          policy,
          `it opens ${portsText(traffic)} to ${isWhole ? 'the whole internet' : 'addresses outside'} for ${several(namesOf(signatures))}, whose own policies close it`,
          `say Pass instead of the allow in ${policy.ref.kind} \`${policy.ref.name}\`, or narrow it`,
          { at: rule.at, severity: isWhole ? 'high' : null, witness: packetOf(signatures[0], outside, traffic) },
        )
        break
      }
    }
  },
}

/** What is not inside: the internet, and the blocks of documentation, which stand for it. */
const beyond = (addresses: Addresses, { internet, reserved }: ZoneMap): Addresses =>
  bothFamilies.intersect(addresses, bothFamilies.union(internet, reserved))

/** Isolated by policies of the namespace, none of which lets this out. */
const isClosedByOwn = ({ stacks }: Signature, outside: Addresses, traffic: Traffic): boolean => {
  const own = [...itemsOf(stacks.counting)].filter(
    ({ policy }) =>
      policy.place.tier === 'workload' || (policy.place.tier === 'calico' && policy.ref.namespace !== null),
  )
  return (
    own.some(({ kind, doubts, rule }) => kind === 'default' && doubts.length === 0 && rule.action === 'deny') &&
    !own.some(
      ({ kind, rule }) =>
        kind === 'rule' &&
        rule.action === 'allow' &&
        !traffics.isEmpty(traffics.intersect(rule.traffic.exact, traffic)) &&
        !bothFamilies.isEmpty(bothFamilies.intersect(outsideMayOf(rule), outside)),
    )
  )
}
