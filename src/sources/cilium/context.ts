import type { Tri } from '../../model/profile.ts'
import type { Service } from '../../model/service.ts'

/** What other documents say that a Cilium policy leans on. Whoever puts a cluster together fills it. */
export interface CiliumContext {
  /** The `cluster-name` that Cilium gives the pods here; where no setting says it, the cluster's name in the estate. */
  readonly clusterName: string
  /** The data of ConfigMap `cilium-config`; null where it was not read. */
  readonly settings: ReadonlyMap<string, string> | null
  /** Major and minor. */
  readonly version: readonly [number, number] | null
  readonly cidrGroups: ReadonlyMap<string, CidrGroup>
  readonly services: readonly CiliumService[]
  /** Whether those groups and Services are all there are: read from a cluster or its snapshot, not from some files. */
  readonly complete: boolean
}

/** CiliumCIDRGroup. */
export interface CidrGroup {
  readonly labels: ReadonlyMap<string, string>
  readonly cidrs: readonly string[]
}

export type CiliumService = Pick<Service, 'ref' | 'namespace' | 'labels' | 'selector' | 'endpoints'>

/** Is it this version or a newer one? */
export const since = (context: CiliumContext, minor: number): Tri => {
  if (context.version === null) return 'unknown'
  const [major, ownMinor] = context.version
  return major > 1 || (major === 1 && ownMinor >= minor) ? 'yes' : 'no'
}

/** An on-off setting: an agent without a line for it takes its default. */
export const isOn = (context: CiliumContext, key: string, byDefault: boolean): Tri => {
  if (context.settings === null) return 'unknown'
  const value = context.settings.get(key)
  if (value === undefined || value === '') return byDefault ? 'yes' : 'no'
  return value === 'true' ? 'yes' : value === 'false' ? 'no' : 'unknown'
}
