import type { Cluster } from '../model/cluster.ts'
import type { Platform } from '../model/inventory.ts'

/** Which cloud and distribution a cluster is, by its nodes' provider ids, labels and versions. */
export const platformOf = (cluster: Cluster): Platform => {
  const ids = cluster.nodes.flatMap(node => node.providerId ?? [])
  const labels = new Set(cluster.nodes.flatMap(node => [...node.labels.keys()]))
  const versions = cluster.nodes.flatMap(node => node.kubeletVersion ?? [])
  const labelled = (prefix: string): boolean => [...labels].some(label => label.startsWith(prefix))
  const provider: Platform['provider'] = ids.some(id => id.startsWith('aws:'))
    ? 'aws'
    : ids.some(id => id.startsWith('azure:'))
      ? 'azure'
      : ids.some(id => id.startsWith('gce:'))
        ? 'gcp'
        : ids.length > 0
          ? 'other'
          : null
  const distribution = labelled('node.openshift.io/')
    ? 'OpenShift'
    : labelled('eks.amazonaws.com/') || versions.some(version => version.includes('-eks-'))
      ? 'EKS'
      : labelled('kubernetes.azure.com/')
        ? 'AKS'
        : labelled('cloud.google.com/gke-') || versions.some(version => version.includes('-gke.'))
          ? 'GKE'
          : versions.some(version => version.includes('+k3s'))
            ? 'k3s'
            : versions.some(version => version.includes('+rke2'))
              ? 'RKE2'
              : ids.some(id => id.startsWith('kind:'))
                ? 'kind'
                : null
  return {
    provider,
    distribution,
    version: versions.sort()[0] ?? cluster.serverVersion,
    operatingSystems: [...new Set(cluster.nodes.flatMap(node => node.os ?? []))].sort(),
  }
}
