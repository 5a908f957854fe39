import type { Cluster } from '../model/cluster.ts'
import type { MeshConfig } from '../model/mesh.ts'
import type { Tri } from '../model/profile.ts'
import { meshConfigsOf, runsControlPlane } from './mesh.ts'

/** What istiod takes for the root where its settings name none, wherever it runs itself. */
export const DEFAULT_ROOT = 'istio-system'

/**
 * Whether the documents of a namespace speak for a whole mesh: what its settings name. The chart always writes a name, that of
 * the namespace which it is told to be Istio's; where somebody took it out and the control plane stands elsewhere, both that
 * place and the default may be meant, and of settings that cannot be read nobody can tell anything.
 * Source: istio/istio, pkg/config/mesh, `DefaultMeshConfig`; manifests/charts/istio-control/istio-discovery, configmap.yaml.
 */
export const isRootOf = ({ isRead, rootNamespace, ref }: MeshConfig, namespace: string): Tri => {
  if (!isRead) return 'unknown'
  if (rootNamespace !== null) return rootNamespace === namespace ? 'yes' : 'no'
  if (ref.namespace === DEFAULT_ROOT) return namespace === DEFAULT_ROOT ? 'yes' : 'no'
  return namespace === DEFAULT_ROOT || namespace === ref.namespace ? 'unknown' : 'no'
}

/** The same of any mesh of the cluster. Without settings it may be the default, and where a control plane runs. */
export const isRootNamespace = (cluster: Cluster, namespace: string): Tri => {
  const meshes = meshConfigsOf(cluster).filter(({ product }) => product === 'istio')
  if (meshes.length === 0) {
    const here = cluster.workloadsIn.get(namespace) ?? []
    return namespace === DEFAULT_ROOT || here.some(runsControlPlane) ? 'unknown' : 'no'
  }
  const answers = meshes.map(mesh => isRootOf(mesh, namespace))
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}
