import type { Cluster } from '../model/cluster.ts'
import type { EgressNetwork, EgressRoute } from '../model/dialects.ts'
import type { MeshGrant, MeshReason } from '../model/mesh.ts'
import type { Doubt } from '../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../sets/cidr.ts'
import { TCP } from '../sets/protocol.ts'
import { portsTraffic } from './listening.ts'
import { ANYWHERE, EVERY_TCP, NOWHERE, patternsOf, rangesOf } from './mesh-boxes.ts'

/** What Linkerd’s proxies of a namespace do with what no Service is. */
export interface EgressNetworkView {
  /** Refused unless a grant speaks of it; everything else passes. */
  readonly grants: readonly MeshGrant[]
  readonly refuses: boolean
  readonly because: readonly MeshReason[]
  readonly doubts: readonly Doubt[]
}

/**
 * Networks of the namespace alone count, else those of the global egress namespace; of those that hold an address the smallest
 * block. Denied is what no route of the network speaks of; routes for HTTP and TLS go by the name that the sender writes.
 * Source: linkerd.io reference, "EgressNetwork"; linkerd/linkerd2, policy-controller, `resolve_egress_network`.
 */
export const egressNetworkView = (cluster: Cluster, namespace: string): EgressNetworkView => {
  const { egressNetworks, egressRoutes } = cluster.mesh
  if (egressNetworks.length === 0) {
    const unread = (cluster.customKinds.get('EgressNetwork.policy.linkerd.io') ?? []).some(
      ref => ref.namespace === namespace || ref.namespace === GLOBAL,
    )
    return { grants: [], refuses: false, because: [], doubts: unread ? [UNREAD] : [] }
  }
  const own = egressNetworks.filter(network => network.namespace === namespace)
  const networks = own.length > 0 ? own : egressNetworks.filter(network => network.namespace === GLOBAL)
  const blocks = networks.flatMap(blocksOf).sort((a, b) => b.prefix - a.prefix)
  let taken = NOWHERE
  const grants: MeshGrant[] = []
  const because: MeshReason[] = []
  const doubts: Doubt[] = []
  for (const size of new Set(blocks.map(({ prefix }) => prefix))) {
    const alike = blocks.filter(({ prefix }) => prefix === size)
    for (const { network, addresses } of alike) {
      const rest = bothFamilies.subtract(addresses, taken)
      if (bothFamilies.isEmpty(rest)) continue
      const rivals = alike.filter(
        other => other.network !== network && !bothFamilies.isEmpty(bothFamilies.intersect(other.addresses, rest)),
      )
      const isOpen = network.policy === 'unknown' || rivals.some(other => other.network.policy !== network.policy)
      if (isOpen) {
        doubts.push(RIVALS)
        grants.push(grantOf(network, rest, 'resolved', 'several networks of one size hold it'))
      } else if (network.policy === 'allow') grants.push(grantOf(network, rest, 'certainly', 'lets traffic out'))
      else {
        because.push({
          of: network,
          at: ['spec', 'trafficPolicy'],
          says: 'refuses what no route of it speaks of (Deny)',
        })
        grants.push(...routeGrants(network, rest, egressRoutes))
      }
    }
    taken = alike.map(({ addresses }) => addresses).reduce(bothFamilies.union, taken)
  }
  const rest = bothFamilies.complement(taken)
  if (!bothFamilies.isEmpty(rest))
    grants.push({
      addresses: rest,
      traffic: EVERY_TCP,
      // Inside the cluster’s own networks nothing is refused, and which those are is a setting.
      holds: networks.some(network => network.networks === null) ? 'resolved' : 'certainly',
      names: null,
      because: { of: null, at: [], says: 'no egress network holds it' },
    })
  return { grants, refuses: because.length > 0, because: [...new Set(because)], doubts }
}

interface Block {
  readonly network: EgressNetwork
  readonly prefix: number
  readonly addresses: Addresses
}

const blocksOf = (network: EgressNetwork): readonly Block[] => {
  const networks = network.networks ?? [
    { cidr: '0.0.0.0/0', except: CLUSTER_NETWORKS.filter(text => !text.includes(':')) },
    { cidr: '::/0', except: CLUSTER_NETWORKS.filter(text => text.includes(':')) },
  ]
  return networks.map(({ cidr, except }): Block => {
    const read = readCidr(cidr)
    const away = rangesOf(except.map(text => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)))
    if (read.kind === 'refused' || away === null)
      return { network: { ...network, policy: 'unknown' }, prefix: 0, addresses: ANYWHERE }
    const block: AnyCidr = read.value
    return { network, prefix: block.prefix, addresses: bothFamilies.subtract(addressesOfCidrs([block]), away) }
  })
}

/** Of the chart, `clusterNetworks`. */
const CLUSTER_NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8']
/** Of the chart, `egress.globalEgressNetworkNamespace`. */
const GLOBAL = 'linkerd-egress'

const routeGrants = (
  network: EgressNetwork,
  addresses: Addresses,
  routes: readonly EgressRoute[],
): readonly MeshGrant[] =>
  routes.flatMap(route =>
    route.parents
      .filter(parent => parent.namespace === network.namespace && parent.name === network.ref.name)
      .map((parent): MeshGrant => {
        const names = patternsOf(route.hostnames)
        const isFree = route.kind === 'tcp' || names.length === 0
        return {
          addresses,
          traffic: parent.port === null ? EVERY_TCP : portsTraffic(TCP, [parent.port]),
          holds: route.kind === 'tcp' ? 'certainly' : 'if-named',
          names: isFree ? null : names,
          because: {
            of: route,
            at: ['spec'],
            says: isFree ? 'lets this port out' : `trusts ${route.hostnames.join(', ')} as the sender writes it`,
          },
        }
      }),
  )

const grantOf = (of: EgressNetwork, addresses: Addresses, holds: MeshGrant['holds'], says: string): MeshGrant => ({
  addresses,
  traffic: EVERY_TCP,
  holds,
  names: null,
  because: { of, at: ['spec'], says },
})

const UNREAD: Doubt = {
  level: 'unknown',
  why: 'egress networks of Linkerd are there, and they are not read',
  settledBy: 'what the EgressNetwork and its routes say',
}
const RIVALS: Doubt = {
  level: 'unknown',
  why: 'egress networks of one size hold the same addresses and do not agree: the older one counts',
  settledBy: 'networks that do not overlap',
}
