import type { Addresses } from '../sets/addresses.ts'
import type { NamePattern } from '../sets/name-pattern.ts'
import type { PortProtocol } from '../sets/protocol.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { DocumentPath, Sourced } from './provenance.ts'
import type { LabelRequirement } from './selector.ts'

/**
 * The one shape that every policy dialect lowers to. A policy selects subjects and holds, for each direction, ordered rules;
 * where it stands among other policies is its `place`. Nothing here says what a network plugin makes of it: profiles do.
 */

export const POLICY_DIALECTS = ['kubernetes', 'policy-api', 'cilium', 'calico', 'other'] as const
export type PolicyDialect = (typeof POLICY_DIALECTS)[number]

export type Direction = 'egress' | 'ingress'

/** Which pods or nodes: an expression over their labels. */
export type Selector =
  | { readonly kind: 'all'; readonly of: readonly Selector[] }
  | { readonly kind: 'any'; readonly of: readonly Selector[] }
  | { readonly kind: 'not'; readonly of: Selector }
  /** On the labels of the pod, of its namespace, or of its node; accounts, clusters and nodes have their name under the key ``. */
  | {
      readonly kind: 'label'
      readonly of: 'pod' | 'namespace' | 'node' | 'account' | 'cluster'
      readonly requirement: LabelRequirement
    }
  | { readonly kind: 'namespace'; readonly name: string }
  /** A part that could not be read: it may hold. */
  | { readonly kind: 'unknown'; readonly why: string }

/** Holds for everything. */
export const EVERY: Selector = { kind: 'all', of: [] }
/** Holds for nothing. */
export const NONE: Selector = { kind: 'any', of: [] }

/** The other end: the destination of an egress rule, the source of an ingress rule. */
export type Peer =
  /** Every address, pod and node there is. */
  | { readonly kind: 'everything' }
  /** Addresses; whether pods and nodes that have one are meant, too, is the profile's to say. */
  | { readonly kind: 'block'; readonly addresses: Addresses }
  /** Addresses outside the cluster, never a pod's or a node's. */
  | { readonly kind: 'outside'; readonly addresses: Addresses }
  /** Pods that do not use the host's network; `sameNode`, in rules that only say what others are about: on the node of this end. */
  | { readonly kind: 'pods'; readonly selector: Selector; readonly sameNode?: true }
  /** Nodes, with the pods on their network. `own`: the node of the pod at this end. */
  | { readonly kind: 'nodes'; readonly which: 'own' | 'other' | 'every'; readonly selector: Selector }
  | { readonly kind: 'apiserver' }
  /** Addresses that one of these names was seen to resolve to. */
  | { readonly kind: 'names'; readonly patterns: readonly NamePattern[] }
  /** What every one of these means, what one of them does, and everything but what the one inside means. */
  | { readonly kind: 'all' | 'any'; readonly of: readonly Peer[] }
  | { readonly kind: 'not'; readonly of: Peer }
  /** The peer inside may be meant. */
  | { readonly kind: 'maybe'; readonly peer: Peer; readonly doubt: Doubt }
  /** Nobody can tell from the documents: it may match anything. */
  | { readonly kind: 'unknown'; readonly doubt: Doubt }

/** What a peer is made of: itself, or the parts that others put together. */
export const partsOfPeer = (peer: Peer): readonly Peer[] => {
  switch (peer.kind) {
    case 'all':
    case 'any':
      return peer.of.flatMap(partsOfPeer)
    case 'not':
      return partsOfPeer(peer.of)
    case 'maybe':
      return partsOfPeer(peer.peer)
    default:
      return [peer]
  }
}

/** Every part of the peers of a rule, at either end. */
export const peerPartsOf = ({ peers, own }: Rule): readonly Peer[] =>
  [...peers, ...(own === undefined ? [] : [own])].flatMap(partsOfPeer)

/** Why something stays open. `undefined`: the specification leaves it so; `unknown`: an input is missing. */
export interface Doubt {
  readonly level: 'undefined' | 'unknown'
  readonly why: string
  readonly settledBy: string
}

