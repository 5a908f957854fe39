import { addressesOfTexts } from '../../engine/ground.ts'
import { passing } from '../../engine/verdict.ts'
import { type Check, hit, several } from '../check.ts'
import { DNS } from '../known-traffic.ts'
import { nameOf, type Signature } from '../signatures.ts'

/**
 * The node’s own cache, which is on the host network, and Cloud DNS of GKE.
 * Source: kubernetes/kubernetes, cluster/addons/dns/nodelocaldns, README, "Network policy and DNS connectivity"; cloud.google.com,
 * "Using Cloud DNS for GKE".
 */
const NODE_CACHE = '169.254.20.10'
const CLOUD_DNS = '169.254.169.254'

export const nodeCacheMissed: Check = {
  id: 'PST-D013',
  title: 'DNS rule that misses the resolver of its pods',
  severity: 'low',
  why: 'The pods ask the cache on their node, and the policy allows the resolver’s pods. Every name fails, and what is opened in haste to repair it is usually every resolver.',
  remedy: 'Allow port 53 to the address that the pods ask.',
  references: ['https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/'],
  *run(view) {
    const { signatures, passes, engine } = view.possible()
    const { table, spaces, profile } = engine
    const dns = table.idOf(DNS)
    /** The cache answers on the pod’s own node, which some plugins never close. */
    const closesNode = ({ stacks }: Signature): boolean =>
      profile.ownNode === 'policy' && table.intersect(passing(spaces.ownNode, stacks).may, dns) === table.empty
    const told = new Set<string>()
    for (const signature of signatures) {
      for (const subject of signature.subjects) {
        const { workload, shape } = subject
        const asked = shape.dnsPolicy === 'None' ? (shape.dns?.nameservers ?? []) : []
        const missed = asked.filter(
          address =>
            (address === CLOUD_DNS || (address === NODE_CACHE && closesNode(signature))) &&
            passes(signature, addressesOfTexts([address]), DNS) === 'no',
        )
        if (missed.length === 0 || missed.length < asked.length || told.has(nameOf(subject))) continue
        told.add(nameOf(subject))
        yield hit(
          workload,
          `it asks ${several(missed)}, and no policy lets it`,
          `allow port 53 to ${several(missed)} for ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          { at: [...workload.shapePath, 'dnsConfig', 'nameservers'], witness: `nameservers: ${missed.join(', ')}` },
        )
      }
    }
  },
}
