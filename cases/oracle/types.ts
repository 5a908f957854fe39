/**
 * The shapes of the second evaluator: it judges one packet at a time and reads the dialects' own documents. Nothing in
 * this folder imports from `src`, so that a mistake made there is not made here again.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** `unknown` is an answer: nobody can tell from what was given. */
export type Tri = 'yes' | 'no' | 'unknown'
export type Verdict = 'allowed' | 'denied' | 'unknown'

/** The objects of one cluster, as the API server would list them. */
export interface World {
  readonly objects: readonly Json[]
  readonly platform: Platform
}

/** Facts about the network plugin, given and not read. */
export interface Platform {
  readonly enforces: {
    readonly kubernetes: boolean
    readonly policyApi: boolean
    readonly cilium: boolean
    /** Then the policies of every dialect stand in Calico's tiers. */
    readonly calico?: boolean
  }
  /** Whether a NetworkPolicy's ipBlock catches the addresses of pods and of nodes. */
  readonly blockMatchesPods: Tri
  readonly blockMatchesNodes: Tri
  /** Cilium's `policy-cidr-match-mode`. */
  readonly ciliumCidrMatchesPods: boolean
  readonly ciliumCidrMatchesNodes: boolean
  /** What becomes of an isolated pod's traffic of that protocol when no rule allows it. */
  readonly isolation: { readonly sctp: Verdict; readonly icmp: Verdict; readonly others: Verdict }
  /** A pod's packets to its own node, and the node's to the pod. `allowed`: whatever policy says. */
  readonly ownNode: 'policy' | 'allowed' | 'unknown'
  readonly fromOwnNode: 'policy' | 'allowed' | 'unknown'
  /** Cilium's L7 proxy is on. */
  readonly dnsProxy: boolean
}

export type End =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  /**
   * An address of neither a pod nor a node of the world. `resolvedFrom` is the name that the sender asked for and got
   * this address; null: no name led there; undefined: nobody knows.
   */
  | { readonly kind: 'address'; readonly address: string; readonly resolvedFrom?: string | null | undefined }

export interface Packet {
  /** A pod or a node. */
  readonly from: End
  readonly to: End
  /** IANA number: ICMP 1, TCP 6, UDP 17, ICMPv6 58, SCTP 132. */
  readonly protocol: number
  /** Of the destination, for TCP, UDP and SCTP. */
  readonly port?: number | undefined
  /** For ICMP and ICMPv6. */
  readonly type?: number | undefined
  readonly code?: number | undefined
}

export interface Judgement {
  readonly verdict: Verdict
  readonly egress: Verdict
  /** null: the destination is no pod. */
  readonly ingress: Verdict | null
  readonly why: string
}

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58
export const SCTP = 132
