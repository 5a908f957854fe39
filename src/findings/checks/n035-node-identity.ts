import { type Check, hit } from '../check.ts'

const POOL = 'cloud.google.com/gke-nodepool'
const METADATA_SERVER = 'iam.gke.io/gke-metadata-server-enabled'

export const nodeIdentity: Check = {
  id: 'PST-N035',
  title: 'Node that gives its own identity to every pod',
  severity: 'medium',
  why: 'Without GKE’s metadata server a pod that asks 169.254.169.254 receives the node’s own credentials, and with them whatever the node’s account may do in the project. Pod policy is the only thing left between a pod and that account.',
  remedy: 'Run the node pool with Workload Identity (`GKE_METADATA`).',
  references: ['https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity'],
  *run({ cluster }) {
    for (const node of cluster.nodes) {
      const pool = node.labels.get(POOL)
      if (pool === undefined || node.labels.get(METADATA_SERVER) === 'true') continue
      yield hit(
        node,
        `its pool \`${pool}\` runs no metadata server of GKE, so every pod on it may take the node’s account`,
        `set the metadata of pool \`${pool}\`, which \`${node.ref.name}\` belongs to, to \`GKE_METADATA\``,
        { at: ['metadata', 'labels'], witness: 'pod -> 169.254.169.254:80/TCP' },
      )
    }
  },
}
