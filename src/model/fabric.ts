import type { Addresses } from '../sets/addresses.ts'
import type { AnyAddress, AnyCidr, Family } from '../sets/cidr.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { DocumentPath, Origin } from './provenance.ts'
import type { Doubt } from './rule.ts'

/**
 * What lies under the clusters: networks with their subnets, tables of routes, filters, gateways, and the interfaces that packets
 * leave by. No vendor's word stands here but in ids (`aws:subnet/subnet-0a1`), which are never read for their meaning.
 */
export interface Fabric {
  /** All sorted by id. An object that is named and was not read is in none of the lists. */
  readonly networks: readonly Network[]
  readonly subnets: readonly Subnet[]
  readonly tables: readonly RouteTable[]
  readonly filters: readonly Filter[]
  readonly gateways: readonly Gateway[]
  readonly peerings: readonly Peering[]
  readonly interfaces: readonly NetworkInterface[]
  readonly attachments: readonly Attachment[]
  readonly hubTables: readonly HubTable[]
  readonly machines: readonly Machine[]
  readonly managed: readonly ManagedWorkload[]
  /** null: no document of them was read, or one that was cut. */
  readonly flowLogs: readonly FlowLog[] | null
  readonly exclusions: readonly Exclusion[]
  /** null: as of flow logs. */
  readonly endpoints: readonly Endpoint[] | null
  readonly hubDefaults: readonly HubDefaults[]
  /** Filters that the platform gives to whoever names no other, by id. */
  readonly defaultFilters: ReadonlySet<string>
  /** By object. Those that have none are not there. */
  readonly tags: ReadonlyMap<string, Tags>
}

export type Tags = ReadonlyMap<string, string>

/** One object of a cloud, with its place in a document. */
export interface CloudObject {
  readonly id: string
  /** As its owner calls it; null where nobody does. */
  readonly name: string | null
  readonly account: string | null
  readonly region: string | null
  readonly origin: Origin
  /** Steps into the document down to the object. */
  readonly at: DocumentPath
}

export interface Network extends CloudObject {
  readonly ranges: readonly AnyCidr[]
  /** Addresses of the provider that every interface reaches, whatever filters and routes say: resolver, metadata, time. */
  readonly ownServices: Addresses
  /** The table of subnets that name none; null: not read, so those subnets’ routes are unknown. */
  readonly mainTable: string | null
  /** Not empty: whether anything of it passes an internet gateway cannot be told. */
  readonly internetDoubts: readonly Doubt[]
}

export interface Subnet extends CloudObject {
  readonly network: string
  readonly zone: string | null
  /**
   * What the zone is called, by who calls it so: only names that the same one gave can be compared. Empty: not told, or a zone
   * whose packets reach hubs by way of another.
   */
  readonly zoneNames: Readonly<Record<string, string>>
  readonly ranges: readonly AnyCidr[]
  /** False: it has more than these, which are not told. */
  readonly rangesAreKnown: boolean
  /** Addresses of the provider that whoever is in it reaches, whatever was read of its network. */
  readonly ownServices: Addresses
  /** Addresses that are no route's matter: but for services nobody has them. */
  readonly unrouted: Addresses
  /** Whether what stays in it asks its routes, too. */
  readonly routesInside: boolean
  /** null: its network’s main table. */
  readonly table: string | null
  /** Filters at its edge: they see what enters and leaves it, and nothing inside. null: not read. */
  readonly filters: readonly string[] | null
  /** Filters of whatever in it no document shows, as of each of its interfaces: they see what stays in it, too. */
  readonly memberFilters: readonly string[]
  /** Who gives packets an address of the internet where a route leads there by itself. The first that takes them counts. */
  readonly outward: readonly Outward[]
  /** As of its network. */
  readonly internetDoubts: readonly Doubt[]
}

/**
 * `own`: a public address of the sender’s own. `gateway`: one that translates what comes from these ranges, or, null, from the
 * whole subnet. `balancers`: those that the sender stands behind. `provider`: addresses that the provider picks, and may change.
 * `takes`: null, everything.
 */
export type Outward =
  | { readonly kind: 'own' }
  | {
      readonly kind: 'gateway'
      readonly id: string
      readonly from: readonly AnyCidr[] | null
      readonly families: readonly Family[]
    }
  | { readonly kind: 'balancers'; readonly families: readonly Family[] }
  | { readonly kind: 'provider'; readonly families: readonly Family[]; readonly takes: Traffic | null }

export interface RouteTable extends CloudObject {
  readonly network: string | null
  readonly routes: readonly Route[]
}

/** Who made a route. Where a propagated one overlaps a local one, it loses, even if it is more specific. */
export type RouteOrigin = 'local' | 'static' | 'prefix-list' | 'propagated'

export interface Route {
  /** One each: a prefix list is as many routes. null: what it is for is unknown, as with a prefix list that was not read. */
  readonly destination: AnyCidr | null
  readonly by: RouteOrigin
  /** Of routes of one prefix the one of the lowest rank counts; of several of the same rank any of them. */
  readonly rank: number
  readonly next: NextHop
  readonly at: DocumentPath
}

