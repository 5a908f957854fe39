/**
 * A fleet's own naming rules, from a `Standard` document; the defaults are what Kubernetes itself recommends
 * (`app.kubernetes.io/…`) and what most fleets use for ownership.
 */
export interface Standard {
  readonly ownerLabels: readonly string[]
  readonly ownerAnnotations: readonly string[]
  /** Namespace → owner, for namespaces that carry neither. */
  readonly ownerOfNamespace: ReadonlyMap<string, string>
  /** Every user namespace must carry these labels. */
  readonly namespaceLabels: readonly string[]
  /** Every user workload must carry these labels. */
  readonly workloadLabels: readonly string[]
  /** Globs, one of which every user namespace must match; empty: any name. */
  readonly namespaceNames: readonly string[]
  /** Likewise for the service accounts that user workloads run as. */
  readonly serviceAccountNames: readonly string[]
}

export const DEFAULT_STANDARD: Standard = {
  ownerLabels: ['postern.dev/owner', 'owner', 'team', 'app.kubernetes.io/owner', 'app.kubernetes.io/team'],
  ownerAnnotations: ['postern.dev/owner', 'owner', 'team', 'contact'],
  ownerOfNamespace: new Map(),
  namespaceLabels: [],
  workloadLabels: [],
  namespaceNames: [],
  serviceAccountNames: [],
}
