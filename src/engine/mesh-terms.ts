import type { Tri } from '../model/profile.ts'

/** How the two ends of a way between clusters see each other: whoever reads the clusters' settings fills it. */
export interface MeshTerms {
  readonly sender: MeshEnd
  readonly receiver: MeshEnd
  /** A key of pod labels that stands for the name of the pod's cluster. */
  readonly clusterLabel: string
}

export interface MeshEnd {
  /**
   * Whether policies here know the pods of the other cluster by their labels. `no`: to them those are addresses outside. Each
   * end by itself, since one may know the other without being known.
   */
  readonly knowsPods: Tri
  /** Which clusters a selector speaks of that names none, in dialects that have no word for clusters. */
  readonly scope: 'own' | 'every' | 'unknown'
  /** By which policies tell this cluster from others; null where it was not read. */
  readonly name: string | null
  /** Whether packets certainly leave the node with the pod's own address, by family. */
  readonly keepsAddress: { readonly 4: boolean; readonly 6: boolean }
}
