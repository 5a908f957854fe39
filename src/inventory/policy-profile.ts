import type { Cluster } from '../model/cluster.ts'
import type { Profile, Tri } from '../model/profile.ts'
import { profileNamed } from '../profiles/profiles.ts'
import { ciliumConfig, ciliumSetting } from './cilium-config.ts'
import { dataplaneOf } from './dataplane.ts'

/**
 * The profile by which a cluster's policies are read: that of its network plugin with the settings that the estate shows, or
 * the one that was asked for, as it comes. Without any sign of a network plugin the specification is taken at its word.
 */
export const policyProfileOf = (cluster: Cluster, asked: Profile | null): Profile => {
  if (asked !== null) return asked
  const { profile: name, enforcesPolicy } = dataplaneOf(cluster)
  const profile = (name === 'unknown' ? null : profileNamed(name)) ?? specification()
  const settled = withCiliumSettings(profile, cluster)
  // A plugin that can enforce and is told not to, or whose switch the estate does not show.
  return enforcesPolicy === false && name !== 'unknown'
    ? { ...settled, dialects: { kubernetes: 'no', 'policy-api': 'no', cilium: 'no', calico: 'no', other: 'no' } }
    : settled
}

const specification = (): Profile => {
  const profile = profileNamed('specification')
  if (profile === null) throw new Error('the profile `specification` is missing')
  return profile
}

/** Source: docs.cilium.io, "Configuration", `policy-cidr-match-mode`, `enable-k8s-networkpolicy`. */
const withCiliumSettings = (profile: Profile, cluster: Cluster): Profile => {
  if (profile.dialects.cilium === 'no') return profile
  const modes = (ciliumSetting(cluster, 'policy-cidr-match-mode') ?? '').split(/[\s,]+/)
  const blocks = (dialect: 'kubernetes' | 'cilium') => ({
    pods: modes.includes('pods') ? ('yes' as const) : profile.blocks[dialect].pods,
    nodes: modes.includes('nodes') ? ('yes' as const) : profile.blocks[dialect].nodes,
  })
  return {
    ...profile,
    blocks: { ...profile.blocks, kubernetes: blocks('kubernetes'), cilium: blocks('cilium') },
    dialects:
      ciliumSetting(cluster, 'enable-k8s-networkpolicy') === 'false'
        ? { ...profile.dialects, kubernetes: 'no' }
        : profile.dialects,
  }
}

/** Source: docs.cilium.io, "Egress Gateway", `enable-egress-gateway`; `enable-ipv4-egress-gateway` before 1.18. */
export const egressGatewaysAreOn = (cluster: Cluster): Tri => {
  if (ciliumConfig(cluster) === null) return 'unknown'
  return ['enable-egress-gateway', 'enable-ipv4-egress-gateway'].some(key => ciliumSetting(cluster, key) === 'true')
    ? 'yes'
    : 'no'
}
