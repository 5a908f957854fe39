import type { Addresses } from '../sets/addresses.ts'
import type { NamePattern } from '../sets/name-pattern.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { OutboundMode } from './dialects.ts'
import type { Hop } from './finding.ts'
import type { DocumentPath, Sourced } from './provenance.ts'
import type { Doubt } from './rule.ts'

/** Mesh-wide settings of one control plane revision. */
export interface MeshConfig extends Sourced {
  readonly product: 'istio' | 'linkerd'
  readonly revision: string | null
  readonly outbound: OutboundMode
  /** Path of the access log; null when none is kept by this setting. */
  readonly accessLog: string | null
  readonly dnsCapture: boolean
  /** Proxies listen, and traffic is captured, in both families. */
  readonly dualStack: boolean
  /** To whom Services and entries are known that do not say so themselves; empty: everybody. */
  readonly exportTo: readonly string[]
  /** The settings could be read; else what they say is a default and nothing else. */
  readonly isRead: boolean
  /** Namespace whose Sidecar and Telemetry speak for the whole mesh; null: they name none, or could not be read. */
  readonly rootNamespace: string | null
}

/** Which destinations keep the pod's own address on the way out of the node, by a masquerade agent's settings. */
export interface MasqueradeConfig extends Sourced {
  readonly nonMasqueradeRanges: readonly string[]
  readonly masqueradeLinkLocal: boolean
}

/**
 * What a proxy of a mesh makes of what one workload sends, in no product’s words. TCP is captured, but for the gaps; what is
 * captured and not known is refused, passed or open. None of it is enforced: the proxy stands beside the workload.
 */
export interface MeshView {
  /** Equal keys, equal views. */
  readonly key: string
  readonly otherwise: 'refused' | 'passed' | 'unknown'
  readonly gaps: readonly MeshGap[]
  readonly grants: readonly MeshGrant[]
  /** Hosts that the proxy sends through a gateway of the mesh. */
  readonly detours: readonly MeshDetour[]
  /** Why it is as it is otherwise. */
  readonly because: readonly MeshReason[]
  /** Why `unknown`, and what makes gaps and grants uncertain that give no reason of their own. */
  readonly doubts: readonly Doubt[]
  /** Ways past the proxy that this workload has. */
  readonly around: readonly MeshReason[]
}

/** What is not captured. */
export interface MeshGap {
  readonly addresses: Addresses
  readonly traffic: Traffic
  /** null: certainly. */
  readonly doubt: Doubt | null
  readonly because: MeshReason
}

/** What is passed on. */
export interface MeshGrant {
  readonly addresses: Addresses
  readonly traffic: Traffic
  /**
   * `certainly`: any connection there. `if-named`: if it says one of the names, wherever it goes: the sender writes that
   * itself. `resolved`: only to the addresses of the names, which no document says. `by-version`: some versions of the proxy
   * pass it on, and others to another port.
   */
  readonly holds: 'certainly' | 'if-named' | 'resolved' | 'by-version'
  /** null: names have no part in it, or are not known. */
  readonly names: readonly NamePattern[] | null
  readonly because: MeshReason
}

export interface MeshDetour {
  readonly names: readonly NamePattern[]
  readonly traffic: Traffic
  readonly through: Hop
  readonly because: readonly MeshReason[]
}

/** `of` null: no document says so, the product does. */
export interface MeshReason {
  readonly of: Sourced | null
  readonly at: DocumentPath
  readonly says: string
}
