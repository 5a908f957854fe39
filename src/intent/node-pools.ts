import type { Node } from '../model/cluster.ts'

/** By which label nodes say what pool they are of, with who says so. A node that has several is of all of them. */
export const POOL_LABELS: readonly { readonly key: string; readonly source: string }[] = [
  { key: 'karpenter.sh/nodepool', source: 'kubernetes-sigs/karpenter, pkg/apis/v1, NodePoolLabelKey' },
  {
    key: 'karpenter.sh/provisioner-name',
    source: 'https://karpenter.sh/v0.32/upgrading/v1beta1-migration/, the key before NodePool',
  },
  {
    key: 'eks.amazonaws.com/nodegroup',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html',
  },
  {
    key: 'alpha.eksctl.io/nodegroup-name',
    source: 'eksctl-io/eksctl, pkg/apis/eksctl.io/v1alpha5, NodeGroupNameLabel',
  },
  { key: 'kubernetes.azure.com/agentpool', source: 'https://learn.microsoft.com/en-us/azure/aks/use-labels' },
  { key: 'agentpool', source: 'https://learn.microsoft.com/en-us/azure/aks/use-labels, the older key' },
  {
    key: 'cloud.google.com/gke-nodepool',
    source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/node-pools',
  },
  { key: 'kops.k8s.io/instancegroup', source: 'https://kops.sigs.k8s.io/instance_groups/' },
  {
    key: 'worker.gardener.cloud/pool',
    source: 'gardener/gardener, pkg/apis/core/v1beta1/constants, LabelWorkerPool',
  },
]

/**
 * Where nobody pools them, nodes have roles: kubeadm, k3s and OpenShift, whose pools are roles, tell them apart by the end of
 * this key. Source: kubernetes.io, "Well-Known Labels, Annotations and Taints", node-role.kubernetes.io.
 */
const ROLE = 'node-role.kubernetes.io/'

/** The names of the pools that a node is of, the one that it is told by first; empty where nothing says. */
export const poolsOf = ({ labels }: Pick<Node, 'labels'>): readonly string[] => {
  const pools = POOL_LABELS.flatMap(({ key }) => labels.get(key) || [])
  return [...new Set(pools.length > 0 ? pools : rolesOf(labels))]
}

const rolesOf = (labels: Node['labels']): readonly string[] =>
  [...labels.keys()].flatMap(key => (key.startsWith(ROLE) && key !== ROLE ? [key.slice(ROLE.length)] : [])).sort()
