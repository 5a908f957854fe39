import type {
  AddressFamily,
  AddressPrefix,
  FactOrigin,
  FirewallChain,
  FlowCounters,
  NatEntry,
  NumberSpan,
  UnknownFact,
} from './node-firewall.ts'

/**
 * What a node says of itself: how packets leave it, as whom, and what listens on it. Read from saved command output.
 * Source: `ss`, `sysctl`, `ip`, `nft`, `iptables-save`, `conntrack`; see src/sources/node/support.md.
 * Unknown: a section that was not read is in `missing`, never an empty list alone.
 */
export interface NodeFacts {
  readonly cluster: string | null
  /** null when neither the output nor its place names the node. */
  readonly node: string | null
  readonly listeners: readonly Listener[]
  readonly sysctls: readonly Sysctl[]
  readonly interfaces: readonly NodeInterface[]
  readonly routes: readonly NodeRoute[]
  readonly rules: readonly RoutingRule[]
  readonly chains: readonly FirewallChain[]
  readonly nat: readonly NatEntry[]
  readonly connections: readonly Connection[]
  /** Kinds of fact for which no readable section was given. */
  readonly missing: readonly NodeFactKind[]
}

export const NODE_FACT_KINDS = [
  'listeners',
  'sysctls',
  'interfaces',
  'routes4',
  'routes6',
  'rules4',
  'rules6',
  'firewall',
  'connections',
] as const
export type NodeFactKind = (typeof NODE_FACT_KINDS)[number]

export interface Listener {
  /** `tcp`, `udp`, `sctp`, `raw`, `mptcp`, …; null where the output has no such column. */
  readonly protocol: string | null
  /** `LISTEN`, `UNCONN`. */
  readonly state: string
  /** Families it answers on: a wildcard IPv6 socket may answer both. */
  readonly families: readonly AddressFamily[]
  /** RFC 5952 text; null for the wildcard. */
  readonly address: string | null
  /** The interface it is bound to, or the zone of a link-local address. */
  readonly device: string | null
  /** null for `*`: every port. For raw sockets, the protocol number stands here. */
  readonly port: number | null
  readonly processes: readonly { readonly name: string; readonly pid: number | null }[]
  readonly origin: FactOrigin
}

export interface Sysctl {
  /** As printed: `net.ipv4.conf.eth0.rp_filter`. */
  readonly name: string
  /** The setting without its interface: `net.ipv4.conf.*.rp_filter`; equal to `name` where there is none. */
  readonly setting: string
  /** `all`, `default` or an interface name (with its dots); null for a setting without one. */
  readonly interface: string | null
  readonly value: string
  readonly origin: FactOrigin
}

export interface InterfaceAddress {
  readonly family: AddressFamily
  readonly address: string
  readonly length: number
  /** `global`, `link`, `host`. */
  readonly scope: string | null
  /** The other end of a point-to-point link. */
  readonly peer: string | null
}

export interface NodeInterface {
  readonly name: string
  readonly index: number | null
  readonly up: boolean
  readonly loopback: boolean
  readonly mtu: number | null
  /** `veth`, `bridge`, `vxlan`, `wireguard`, `ipip`, `tun`, …; null for hardware, or when the output has no details. */
  readonly kind: string | null
  readonly master: string | null
  /** The lower device, or the peer where it is in the same namespace. */
  readonly lower: string | null
  /** True when the peer is in another network namespace: a pod's end of a veth pair. */
  readonly peerElsewhere: boolean
  readonly tunnel: {
    readonly id: number | null
    readonly local: string | null
    /** The fixed far end; null when it is learnt or told per route. */
    readonly remote: string | null
    readonly port: number | null
  } | null
  readonly addresses: readonly InterfaceAddress[]
  readonly origin: FactOrigin
}

export interface NextHop {
  /** null: directly on the link. May be of the other family. */
  readonly gateway: { readonly family: AddressFamily; readonly address: string } | null
  readonly device: string | null
  readonly weight: number
  /** `onlink`, `dead`, `linkdown`, … */
  readonly flags: readonly string[]
}

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat'

export interface NodeRoute {
  readonly family: AddressFamily
  readonly type: RouteType | UnknownFact
  readonly table: string
  readonly destination: AddressPrefix
  /** Source-specific routes (IPv6). */
  readonly source: AddressPrefix | null
  /** More than one for a multipath route; empty for a route that ends here. */
  readonly nextHops: readonly NextHop[]
  readonly preferredSource: string | null
  readonly metric: number | null
  readonly protocol: string | null
  readonly scope: string | null
  readonly tos: string | null
  /** Members that decide where a packet goes and have no neutral word here (an encapsulation). */
  readonly unknown: readonly UnknownFact[]
  readonly origin: FactOrigin
}

export type RoutingAction =
  | { readonly kind: 'lookup'; readonly table: string }
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'blackhole' | 'unreachable' | 'prohibit' }
  /** The table of the virtual routing domain that the interface belongs to. */
  | { readonly kind: 'interfaceDomain' }
  | UnknownFact

export interface RoutingRule {
  /** null where the output does not tell. */
  readonly family: AddressFamily | null
  readonly priority: number
  /** `not`: the selectors as a whole are inverted. */
  readonly negated: boolean
  readonly source: AddressPrefix | null
  readonly destination: AddressPrefix | null
  readonly inputInterface: string | null
  readonly outputInterface: string | null
  readonly mark: { readonly value: number; readonly mask: number } | null
  readonly tos: string | null
  readonly protocol: string | null
  readonly sourcePorts: NumberSpan | null
  readonly destinationPorts: NumberSpan | null
  readonly users: NumberSpan | null
  readonly action: RoutingAction
  /** Routes of a prefix length at most this are not taken from the table; null: all are. */
  readonly suppressPrefixLength: number | null
  readonly unknown: readonly UnknownFact[]
  readonly origin: FactOrigin
}

/** One direction of a tracked flow, as the packets look in that direction. */
export interface FlowTuple {
  readonly source: string
  readonly destination: string
  /** null for protocols without ports. */
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  readonly icmp: { readonly type: number; readonly code: number; readonly id: number | null } | null
}

/**
 * A flow that the node tracks. Translation shows as a difference: `reply` is `original` with the ends exchanged unless
 * the source (`reply.destination` differs from `original.source`) or the destination (`reply.source` differs from
 * `original.destination`) was translated.
 */
export interface Connection {
  readonly family: AddressFamily
  /** IANA number. */
  readonly protocol: number
  /** `ESTABLISHED`, `SYN_SENT`, …; null for protocols without states. */
  readonly state: string | null
  readonly original: FlowTuple
  readonly reply: FlowTuple
  /** A packet was seen in the reply direction. */
  readonly replied: boolean
  readonly assured: boolean
  readonly offloaded: boolean
  /** null unless the kernel counts. */
  readonly originalCounters: FlowCounters | null
  readonly replyCounters: FlowCounters | null
  readonly timeoutSeconds: number | null
  readonly mark: number | null
  readonly zone: number | null
  readonly id: number | null
  /** null in a table; in a stream of events the same flow stands once per event. */
  readonly event: 'new' | 'update' | 'destroy' | null
  /** Unix time of the event in seconds. */
  readonly time: number | null
  readonly origin: FactOrigin
}

export const isSourceTranslated = (flow: Connection): boolean => flow.reply.destination !== flow.original.source
export const isDestinationTranslated = (flow: Connection): boolean => flow.reply.source !== flow.original.destination
