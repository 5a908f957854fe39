/**
 * A node's packet filter in neutral words: what nftables and iptables both come down to. A construct without a
 * neutral word stays as `{ kind: 'unknown', text }`, so that a reader of these types can never take a rule for wider
 * or narrower than it is without noticing.
 */

export type AddressFamily = 4 | 6

/** Where a fact stands: `line` is 1-based, `index` the position in a JSON list or in a table of flows, from 0. */
export interface FactOrigin {
  readonly file: string
  readonly line: number | null
  readonly index: number | null
}

export interface UnknownFact {
  readonly kind: 'unknown'
  /** As it was written. Untrusted: may hold terminal escapes. */
  readonly text: string
}

export interface AddressPrefix {
  readonly kind: 'prefix'
  readonly family: AddressFamily
  /** Network address in RFC 5952 text, host bits clear. */
  readonly address: string
  readonly length: number
}

export interface AddressSpan {
  readonly kind: 'range'
  readonly family: AddressFamily
  /** Inclusive at both ends. */
  readonly first: string
  readonly last: string
}

export type AddressItem = AddressPrefix | AddressSpan | UnknownFact

/** Inclusive at both ends; of ports, user ids. */
export interface NumberSpan {
  readonly first: number
  readonly last: number
}

export type Side = 'source' | 'destination'

/** A condition on a packet. The matches of one rule are a conjunction; the values of one match a disjunction. */
export type FirewallMatch =
  | { readonly kind: 'family'; readonly negated: boolean; readonly family: AddressFamily }
  | {
      readonly kind: 'address'
      readonly side: Side
      readonly negated: boolean
      readonly items: readonly AddressItem[]
      /** Name of the set that the items come from; null when they stand in the rule. */
      readonly set: string | null
    }
  | {
      readonly kind: 'port'
      readonly side: Side | 'either'
      readonly negated: boolean
      readonly ports: readonly NumberSpan[]
      readonly set: string | null
    }
  /** IANA protocol numbers. */
  | { readonly kind: 'protocol'; readonly negated: boolean; readonly protocols: readonly number[] }
  | {
      readonly kind: 'interface'
      readonly side: 'in' | 'out'
      readonly negated: boolean
      /** `prefix`: every interface whose name begins so. */
      readonly names: readonly { readonly name: string; readonly prefix: boolean }[]
    }
  /** Lower case: `new`, `established`, `related`, `invalid`, `untracked`; also the translation states `snat`, `dnat`. */
  | { readonly kind: 'connectionState'; readonly negated: boolean; readonly states: readonly string[] }
  | {
      readonly kind: 'mark'
      readonly subject: 'packet' | 'connection'
      readonly negated: boolean
      /** The packet matches when `mark & mask` equals `value`. Both are unsigned 32 bit. */
      readonly value: number
      readonly mask: number
    }
  /** What the routing table takes the address for: `local`, `broadcast`, `multicast`, `unicast`. */
  | {
      readonly kind: 'addressType'
      readonly side: Side
      readonly negated: boolean
      readonly types: readonly string[]
    }
  | {
      readonly kind: 'icmp'
      readonly family: AddressFamily
      readonly negated: boolean
      readonly types: readonly { readonly type: number; readonly code: number | null }[]
    }
  /** Of the flags in `examined`, exactly those in `set` are on. */
  | {
      readonly kind: 'tcpFlags'
      readonly negated: boolean
      readonly examined: readonly string[]
      readonly set: readonly string[]
    }
  /** The local process: numeric user or group ids. Only locally made packets have one. */
  | {
      readonly kind: 'owner'
      readonly subject: 'user' | 'group'
      readonly negated: boolean
      readonly ids: readonly NumberSpan[]
    }
  /** Matches this share of packets (or of connections, in a translation table), 0 to 1. */
  | { readonly kind: 'share'; readonly share: number }
  /** Membership in a set whose members were not read or change by themselves. */
  | {
      readonly kind: 'set'
      readonly name: string
      readonly negated: boolean
      readonly sides: readonly string[]
    }
  /** At least one alternative holds, each a conjunction: a set of tuples, for one. */
  | {
      readonly kind: 'anyOf'
      readonly negated: boolean
      readonly alternatives: readonly (readonly FirewallMatch[])[]
      readonly set: string | null
    }
  | UnknownFact

/** One way that a translation may turn out; `when` holds what further selects it (the key of a map). */
export interface TranslationTarget {
  readonly when: readonly FirewallMatch[]
  /** null: the address stays. */
  readonly address: AddressItem | null
  /** null: the port stays where it can. */
  readonly ports: NumberSpan | null
}

