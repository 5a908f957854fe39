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
  const settled = withCalicoVersion(withCiliumSettings(profile, cluster), cluster)
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

/**
 * Calico reads AdminNetworkPolicy from 3.29 to 3.31 and ClusterNetworkPolicy from 3.32 on. The dialect is one: where an estate
 * holds kinds of which one counts and another does not, that stays open.
 * Source: projectcalico/calico issue 10745 and release notes of 3.29 and 3.32.
 */
const withCalicoVersion = (profile: Profile, cluster: Cluster): Profile => {
  if (profile.dialects.calico !== 'yes' || profile.dialects['policy-api'] !== 'unknown') return profile
  const minor = calicoMinor(cluster)
  const kinds = new Set(
    cluster.rulePolicies.flatMap(({ dialect, ref }) => (dialect === 'policy-api' ? [ref.kind] : [])),
  )
  if (minor === null || kinds.size === 0) return profile
  const answers = new Set([...kinds].map(kind => readsKind(kind, minor)))
  const [only, ...more] = answers
  return only === undefined || more.length > 0
    ? profile
    : { ...profile, dialects: { ...profile.dialects, 'policy-api': only } }
}

const readsKind = (kind: string, minor: number): Tri => {
  if (kind === 'ClusterNetworkPolicy') return minor >= 32 ? 'yes' : 'no'
  if (minor >= 32 || minor < 29) return 'no'
  // Which of these versions reads the baseline kind was not looked up.
  return kind === 'AdminNetworkPolicy' ? 'yes' : 'unknown'
}

const calicoMinor = (cluster: Cluster): number | null => {
  const version = dataplaneOf(cluster).cnis.find(({ name }) => name === 'calico')?.version ?? ''
  const [, minor] = /^v?3\.(\d+)(?:\.|$|-)/.exec(version) ?? []
  return minor === undefined ? null : Number(minor)
}

/** Source: docs.cilium.io, "Egress Gateway", `enable-egress-gateway`; `enable-ipv4-egress-gateway` before 1.18. */
export const egressGatewaysAreOn = (cluster: Cluster): Tri => {
  if (ciliumConfig(cluster) === null) return 'unknown'
  return ['enable-egress-gateway', 'enable-ipv4-egress-gateway'].some(key => ciliumSetting(cluster, key) === 'true')
    ? 'yes'
    : 'no'
}
