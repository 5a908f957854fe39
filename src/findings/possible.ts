import { type ClusterEngine, engineOf } from '../engine/cluster-engine.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import { egressGatewaysAreOn, policyProfileOf } from '../inventory/policy-profile.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Profile, Tri } from '../model/profile.ts'
import type { Addresses } from '../sets/addresses.ts'
import { NOTHING_GIVEN, type ZoneMap, zonesOf } from '../sets/zones.ts'

/** How the Possible is asked for. */
export interface PossibleOptions {
  /** null: the profile of each cluster's own network plugin. */
  readonly profile: Profile | null
  readonly compat: 'np-guard' | null
  /** Answers about the estate as it was: what has not changed since is not worked out again. */
  readonly before?: readonly Possible[]
  /** Keeps what the next answers may start from. */
  readonly keepsRows?: boolean
}

/** One cluster's engine with what only its inventory knows. */
export interface Possible {
  readonly engine: ClusterEngine
  readonly zones: ZoneMap
  /** Whether policies that route through gateway nodes are switched on. */
  readonly gatewaysAreOn: Tri
}

export const possibleOf = (cluster: Cluster, options: PossibleOptions): Possible => ({
  engine: engineOf(
    cluster,
    {
      profile: conventional(policyProfileOf(cluster, options.profile), options.compat),
      hostNetworkIsOrdinary: options.compat === 'np-guard',
      ownAddressesAreOutside: options.compat === 'np-guard',
      keepsRows: options.keepsRows ?? false,
    },
    options.before?.find(({ engine }) => engine.cluster.name === cluster.name)?.engine ?? null,
  ),
  zones: zonesOf({ ...NOTHING_GIVEN, ...cluster.around, resolver: resolversOf(cluster) }),
  gatewaysAreOn: egressGatewaysAreOn(cluster),
})

/** That tool takes blocks for addresses outside only, whatever the network plugin makes of them. */
const conventional = (profile: Profile, compat: PossibleOptions['compat']): Profile => {
  if (compat === null) return profile
  const outside = { pods: 'no', nodes: 'no' } as const
  return {
    ...profile,
    blocks: { kubernetes: outside, 'policy-api': outside, cilium: outside, calico: outside, other: outside },
  }
}

/**
 * Where names are asked besides the cluster's own Service: the addresses that a node-local cache binds, and the resolver that
 * Amazon puts on the link of every instance.
 * Source: docs.aws.amazon.com, "Amazon DNS server"; kubernetes.io, "Using NodeLocal DNSCache in Kubernetes clusters".
 */
export const resolversOf = (cluster: Cluster): Addresses =>
  addressesOfTexts([
    '169.254.169.253',
    'fd00:ec2::253',
    ...cluster.resolvers.flatMap(resolver => resolver.zones.flatMap(zone => zone.bind)),
  ])
