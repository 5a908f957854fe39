import type { Addresses } from '../sets/addresses.ts'
import type { AdmissionControl, RoleBinding } from './access.ts'
import type { Coverage, Diagnostic } from './coverage.ts'
import type { CalicoSettings, EgressGatewayPolicy, MeshDocuments } from './dialects.ts'
import type { ResolverConfig } from './dns.ts'
import type { ExceptionDocument } from './exception.ts'
import type { Fabric } from './fabric.ts'
import type { ObjectRef } from './identity.ts'
import type { IntentDocuments } from './intent.ts'
import type { MasqueradeConfig, MeshConfig } from './mesh.ts'
import type { NodeFacts } from './node-facts.ts'
import type { PlannedChange } from './plan.ts'
import type { Policy } from './policy.ts'
import type { DocumentPath, Sourced } from './provenance.ts'
import type { ForwardProxyConfig } from './proxy.ts'
import type { RulePolicy } from './rule.ts'
import type { Ingress, Service } from './service.ts'
import type { Standard } from './standard.ts'
import type { Pod, Workload } from './workload.ts'

export interface Namespace extends Sourced {
  /** False when objects live in it but its document was not read: its labels are then unknown, not absent. */
  readonly read: boolean
}

export interface Node extends Sourced {
  readonly providerId: string | null
  readonly internalAddresses: readonly string[]
  readonly externalAddresses: readonly string[]
  readonly podRanges: readonly string[]
  readonly taints: readonly { readonly key: string; readonly value: string | null; readonly effect: string }[]
  readonly os: string | null
  readonly kubeletVersion: string | null
  readonly kernelVersion: string | null
  readonly osImage: string | null
}

/** A ConfigMap read for its content; every other one is only counted. */
export interface ConfigMap extends Sourced {
  readonly data: ReadonlyMap<string, string>
}

/**
 * A field the author wrote and the API server dropped, known from the last-applied annotation. Where the drop left
 * a policy wider than written, `widens` says how.
 */
export interface PrunedField extends Sourced {
  readonly path: DocumentPath
  readonly widens: string | null
}

export interface PolicyNote extends Sourced {
  readonly at: DocumentPath
  readonly why: string
}

export interface FlowLogSetting extends Sourced {
  readonly product: 'gke-network-logging' | 'calico-goldmane'
  readonly logsAllowed: boolean
  readonly logsDenied: boolean
}

export interface Cluster {
  readonly name: string
  readonly serverVersion: string | null
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly nodes: readonly Node[]
  readonly workloads: readonly Workload[]
  /** The same, by namespace. */
  readonly workloadsIn: ReadonlyMap<string, readonly Workload[]>
  /** Pods that count: every pod stands in exactly one workload's `pods`, too. */
  readonly pods: readonly Pod[]
  readonly services: readonly Service[]
  readonly ingresses: readonly Ingress[]
  readonly policies: readonly Policy[]
  /** The same documents with their rules, a spec each. */
  readonly rulePolicies: readonly RulePolicy[]
  /** Places in policies that mean nothing, or not what they seem to. */
  readonly policyNotes: readonly PolicyNote[]
  /** The name by which policies tell this cluster from others of a mesh. */
  readonly policyClusterName: string
  readonly bindings: readonly RoleBinding[]
  readonly admission: readonly AdmissionControl[]
  readonly configMaps: ReadonlyMap<string, ConfigMap>
  readonly mesh: MeshDocuments
  readonly calico: CalicoSettings
  readonly meshConfigs: readonly MeshConfig[]
  readonly resolvers: readonly ResolverConfig[]
  readonly proxies: readonly ForwardProxyConfig[]
  readonly masquerade: readonly MasqueradeConfig[]
  /** Documents that switch a platform's own flow logs on or off. */
  readonly flowLogging: readonly FlowLogSetting[]
  readonly egressGateways: readonly EgressGatewayPolicy[]
  readonly pruned: readonly PrunedField[]
  /** Kinds of custom resources seen, `kind.group`, for what the inventory can only count. */
  readonly customKinds: ReadonlyMap<string, readonly ObjectRef[]>
  readonly nodeFacts: readonly NodeFacts[]
  /** Addresses of the networks that its nodes stand in, and of those beside them, as documents of networks show. */
  readonly around: { readonly network: Addresses; readonly peerNetwork: Addresses }
  /** Resources that could not be read here: what depends on them is unknown, not absent. */
  readonly unread: ReadonlySet<string>
}

export interface Estate {
  /** Sorted by name. */
  readonly clusters: readonly Cluster[]
  readonly exceptions: readonly ExceptionDocument[]
  /** Naming rules that this fleet set itself; null: the defaults. */
  readonly standard: Standard | null
  readonly intents: IntentDocuments
  /** What lies under the clusters; it belongs to none of them. */
  readonly fabric: Fabric
  /** What Terraform plans change; the fabric is the one that they make. */
  readonly planned: readonly PlannedChange[]
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}
