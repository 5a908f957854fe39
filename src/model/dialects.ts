import type { Addresses } from '../sets/addresses.ts'
import type { Sourced } from './provenance.ts'
import type { Selector } from './rule.ts'
import type { LabelSelector } from './selector.ts'

/** What mesh documents say about the way out; products keep their names, meanings are shared. */
/** Istio EnvoyFilter: a patch of what the proxies do, as far as it touches what leaves. */
export interface ProxyPatch extends Sourced {
  readonly namespace: string
  readonly outbound: boolean
  /** It names the cluster to which unknown destinations go, or the one that swallows them. */
  readonly touchesUnknown: boolean
  /** Whose proxies; null: all of its namespace, or of the mesh in the root namespace. */
  readonly selector: LabelSelector | null
}

export interface MeshDocuments {
  readonly outboundScopes: readonly OutboundScope[]
  readonly externalHosts: readonly ExternalHosts[]
  readonly routes: readonly MeshRoute[]
  readonly gateways: readonly MeshGateway[]
  readonly tlsSettings: readonly TlsSettings[]
  readonly telemetries: readonly MeshTelemetry[]
  readonly patches: readonly ProxyPatch[]
  readonly egressNetworks: readonly EgressNetwork[]
  readonly egressRoutes: readonly EgressRoute[]
}

export type OutboundMode = 'registry-only' | 'allow-any'

/** Istio Sidecar: outbound mode for the pods of a namespace, or of a selector in it. */
export interface OutboundScope extends Sourced {
  readonly namespace: string
  readonly selector: LabelSelector | null
  /** null: the document leaves it to the mesh. */
  readonly mode: OutboundMode | null
  /** Which hosts the proxies know; null: the document leaves it open, and they know every exported one. */
  readonly imports: readonly HostImport[] | null
  /** Where ALLOW_ANY sends unknown traffic instead of where it wants to go. */
  readonly unknownGoesTo: string | null
}

/** `namespace/host` each, with `.` and `*`, and with `~` before the namespace of what is taken out; `port`: for that port alone. */
export interface HostImport {
  readonly hosts: readonly string[]
  readonly port: number | null
}

/** Istio ServiceEntry. */
export interface ExternalHosts extends Sourced {
  readonly namespace: string
  readonly hosts: readonly string[]
  readonly addresses: readonly string[]
  readonly resolution: string
  readonly external: boolean
  /** `*`: the whole mesh; `.`: its own namespace. */
  readonly exportTo: readonly string[]
  readonly ports: readonly HostPort[]
  readonly endpoints: readonly HostEndpoint[]
  /** Its endpoints are chosen by labels, among pods and machines. */
  readonly selectsEndpoints: boolean
}

export interface HostPort {
  readonly name: string | null
  readonly number: number | null
  readonly protocol: string | null
  readonly targetPort: number | null
}

export interface HostEndpoint {
  readonly address: string
  /** By the name of the port; a port without one is reached at its target or own number. */
  readonly ports: ReadonlyMap<string, number>
}

/** Istio VirtualService, as far as it sends mesh traffic to a gateway. */
export interface MeshRoute extends Sourced {
  readonly namespace: string
  readonly hosts: readonly string[]
  readonly gateways: readonly string[]
  readonly exportTo: readonly string[]
  readonly rules: readonly MeshRouteRule[]
}

/** One for each match of each route. */
export interface MeshRouteRule {
  readonly protocol: 'http' | 'tls' | 'tcp'
  readonly gateways: readonly string[]
  /** Non-empty: only these workloads take the route. */
  readonly sourceLabels: ReadonlyMap<string, string>
  readonly sourceNamespace: string | null
  readonly port: number | null
  /** Empty: whichever host the document names. */
  readonly sniHosts: readonly string[]
  /** It asks for more than the above: paths, headers, methods, subnets. */
  readonly isNarrower: boolean
  readonly destinations: readonly string[]
}

export interface MeshGateway extends Sourced {
  readonly namespace: string
  readonly selector: ReadonlyMap<string, string>
  /** Of all servers. */
  readonly hosts: readonly string[]
  readonly servers: readonly {
    readonly hosts: readonly string[]
    readonly port: number | null
    readonly tlsMode: string | null
  }[]
}

/** Linkerd EgressNetwork: what becomes of traffic outside that no route speaks of. */
export interface EgressNetwork extends Sourced {
  readonly namespace: string
  readonly policy: 'allow' | 'deny' | 'unknown'
  /** As written; null: everything outside the cluster’s own networks. */
  readonly networks: readonly { readonly cidr: string; readonly except: readonly string[] }[] | null
}

/** A route of the Gateway API whose parent is an egress network. */
export interface EgressRoute extends Sourced {
  readonly kind: 'http' | 'tls' | 'tcp'
  readonly parents: readonly { readonly namespace: string; readonly name: string; readonly port: number | null }[]
  /** Empty: any. */
  readonly hostnames: readonly string[]
}

/** Istio DestinationRule. */
export interface TlsSettings extends Sourced {
  readonly namespace: string
  readonly host: string
  readonly mode: string | null
  readonly insecureSkipVerify: boolean
}

/** Istio Telemetry. */
export interface MeshTelemetry extends Sourced {
  readonly namespace: string
  readonly selector: LabelSelector | null
  /** null: it says nothing about access logs. */
  readonly accessLogDisabled: boolean | null
  /** Only what matches is logged; null: everything that is logged at all. */
  readonly accessLogFilter: string | null
}

export interface CalicoSettings {
  readonly felix: readonly FelixSettings[]
  readonly pools: readonly AddressPool[]
  readonly hostEndpoints: readonly HostInterface[]
  readonly installation: (Sourced & { readonly dataplane: string | null; readonly cniType: string | null }) | null
  readonly tiers: ReadonlySet<string>
  readonly networkSets: readonly AddressList[]
}

/** HostEndpoint. */
export interface HostInterface extends Sourced {
  readonly node: string | null
  /** `*`: every interface of the node. */
  readonly interfaceName: string | null
  readonly profiles: readonly string[]
}

/** NetworkSet and GlobalNetworkSet: addresses as written. */
export interface AddressList extends Sourced {
  readonly nets: readonly string[]
}

/** FelixConfiguration: the settings that change egress, as written; absent ones are absent. */
export interface FelixSettings extends Sourced {
  /** `default`, or `node.NAME`. */
  readonly scope: string
  readonly settings: ReadonlyMap<string, string>
}

export interface AddressPool extends Sourced {
  readonly cidr: string
  readonly natOutgoing: boolean
  readonly encapsulation: string | null
}

/** A policy that routes selected pods' egress through a gateway node (it routes, it does not filter). */
export interface EgressGatewayPolicy extends Sourced {
  readonly product: 'cilium'
  readonly nodeSelectors: readonly LabelSelector[]
  readonly egressAddresses: readonly string[]
  /** As written. */
  readonly destinations: readonly string[]
  /** Whose packets it takes. */
  readonly subject: Selector
  /** Where they go: the destinations without the excluded ones. */
  readonly routes: Addresses
}
