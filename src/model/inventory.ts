import type { Coverage, Diagnostic } from './coverage.ts'

/**
 * What stands at the edge of each cluster, before anybody judges it.
 * Shape: `postern.dev/inventory/v1`, published as docs/reference/schemas/inventory.v1.json.
 * Everywhere: `id` is `cluster/namespace/Kind/name`; `null` means not known from this input, never "no".
 */
export interface Inventory {
  readonly schema: 'postern.dev/inventory/v1'
  /** Sorted by name. */
  readonly clusters: readonly ClusterInventory[]
  readonly fleet: FleetSummary
  readonly coverage: Coverage
  readonly diagnostics: readonly Diagnostic[]
}

export interface ClusterInventory {
  readonly cluster: string
  readonly platform: Platform
  readonly counts: {
    readonly namespaces: number
    readonly nodes: number
    readonly workloads: number
    readonly pods: number
    readonly services: number
    readonly policies: number
  }
  readonly services: readonly NodeSurfaceService[]
  readonly hostPorts: readonly HostPortEntry[]
  readonly hostPrivileged: readonly HostPrivilegedWorkload[]
  readonly dataplane: Dataplane
  readonly dns: DnsInventory
  readonly mesh: readonly MeshInventory[]
  readonly exits: readonly ExitPoint[]
  readonly tunnels: readonly Tunnel[]
  readonly secondaryNetworks: readonly { readonly id: string; readonly networks: readonly string[] }[]
  readonly nodesWithPublicAddress: readonly { readonly id: string; readonly addresses: readonly string[] }[]
  /** What nodes were asked and said; empty without node facts. */
  readonly nodeReports: readonly NodeReport[]
  readonly controls: Controls
  readonly identity: IdentityHygiene
}

export interface Platform {
  readonly provider: 'aws' | 'azure' | 'gcp' | 'openshift' | 'other' | null
  /** `EKS`, `AKS`, `GKE`, `kind`, …; null when nothing in the input says. */
  readonly distribution: string | null
  readonly version: string | null
  readonly operatingSystems: readonly string[]
}

export type ServiceExposure =
  | 'node-port'
  | 'load-balancer-public'
  | 'load-balancer-internal'
  | 'load-balancer-unknown'
  | 'external-ips'
  | 'external-name'
  | 'selector-less'

export interface NodeSurfaceService {
  readonly id: string
  readonly exposures: readonly ServiceExposure[]
  /** `443/TCP`, `30443->8080/TCP` with a node port in front. */
  readonly ports: readonly string[]
  readonly addresses: readonly string[]
  readonly sourceRanges: readonly string[]
  readonly externalTrafficPolicy: 'Cluster' | 'Local' | null
  readonly internalTrafficPolicy: 'Cluster' | 'Local' | null
  /** ExternalName target or hand-written endpoints. */
  readonly target: readonly string[]
  readonly workloads: readonly string[]
  /** Those of `workloads` whose own connections leave with the node's address and outside pod policy. */
  readonly leavesAsNode: readonly string[]
  /** What decided internal or public, in the object's own words. */
  readonly because: string | null
  /** Who reaches its node ports, as far as routes and filters of the network say; null: no document of the network shows the nodes. */
  readonly reachedFrom: readonly ReachedFrom[] | null
}

/** Packets from there find a way to a node. Policy of pods is not asked. */
export interface ReachedFrom {
  readonly from: 'internet' | 'on-premises' | 'network'
  /** Of the network, the gateway or the line. */
  readonly id: string | null
  /** The first of them, as text; `more` counts the rest. */
  readonly ranges: readonly string[]
  readonly more: number
  readonly verdict: 'allowed' | 'unknown'
  /** How many nodes they reach. */
  readonly nodes: number
  /** What they pass on the way. */
  readonly via: readonly string[]
}

export interface HostPortEntry {
  readonly id: string
  readonly port: number
  readonly protocol: string
  readonly hostIP: string | null
  readonly managed: boolean
  /** As of services. */
  readonly reachedFrom: readonly ReachedFrom[] | null
}

export interface HostPrivilegedWorkload {
  readonly id: string
  readonly owner: string | null
  /** A known add-on with the privileges it is known to need: listed, not a finding. */
  readonly managed: boolean
  /** Name of the add-on, when known. */
  readonly addOn: string | null
  readonly hostNetwork: boolean
  readonly hostPID: boolean
  readonly hostIPC: boolean
  readonly privileged: readonly string[]
  readonly capabilities: readonly { readonly container: string; readonly added: readonly string[] }[]
  readonly hostPaths: readonly { readonly path: string; readonly gives: string }[]
  readonly ephemeral: readonly string[]
  readonly hostProcess: boolean
  readonly pods: number
  readonly nodes: readonly string[]
  /** Ordinary workloads in its namespace, and on its nodes. */
  readonly sharesNamespaceWith: number
  /** null when no node was read. */
  readonly sharesNodesWith: number | null
  readonly exception: string | null
}

