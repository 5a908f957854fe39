import type { Cluster } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import type { Environment } from '../model/intent.ts'
import type { Profile, Tri } from '../model/profile.ts'
import { profileNamed } from '../profiles/profiles.ts'
import { isSystemNamespace } from './add-ons.ts'
import { ciliumConfig } from './cilium-config.ts'
import { cnisOf } from './cni.ts'

/**
 * What a cluster's documents show of its part in a mesh of clusters. Which clusters it is connected to stands in a Secret, and
 * Secrets are never read. Only Cilium has such meshes among the plugins that are known here.
 */
export interface MeshMember {
  /** Its name in the estate. */
  readonly cluster: string
  /** Whether it runs Cilium; `unknown`: no document shows a network plugin. */
  readonly runsCilium: Tri
  /** `cluster-id`; null where the settings were not read. */
  readonly id: string | null
  /** `cluster-name`; null where the settings were not read. */
  readonly name: string | null
  /** Names of clusters that it is told to connect to, as far as documents that can be read show it. */
  readonly connects: ReadonlySet<string>
  /** What a selector means that names no cluster. */
  readonly scope: 'own' | 'every' | 'unknown'
  readonly keepsAddress: { readonly 4: boolean; readonly 6: boolean }
}

/** The label of a pod by which policies know its cluster. Source: pkg/k8s/apis/cilium.io, PolicyLabelCluster. */
export const CLUSTER_LABEL = 'io.cilium.k8s.policy.cluster'

export const meshMemberOf = (cluster: Cluster, profile: Profile): MeshMember => {
  const settings = ciliumConfig(cluster)?.data ?? null
  return {
    cluster: cluster.name,
    runsCilium: runsCilium(cluster, profile),
    id: settings === null ? null : (settings.get('cluster-id') ?? ''),
    name: settings?.get('cluster-name') || null,
    connects: connectionsOf(cluster),
    scope: scopeOf(cluster, settings),
    keepsAddress: {
      4: settings?.get('enable-ipv4-masquerade') === 'false',
      6: settings?.get('enable-ipv6-masquerade') === 'false',
    },
  }
}

/**
 * By what the plugin can do: one that is told to enforce nothing tells its pods' labels to others all the same. The
 * specifications alone stand for a plugin that nobody knows; policies of Cilium's own are there to be enforced.
 */
const runsCilium = (cluster: Cluster, { id, dialects }: Profile): Tri => {
  const takes = profileNamed(id)?.dialects.cilium ?? dialects.cilium
  if (takes === 'no') return 'no'
  const isKnown = takes === 'yes' && id !== 'specification'
  const hasSigns = ciliumConfig(cluster) !== null || cluster.rulePolicies.some(({ dialect }) => dialect === 'cilium')
  return isKnown || hasSigns ? 'yes' : 'unknown'
}

/**
 * The chart pins the other clusters' names to addresses on the agents, since 1.16 mostly on the API server of the mesh, from
 * the same values as the Secret. Without addresses in the values, and from 1.21 on, nothing is pinned.
 * Source: install/kubernetes/cilium, cilium-agent/daemonset.yaml and clustermesh-apiserver/deployment.yaml, `hostAliases`.
 */
const connectionsOf = ({ workloads }: Cluster): ReadonlySet<string> =>
  new Set(
    workloads
      .filter(
        ({ ref, namespace }) =>
          isSystemNamespace(namespace) &&
          ['DaemonSet/cilium', 'Deployment/clustermesh-apiserver'].includes(`${ref.kind}/${ref.name}`),
      )
      .flatMap(({ shape }) => shape.hostAliases.flatMap(({ hostnames }) => hostnames))
      .flatMap(name => (name.endsWith(DOMAIN) ? [name.slice(0, -DOMAIN.length)] : [])),
  )

const DOMAIN = '.mesh.cilium.io'

/** Source: docs.cilium.io, Upgrade Guide, "Preparing for a policy-default-local-cluster change": from 1.19 on the own one. */
const scopeOf = (cluster: Cluster, settings: ReadonlyMap<string, string> | null): MeshMember['scope'] => {
  const version = cnisOf(cluster).find(({ name }) => name === 'cilium')?.version ?? ''
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  const since = (wanted: number): Tri =>
    major === undefined ? 'unknown' : Number(major) > 1 || Number(minor) >= wanted ? 'yes' : 'no'
  if (since(18) === 'no') return 'every'
  if (settings === null) return 'unknown'
  switch (settings.get('policy-default-local-cluster') ?? '') {
    case 'true':
      return 'own'
    case 'false':
      return 'every'
    case '':
      return since(19) === 'unknown' ? 'unknown' : since(19) === 'yes' ? 'own' : 'every'
    default:
      return 'unknown'
  }
}

/** Whether the agents of one cluster know the pods of another. */
export interface Membership {
  readonly knows: Tri
  /** The settings of both were read, or somebody declares it, and there is room for a mesh. */
  readonly isSettled: boolean
}

/** Clusters, by their names in the estate, that somebody declares to share a mesh. */
export type DeclaredMesh = (one: string, other: string) => boolean

/** Documents that are not well-formed declare nothing. */
export const declaredMeshOf = (environments: readonly Environment[]): DeclaredMesh => {
  const meshes = environments.filter(({ faults }) => faults.length === 0).flatMap(environment => environment.meshes)
  return (one, other) =>
    meshes.some(members => [one, other].every(name => members.some(member => globMatches(member, name))))
}

/**
 * Agents that have no id of their own, or the name or id of the other cluster, connect to nobody.
 * Source: docs.cilium.io, "Setting up Cluster Mesh", "Specify the Cluster Name and ID"; pkg/clustermesh/types,
 * ClusterInfo.ValidateStrict.
 */
export const membershipOf = (one: MeshMember, other: MeshMember, declared: DeclaredMesh): Membership => {
  const members = [one, other]
  const isRuledOut =
    members.some(({ runsCilium: runs, id }) => runs === 'no' || id === '' || (id !== null && /^0+$/.test(id))) ||
    members.every(({ runsCilium: runs }) => runs === 'unknown') ||
    (one.id !== null && one.id === other.id) ||
    (one.name !== null && one.name === other.name)
  if (isRuledOut) return { knows: 'no', isSettled: false }
  const isDeclared = declared(one.cluster, other.cluster)
  const isShown = isDeclared || (other.name !== null && one.connects.has(other.name))
  return { knows: isShown ? 'yes' : 'unknown', isSettled: isDeclared || (one.id !== null && other.id !== null) }
}