/**
 * Where a route leads. `internet`: out by the provider’s own edge, which stands in no network; who gives the address is told by the
 * subnet. `address`: to whoever has it in the network, or in one beside it. `service`: a service of the provider, without the
 * internet. `drop`: nowhere, and meant to. `nowhere`: it is there and its target is gone.
 */
export type NextHop =
  | { readonly kind: 'network' | 'internet' | 'drop' }
  | { readonly kind: 'address'; readonly address: AnyAddress }
  | { readonly kind: 'service'; readonly id: string }
  | { readonly kind: 'gateway' | 'peering' | 'interface'; readonly id: string }
  | { readonly kind: 'nowhere'; readonly id: string | null }
  | { readonly kind: 'unknown'; readonly id: string | null; readonly why: string; readonly settledBy: string }

export interface Filter extends CloudObject {
  /** A stateful one lets replies pass. */
  readonly stateful: boolean
  /** `any`: what one rule allows passes. `ordered`: the first that matches decides. What none matches is denied. */
  readonly reads: 'any' | 'ordered'
  /** Beside others at one place. `any`: what one of these lets pass passes. `each`: it has to let it pass, whatever others do. */
  readonly joins: 'any' | 'each'
  readonly egress: readonly FilterRule[]
  readonly ingress: readonly FilterRule[]
  /** Not empty: what else it holds was not read, or cannot be told. */
  readonly doubts: readonly Doubt[]
}

export interface FilterRule {
  /** `pass`: the next tier decides. */
  readonly action: 'allow' | 'deny' | 'pass'
  /** Tiers are asked in ascending order: what no rule of one matches goes on to the next. */
  readonly tier: number
  /** The other end. */
  readonly peers: FilterPeers
  /** This end, or, of a filter on the way, the sender; null: whoever. */
  readonly own: FilterPeers | null
  readonly traffic: Traffic
  readonly at: DocumentPath
}

/**
 * `members`: interfaces that a filter is attached to. `perhaps`: these, if the rule counts. `names`: whatever has one of these names,
 * `*.` for what stands before.
 */
export type FilterPeers =
  | { readonly kind: 'addresses'; readonly addresses: Addresses }
  | { readonly kind: 'members'; readonly filter: string }
  | {
      readonly kind: 'perhaps'
      readonly addresses: Addresses
      readonly why: string
      readonly settledBy: string
    }
  | { readonly kind: 'names'; readonly patterns: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string; readonly settledBy: string }

/**
 * `internet`: in and out, IPv4 for interfaces with a public address. `egress-only`: IPv6, out. `nat`: IPv4 for everybody, out,
 * by its own subnet’s routes. `on-premises`: a private line or a tunnel. `private-endpoint`: a service, without the internet.
 * `firewall`: it passes on what its filter lets pass, by the routes of its own subnet. `balancer`: it translates what those behind it
 * send to the internet.
 */
export type GatewayKind =
  | 'internet'
  | 'egress-only'
  | 'nat'
  | 'on-premises'
  | 'private-endpoint'
  | 'hub'
  | 'firewall'
  | 'balancer'
  | 'other'

export interface Gateway extends CloudObject {
  readonly kind: GatewayKind
  /** null: attached to none, so nothing passes. */
  readonly network: string | null
  /** Where it stands, where that counts. */
  readonly subnet: string | null
  /** What the world sees; empty where the sender’s own address is seen, or none is known. */
  readonly publicAddresses: readonly AnyAddress[]
  /** What its neighbours see. */
  readonly privateAddresses: readonly AnyAddress[]
  /** What it takes; null: everything. */
  readonly takes: Traffic | null
  /** False: it translates toward private places only. */
  readonly reachesInternet: boolean
  /** Of a firewall: what it lets pass, told as of packets that leave; null: not read. */
  readonly filter: string | null
  /** Of a firewall: toward these its own address is seen, toward others the sender’s. */
  readonly translates: Addresses
  readonly isUp: boolean
  /** Of a line: other networks whose packets it takes as those of its own, for certain or perhaps. */
  readonly serves?: { readonly must: readonly string[]; readonly may: readonly string[] }
  /** Of a hub: filters of one network do not know the members of another’s. */
  readonly hidesMembers?: true
  /** Of a hub: more hangs on it than was read. */
  readonly isCut: boolean
}

/** What hangs on a hub. The two sides of one between hubs may have the same id: the hub tells them apart. */
export interface Attachment extends CloudObject {
  /** null: on which one is not told. */
  readonly hub: string | null
  readonly to: AttachmentEnd
  /** What it brings to the hub goes by this table. */
  readonly table: Association
  readonly isUp: boolean
}

