import { printAddresses } from '../../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type Check, hit, several } from '../check.ts'
import { HTTP } from '../known-traffic.ts'
import { metadataAddresses } from '../metadata.ts'
import { includesTraffic, only, outsideOf, packetOf, sparesMetadata4 } from '../rule-reach.ts'
import { namesOf } from '../signatures.ts'

export const metadataAllowed: Check = {
  id: 'PST-P007',
  title: 'Policy that lets pods reach the node’s metadata service',
  severity: 'high',
  why: 'The service hands out the node’s identity and start-up data to whoever asks from the node’s address. A pod that reaches it may act in the cloud as its node, and no route table or cloud firewall stands between.',
  remedy: 'Take the metadata addresses out of the rule, in both families, and deny them for every pod.',
  references: [
    'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
    'https://attack.mitre.org/techniques/T1552/005/',
  ],
  *run(view) {
    const metadata = metadataAddresses(view.inventory)
    if (metadata === null) return
    const { policies, zones, passes, decides } = view.possible()
    const { provider } = view.inventory.platform
    for (const { policy, rules } of policies) {
      // Where the IPv4 address alone was thought of, that is the finding.
      const spared = sparesMetadata4(rules, zones.internet, metadata)
      const isForgottenTwin = (wanted: Addresses): boolean => spared && bothFamilies.isEmpty(only(4, wanted))
      for (const { rule, uses } of rules) {
        if (rule.action !== 'allow' || !includesTraffic(rule.traffic.exact, HTTP)) continue
        const wanted = bothFamilies.intersect(metadata, outsideOf(rule))
        if (bothFamilies.isEmpty(wanted) || isForgottenTwin(wanted)) continue
        const open = uses.filter(
          ({ signature, item }) => passes(signature, wanted, HTTP) === 'yes' && decides(item, signature, wanted, HTTP),
        )
        if (open.length === 0) continue
        const signatures = open.map(({ signature }) => signature)
        const addresses = printAddresses(wanted)
        yield hit(
          policy,
          `its rule lets ${several(namesOf(signatures))} ask ${several(addresses)}`,
          `take ${several(addresses)} out of the rule of ${policy.ref.kind} \`${policy.ref.name}\`, as an exception or by a deny`,
          {
            at: rule.at,
            // Google answers pods itself there where workload identity is on; without nodes nobody knows the platform.
            severity: provider === null ? 'low' : provider === 'gcp' ? 'medium' : null,
            witness: packetOf(signatures[0], wanted, HTTP),
          },
        )
        break
      }
    }
  },
}
