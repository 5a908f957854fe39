import type { OutboundMode } from './dialects.ts'
import type { Sourced } from './provenance.ts'

/** Mesh-wide settings of one control plane revision. */
export interface MeshConfig extends Sourced {
  readonly product: 'istio' | 'linkerd'
  readonly revision: string | null
  readonly outbound: OutboundMode
  /** Path of the access log; null when none is kept by this setting. */
  readonly accessLog: string | null
  readonly dnsCapture: boolean
  /** Namespace whose Sidecar and Telemetry speak for the whole mesh. */
  readonly rootNamespace: string
}

/** Which destinations keep the pod's own address on the way out of the node, by a masquerade agent's settings. */
export interface MasqueradeConfig extends Sourced {
  readonly nonMasqueradeRanges: readonly string[]
  readonly masqueradeLinkLocal: boolean
}
