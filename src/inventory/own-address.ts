import type { Cluster } from '../model/cluster.ts'
import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import { readCidr } from '../sets/cidr.ts'
import { envOf, workloadNamed } from './dataplane.ts'

/**
 * Where packets of pods that have addresses of the network itself keep them: everywhere, or (`inside`) in the ranges of the network
 * and in some more, and elsewhere IPv4 gets the first address of their node.
 */
export type OwnAddress = { readonly kind: 'kept' } | { readonly kind: 'inside'; readonly more: Addresses }

/**
 * As Amazon's network plugin is set; null: it is not there, or its settings cannot be read.
 * Source: aws/amazon-vpc-cni-k8s, README, `AWS_VPC_K8S_CNI_EXTERNALSNAT` (default `false`) and `AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS`.
 */
export const ownAddressOf = (cluster: Cluster): OwnAddress | null => {
  const settings = settingsOf(cluster)
  if (settings === null) return null
  const external = settings(EXTERNAL, 'false')
  if (external === 'true') return { kind: 'kept' }
  if (external !== 'false') return null
  const excluded = settings(EXCLUDED, '')
  if (excluded === undefined) return null
  const read = excluded.split(',').flatMap(text => (text.trim() === '' ? [] : [readCidr(text.trim())]))
  const blocks = read.flatMap(one => (one.kind === 'read' ? [one.value] : []))
  return blocks.length < read.length ? null : { kind: 'inside', more: addressesOfCidrs(blocks) }
}

/**
 * Whether pods with an interface of their own keep its address everywhere; null: nobody says so. Filters of such an interface could not
 * hold what leaves as the node. Source: Amazon EKS User Guide, “Security groups for Pods”, `POD_SECURITY_GROUP_ENFORCING_MODE`: `strict`,
 * the default, sends nothing by the node’s address; `standard` does as for other pods.
 */
export const keepsInterfaceAddress = (cluster: Cluster): boolean | null => {
  const mode = settingsOf(cluster)?.('POD_SECURITY_GROUP_ENFORCING_MODE', 'strict')
  return mode === 'strict' ? true : mode === 'standard' ? false : null
}

/** Values of the plugin’s variables, with their defaults; undefined: one that cannot be read. */
const settingsOf = (cluster: Cluster): ((name: string, preset: string) => string | undefined) | null => {
  const plugin = workloadNamed(cluster, 'aws-node')
  if (plugin === undefined || plugin.shape.containers.some(({ envFrom }) => envFrom.length > 0)) return null
  const { containers } = plugin.shape
  const names = new Set(containers.flatMap(({ env }) => env.map(({ name }) => name)))
  return (name, preset) => (names.has(name) ? envOf(containers, name) : preset)
}

const EXTERNAL = 'AWS_VPC_K8S_CNI_EXTERNALSNAT'
const EXCLUDED = 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS'
