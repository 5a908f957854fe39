import type { ClusterInventory } from '../model/inventory.ts'

/** A cluster in a few words, the same in every output. Unknown is said, never left out. */

export const platformWords = ({ platform }: ClusterInventory): string => {
  const name = platform.distribution ?? platform.provider
  if (name === null) return 'platform unknown'
  return platform.version === null ? name : `${name} ${platform.version}`
}

export const networkWords = ({ dataplane }: ClusterInventory): string =>
  dataplane.cnis.length === 0
    ? 'network plugin unknown'
    : dataplane.cnis.map(cni => (cni.version === null ? cni.name : `${cni.name} ${cni.version}`)).join(' + ')

export const enforcementWords = ({ dataplane }: ClusterInventory): string =>
  dataplane.enforcesPolicy === null
    ? 'policy enforcement unknown'
    : dataplane.enforcesPolicy
      ? 'policy enforced'
      : 'policy not enforced'

export const clusterWords = (cluster: ClusterInventory): string =>
  [platformWords(cluster), networkWords(cluster), enforcementWords(cluster)].join(' · ')
