import type { Verdict } from '../types.ts'

/**
 * The shapes of the second evaluator of networks: it follows one packet through the bodies that `aws ec2 describe-…` prints.
 * Nothing here imports from `src`, so that a mistake made there is not made here again.
 */

/** Where the packet begins. Of a subnet nobody knows which address and which groups. */
export type From =
  | { readonly kind: 'interface'; readonly id: string }
  | { readonly kind: 'subnet'; readonly id: string }

/** Its family is that of the destination. */
export interface NetPacket {
  readonly destination: string
  /** IANA number: ICMP 1, TCP 6, UDP 17, ICMPv6 58, SCTP 132. */
  readonly protocol: number
  /** For TCP, UDP and SCTP. */
  readonly port?: number | undefined
  /** For ICMP and ICMPv6. */
  readonly type?: number | undefined
  readonly code?: number | undefined
}

/** Kinds and ids as a `reach` result has them. */
export interface Exit {
  readonly kind: string
  readonly id: string | null
  /** Empty where the sender’s own address is seen, or none is known. */
  readonly sourceAddresses: readonly string[]
}

/** One end that the packet may come to. `unknown`: what comes next is in no document that was read. */
export interface End {
  readonly verdict: Verdict
  readonly exit: Exit
}

export interface PacketWay extends End {
  /** Every end that fits what was read; one where nothing is open. */
  readonly ends: readonly End[]
  /** Ids of what it passed, in order, as far as every end shares it. */
  readonly hops: readonly string[]
}

/** Rules that can be broken, to see that a comparison notices. */
export const RULES = [
  'the longest prefix',
  'static before propagated',
  'static before prefix list',
  'local before propagated',
  'a blackhole takes its packets',
  'the main table',
  'one group is enough',
  'members by their interface',
  'entries by number',
  'a subnet’s list is not for what stays inside',
  'a list at both edges',
  'filters at the other end',
  'resolver and metadata are kept from nobody',
  'a public address for an internet gateway',
  'a NAT gateway has its own way out',
  'a NAT gateway has its own lists',
  'a peering leads to the other side only',
  'a peering must be up',
  'the last port of a range',
  'families apart',
  'a propagated route gives way where the local one is, and nowhere else',
  'who has no IPv6 address sends none',
  'what is translated goes on as IPv4',
  'a NAT gateway takes TCP, UDP and ICMP',
  'a NAT gateway is seen by its private address',
  'a second NAT gateway is a way',
  'blocks of the provider are not routed',
  'nobody has loopback, multicast and reserved addresses',
  'an egress-only gateway leads to the internet alone',
  'what stays in a subnet is not routed',
  'a peer that was not read is open',
  'metadata needs no document',
  'an interface that was not read may be anywhere in its network',
  'of two lists with one prefix either may count',
  'a member is an interface and no address',
] as const
export type RuleName = (typeof RULES)[number]
/** Rules that are left out. */
export type Broken = ReadonlySet<RuleName>