/** What a rule covers: certain traffic, and ports by name, which each destination pod resolves for itself. */
export interface RuleTraffic {
  readonly exact: Traffic
  readonly named: readonly { readonly name: string; readonly protocol: PortProtocol }[]
  /** Traffic that the rule may cover, too; empty where all of it could be read. */
  readonly maybe: Traffic
}

/** What a proxy on the way checks beyond addresses and ports. Traffic that does not fit is refused by it. */
export type ProxyLimit =
  /** Only questions for these names; the answers bind addresses to them. */
  | { readonly kind: 'dns'; readonly patterns: readonly NamePattern[] }
  | { readonly kind: 'sni'; readonly patterns: readonly NamePattern[] }
  | { readonly kind: 'http' | 'other'; readonly says: string }

export interface Rule {
  readonly action: 'allow' | 'deny' | 'pass'
  /** Any of them; none matches nothing. */
  readonly peers: readonly Peer[]
  /** What the end that the policy selects must be, too: a rule counts for those of its subjects alone that fit. */
  readonly own?: Peer
  readonly traffic: RuleTraffic
  /** null: nothing beyond addresses and ports. */
  readonly limit: ProxyLimit | null
  /** Place in the document. */
  readonly at: DocumentPath
  /** Set where the whole rule may or may not hold. */
  readonly doubt: Doubt | null
  /** It only says what the others of its place are about: no reason that anybody asks for. */
  readonly isScope?: true
}

/** The part of a policy for one direction. */
export interface Section {
  /** First match counts among rules of one policy, where the place is ordered. */
  readonly rules: readonly Rule[]
  /** Does selecting a subject close this direction but for what rules allow? */
  readonly isolates: boolean | 'unknown'
  /** What in the document makes it close, for the explanation of a denial. */
  readonly isolatesAt: DocumentPath
  /**
   * The policy has rules for this direction and says that it is not about it: only some network plugins apply them. Of a
   * dialect in which nothing does, they are not among `rules`.
   */
  readonly unclaimed?: true
}

/**
 * Where a policy stands. `admin` and `baseline` are ordered by priority, ascending, and equal priority is undefined;
 * `workload` is additive: deny before allow, then the default of isolation. `calico`: in a tier with a name, among the others
 * of it, and what becomes of packets that no policy of the tier takes.
 */
export type PolicyPlace =
  | { readonly tier: 'admin' | 'baseline'; readonly priority: number }
  | { readonly tier: 'workload' }
  | CalicoPlace
  | HopPlace

/**
 * Something on the packet's way beside the subject's own policies: what it denies is denied, and what it lets pass goes on.
 * Policies of one hop stand in tiers among themselves.
 */
export interface HopPlace {
  readonly tier: 'hop'
  readonly hop: string
  /** Of the node that the subject is or runs on, or of the other end's. */
  readonly end: 'near' | 'far'
  readonly within: CalicoPlace
}

/** Lower orders come first; none is infinite. */
export interface CalicoPlace {
  readonly tier: 'calico'
  /** Tiers of lower stages come first, whatever their orders; 0 where nothing is said. */
  readonly stage?: number
  readonly name: string
  readonly tierOrder: number
  readonly end: 'deny' | 'pass'
  readonly order: number
  /** What decides between equal orders, as each version of the agent writes it. */
  readonly names: readonly string[]
  /** No document shows the tier: it comes after all that there are. */
  readonly lacksTier?: true
  /** Set where the tier may stand before its place, too: there, or (null) anywhere. */
  readonly earlier?: { readonly tierOrder: number | null; readonly doubt: Doubt }
}

/** One spec of a policy document, ready to be evaluated. */
export interface RulePolicy extends Sourced {
  readonly dialect: PolicyDialect
  readonly place: PolicyPlace
  /** `nodes`: host policy; `passing`: what pods send or receive, where it passes through something else. */
  readonly selects: 'pods' | 'nodes' | 'passing'
  readonly subject: Selector
  readonly egress: Section
  readonly ingress: Section
  /** It stands there and does nothing, and why: rejected by its own controller, staged. */
  readonly inert: string | null
  /** Its rules are not read: they may let pass or stop anything. */
  readonly opaque?: true
}
