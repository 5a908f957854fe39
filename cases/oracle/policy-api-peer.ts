import { inBlockText } from './ip.ts'
import { at, list, text } from './json.ts'
import { selects } from './labels.ts'
import { isDomainName } from './names.ts'
import type { Question } from './question.ts'
import { every, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/**
 * Is the other end of the packet what this peer means? `foreign`: a peer of a kind that is not known.
 * Source: network-policy-api, types ClusterNetworkPolicyEgressPeer and ClusterNetworkPolicyIngressPeer.
 */
export const isPeer = (question: Question, entry: Json): Tri | 'foreign' => {
  const { peer } = question
  const namespaces = at(entry, 'namespaces')
  if (namespaces !== undefined)
    return peer.kind === 'pod' && peer.live ? selects(namespaces, peer.namespaceLabels) : 'no'

  const pods = at(entry, 'pods')
  if (pods !== undefined)
    return peer.kind === 'pod' && peer.live
      ? every([
          selects(at(pods, 'namespaceSelector') ?? {}, peer.namespaceLabels),
          selects(at(pods, 'podSelector') ?? {}, peer.labels),
        ])
      : 'no'

  // The other kinds are for destinations only.
  if (question.direction === 'ingress') return 'foreign'

  const nodes = at(entry, 'nodes')
  if (nodes !== undefined) return peer.kind === 'node' ? selects(nodes, peer.labels) : 'no'

  // Traffic inside the cluster is checked against networks like any other.
  const networks = at(entry, 'networks')
  if (networks !== undefined) return some(list(networks).map(network => inBlockText(peer.address, text(network))))

  const names = at(entry, 'domainNames')
  return names === undefined ? 'foreign' : some(list(names).map(name => isNamed(question, text(name))))
}

/**
 * Names may resolve to pods and nodes, too, though that is not recommended; then nobody knows which did.
 * Source: network-policy-api, NPEP-133, "Expected Behavior".
 */
const isNamed = ({ peer }: Question, pattern: string | undefined): Tri => {
  if (pattern === undefined || peer.kind !== 'address' || peer.resolvedFrom === undefined) return 'unknown'
  return tri(peer.resolvedFrom !== null && isDomainName(pattern, peer.resolvedFrom))
}