/**
 * `network`: the hub stands in these subnets of it, one in a zone, and takes from a zone what that zone sends; null: not read.
 * It gives packets to the subnet of the zone that they come from, or, `byFlow`, to one that each flow is given by chance.
 * `hub`: the other side’s attachment, where its id is known. `firewall`: what it passes on and does not translate comes back by the
 * table of this attachment.
 */
export type AttachmentEnd =
  | {
      readonly kind: 'network'
      readonly network: string
      readonly subnets: readonly string[] | null
      readonly byFlow: boolean
    }
  | { readonly kind: 'hub'; readonly hub: string; readonly attachment: string | null }
  | { readonly kind: 'on-premises' }
  | { readonly kind: 'firewall'; readonly id: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly settledBy: string }

/** `none`: what comes by it goes nowhere. `likely`: the table that it has unless somebody changed it. */
export type Association =
  | { readonly kind: 'table'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly likely: string | null; readonly why: string; readonly settledBy: string }

/** Routes of a hub, for what comes by the attachments that are associated with it. */
export interface HubTable extends CloudObject {
  readonly routes: readonly HubRoute[]
}

export interface HubRoute {
  /** As of a route of a network. */
  readonly destination: AnyCidr | null
  readonly by: RouteOrigin
  readonly rank: number
  readonly next: HubNextHop
  readonly at: DocumentPath
}

/** `attachments`: one of them takes it, and nobody can tell which. */
export type HubNextHop =
  | { readonly kind: 'attachments'; readonly ids: readonly string[] }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'unknown'; readonly why: string; readonly settledBy: string }

/** Two networks side by side; nothing passes through one of them to a third but by a route of that network’s own. */
export interface Peering extends CloudObject {
  readonly networks: readonly [string, string]
  /** Of both, as the peering itself tells them: all that is known of one that was not read. */
  readonly ranges: readonly AnyCidr[]
  readonly isUp: boolean
  /** Those of the two that take what the other one passes on for third ones. */
  readonly takesForwarded: readonly string[]
}

export interface NetworkInterface extends CloudObject {
  readonly subnet: string
  /** The machine or service that it belongs to: `aws:instance/i-0a1`; null: none that is known. */
  readonly of: string | null
  readonly addresses: readonly AnyAddress[]
  /** Families of which it has an address that is not told. */
  readonly untold: readonly Family[]
  /** Public addresses by the private one that they stand for. */
  readonly publicAddresses: readonly { readonly of: AnyAddress; readonly seenAs: AnyAddress }[]
  readonly filters: readonly string[]
  /** Whether it takes packets that are not for it: an appliance. */
  readonly forwards: boolean
  /** Where routes are chosen by who sends: its own; null: those of its subnet. */
  readonly table: string | null
  /** Balancers that it stands behind, which translate what it sends to the internet. */
  readonly balancers: readonly string[]
}

/**
 * What runs on machines that are the provider’s own. Its interfaces, if it has any, name it as their owner; what does not go by them
 * leaves by addresses that the provider shares among many.
 */
export interface ManagedWorkload extends CloudObject {
  readonly kind: 'function' | 'container' | 'app'
  /** What it sends by its interfaces; all else by the provider. */
  readonly pinned: Addresses
  /** Not empty: by which of the two cannot be told. */
  readonly doubts: readonly Doubt[]
}

export interface Machine extends CloudObject {
  /** Clusters of which it says itself that it is a node. */
  readonly clusters: readonly string[]
  /** null: not told. */
  readonly metadata: MetadataService | null
}

/** Who on a machine may ask for its identity. */
export interface MetadataService {
  readonly isOn: boolean
  /** Whether a first request has to fetch a token, which forged requests cannot. */
  readonly needsToken: boolean
  /** How many hops an answer with the token goes: a pod with a network of its own is one hop behind its node. */
  readonly hops: number
  readonly at: DocumentPath
}

export interface FlowLog extends CloudObject {
  /** What it watches: a network, a subnet, an interface, or something else. */
  readonly of: string
  /** `accepted`: what filters let pass alone. */
  readonly keeps: 'all' | 'accepted' | 'rejected'
  /** Not null: nothing is delivered, and why. */
  readonly broken: string | null
  /** How long packets of a flow are counted together; null: not told. */
  readonly seconds: number | null
}

/** An exception from what keeps networks of an account off the internet. */
export interface Exclusion extends CloudObject {
  /** A network, or a subnet. */
  readonly of: string
  readonly lets: 'both' | 'out'
}

/** A way to a service of the provider, or of somebody else. */
export interface Endpoint extends CloudObject {
  readonly network: string
  /** As its provider calls it. */
  readonly service: string
  /** `target`: of routes. `interface`: with addresses of its own. */
  readonly by: 'target' | 'interface'
  readonly policy: EndpointPolicy | null
}

/** Open: everybody may use it for everything that the service has, whosever it is. */
export interface EndpointPolicy {
  readonly isOpen: boolean
  readonly at: DocumentPath
}

/** What a hub does with an attachment that comes new. */
export interface HubDefaults extends CloudObject {
  readonly associates: boolean
  readonly propagates: boolean
}