export type Translation =
  /** The source becomes an address of the interface that the packet leaves by. */
  | { readonly kind: 'masquerade'; readonly ports: NumberSpan | null }
  | { readonly kind: 'source'; readonly targets: readonly TranslationTarget[] }
  | { readonly kind: 'destination'; readonly targets: readonly TranslationTarget[] }
  /** The destination becomes this node. */
  | { readonly kind: 'redirect'; readonly ports: NumberSpan | null }
  /** The network part is exchanged, the host part stays. The side follows from the hook. */
  | { readonly kind: 'network'; readonly to: AddressItem }
  /** A translation whose target the output does not say. */
  | { readonly kind: 'untold'; readonly side: Side | null; readonly text: string }

export type FirewallVerdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly with: string | null }
  | { readonly kind: 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** No verdict: the rule counts, logs or marks, and the next rule is asked. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'translate'; readonly translation: Translation }
  /** Handed to a local proxy with its destination unchanged. */
  | { readonly kind: 'proxy'; readonly address: string | null; readonly port: number | null }
  /** A verdict map: the first choice whose `when` holds; none holding, the next rule is asked. */
  | {
      readonly kind: 'choice'
      readonly choices: readonly { readonly when: readonly FirewallMatch[]; readonly verdict: FirewallVerdict }[]
    }
  | UnknownFact

/** What a rule does beside its verdict. */
export type FirewallEffect =
  /** The mark becomes `(mark & keep) ^ toggle`, unsigned 32 bit. */
  | {
      readonly kind: 'mark'
      readonly subject: 'packet' | 'connection'
      readonly keep: number
      readonly toggle: number
    }
  | { readonly kind: 'copyMark'; readonly to: 'packet' | 'connection'; readonly mask: number }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'untracked' }
  | UnknownFact

export interface FirewallRule {
  readonly tool: 'nft' | 'iptables'
  /** null: both families (`inet`), or a layer below them (`bridge`, `netdev`). */
  readonly family: AddressFamily | null
  /** The table's own family word: `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`. */
  readonly layer: string
  readonly table: string
  readonly chain: string
  /** `prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress`, `egress`; null for a chain that is jumped to. */
  readonly hook: string | null
  readonly priority: number | null
  /** `accept` or `drop`; null for a chain without one. */
  readonly policy: string | null
  /** From 0, in the order of evaluation within the chain. */
  readonly position: number
  readonly matches: readonly FirewallMatch[]
  readonly effects: readonly FirewallEffect[]
  readonly verdict: FirewallVerdict
  readonly counters: FlowCounters | null
  readonly comment: string | null
  /** As it was written, never interpreted. */
  readonly raw: string
  readonly origin: FactOrigin
}

export interface FirewallChain {
  readonly tool: 'nft' | 'iptables'
  /** `legacy` tables stand beside those of nftables, and both apply; null where the output does not say. */
  readonly backend: 'nft' | 'legacy' | null
  readonly family: AddressFamily | null
  readonly layer: string
  readonly table: string
  readonly name: string
  readonly type: string | null
  readonly hook: string | null
  readonly priority: number | null
  readonly policy: string | null
  readonly device: string | null
  /** True when this is the nftables view of a table that `iptables-save` shows in full: count it once. */
  readonly restated: boolean
  readonly rules: readonly FirewallRule[]
  readonly origin: FactOrigin
}

/** A translation with all that leads to it, from a hook through every jump. */
export interface NatEntry {
  readonly tool: 'nft' | 'iptables'
  readonly family: AddressFamily | null
  readonly table: string
  readonly hook: string
  readonly priority: number | null
  readonly translation: Translation
  /** Every condition on the way from the hook to the rule, all of which hold. */
  readonly when: readonly FirewallMatch[]
  /** Earlier rules of the same chains that would have ended the walk: none of these conjunctions holds. */
  readonly unless: readonly (readonly FirewallMatch[])[]
  /** How many further such rules are not listed in `unless`; with jumps into chains that may accept counted. */
  readonly unlessMore: number
  /** Read out of `when`: the addresses that are translated; null when the rule does not limit them by address. */
  readonly sources: readonly AddressItem[] | null
  readonly destinations: readonly AddressItem[] | null
  readonly protocols: readonly number[] | null
  readonly destinationPorts: readonly NumberSpan[] | null
  /** Chains from the hook to the rule. */
  readonly chains: readonly string[]
  readonly counters: FlowCounters | null
  readonly origin: FactOrigin
}

export interface FlowCounters {
  readonly packets: number
  readonly bytes: number
}
