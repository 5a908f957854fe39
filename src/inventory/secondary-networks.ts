import type { Workload } from '../model/workload.ts'

/**
 * Networks that a pod joins besides the cluster's own; no pod policy sees their traffic.
 * Source: the Kubernetes Network Custom Resource Definition De-facto Standard, annotation k8s.v1.cni.cncf.io/networks;
 * GKE multi-network, annotation networking.gke.io/interfaces.
 */
export const secondaryNetworksOf = (workload: Workload): readonly string[] => {
  const multus = workload.shape.annotations.get('k8s.v1.cni.cncf.io/networks') ?? ''
  const gke = workload.shape.annotations.get('networking.gke.io/interfaces') ?? ''
  const named = [...multus.matchAll(/"name"\s*:\s*"([^"]+)"/g)].map(match => match[1] ?? '')
  const short = multus.trim().startsWith('[') ? named : multus.split(',').map(name => name.trim().replace(/@.*$/, ''))
  const gkeNames = [...gke.matchAll(/"network"\s*:\s*"([^"]+)"/g)]
    .map(match => match[1] ?? '')
    .filter(name => name !== 'default')
  return [...new Set([...short, ...gkeNames].filter(name => name !== ''))]
}