export interface Dataplane {
  /** Every network plugin seen, with what showed it. Two at once is a finding. */
  readonly cnis: readonly { readonly name: string; readonly version: string | null; readonly evidence: string }[]
  /** Profile that policy semantics follow; `unknown` when the input does not tell. */
  readonly profile: string
  readonly enforcesPolicy: boolean | null
  readonly kubeProxy: {
    readonly mode: string | null
    readonly replacedBy: string | null
    readonly evidence: string | null
  }
  readonly masquerade: readonly { readonly what: string; readonly evidence: string }[]
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[]
  /** Settings that change egress: name, value, where. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly object: string }[]
}

export interface DnsInventory {
  readonly resolvers: readonly { readonly id: string; readonly kind: string; readonly addresses: readonly string[] }[]
  readonly nodeLocal: { readonly id: string; readonly addresses: readonly string[] } | null
  readonly forwards: readonly {
    readonly zone: string
    readonly upstreams: readonly string[]
    readonly protocol: 'dns' | 'dns-tcp' | 'dot' | 'doh'
    readonly object: string
  }[]
  readonly queryLog: { readonly state: 'on' | 'partial' | 'off' | 'unknown'; readonly object: string | null }
  readonly custom: readonly {
    readonly id: string
    readonly dnsPolicy: string
    readonly nameservers: readonly string[]
    readonly why: string
  }[]
  /** Resolvers and encrypted-DNS clients that run inside user workloads. */
  readonly sidecars: readonly { readonly id: string; readonly container: string; readonly evidence: string }[]
}

export interface MeshInventory {
  readonly product: 'istio' | 'linkerd'
  readonly version: string | null
  readonly modes: readonly ('sidecar' | 'ambient')[]
  readonly outbound: 'registry-only' | 'allow-any' | 'unknown'
  readonly dnsCapture: boolean | null
  readonly accessLog: boolean | null
  readonly injectedNamespaces: readonly string[]
  readonly object: string | null
}

export interface ExitPoint {
  readonly id: string
  readonly kind: 'egress-gateway' | 'proxy' | 'mesh-egress-gateway'
  readonly product: string
  readonly addresses: readonly string[]
}

export interface Tunnel {
  readonly id: string
  readonly product: string
  /** `image`, `command`, `device`, `capability`. */
  readonly evidence: readonly string[]
}

export interface NodeReport {
  /** null when neither the output nor its place names the node. */
  readonly node: string | null
  /** `*:10250/TCP kubelet`: what answers from outside the node. */
  readonly listeners: readonly string[]
  readonly forwarding: { readonly ipv4: boolean | null; readonly ipv6: boolean | null }
  readonly tunnels: readonly string[]
  /** `10.244.0.0/16 leaves as the node (nft)`. */
  readonly sourceTranslation: readonly string[]
  /** Kinds of fact that were not given. */
  readonly missing: readonly string[]
}

export interface Controls {
  readonly namespaces: readonly {
    readonly namespace: string
    readonly workloads: number
    /** `full`: every pod of the namespace; `partial`: some; `none`. */
    readonly defaultDenyEgress: 'full' | 'partial' | 'none' | 'unknown'
    readonly policies: readonly string[]
    readonly podSecurity: {
      readonly enforce: string | null
      readonly audit: string | null
      readonly warn: string | null
    }
  }[]
  readonly admission: readonly {
    readonly id: string
    readonly engine: string
    readonly controls: readonly string[]
    readonly action: string
    readonly enforces: boolean | null
  }[]
  readonly access: readonly {
    readonly subject: string
    readonly can: string
    /** `*` for every namespace. */
    readonly namespace: string
    readonly via: string
  }[]
  readonly flowLogs: readonly {
    readonly source: string
    readonly state: 'on' | 'partial' | 'off' | 'unknown'
    readonly object: string | null
  }[]
}

export interface IdentityHygiene {
  readonly defaultServiceAccount: readonly string[]
  readonly withoutOwner: readonly string[]
  readonly withoutController: readonly string[]
  /** Workloads that no selector can tell from another: same namespace, labels and service account. */
  readonly indistinguishable: readonly { readonly ids: readonly string[]; readonly why: string }[]
  readonly namespacesWithoutLabels: readonly { readonly namespace: string; readonly missing: readonly string[] }[]
}

export interface FleetSummary {
  readonly clusters: number
  readonly nodes: number
  readonly workloads: number
  readonly pods: number
  readonly nodeSurfaceServices: number
  readonly hostPrivileged: number
  readonly publicLoadBalancers: number
  readonly namespacesWithoutDefaultDeny: number
}
