import type { PolicyDialect } from './rule.ts'

/**
 * What a network plugin makes of policy where the specification leaves it open: one data file each, in `src/profiles`. Each
 * answer is `unknown` unless a source says it.
 */
export interface Profile {
  /** `calico-iptables`: what `--cni` takes. */
  readonly id: string
  readonly title: string
  /** The versions that the facts were looked up for. */
  readonly versions: string
  /** Which dialects it enforces at all. */
  readonly dialects: Readonly<Record<PolicyDialect, Enforced>>
  /** Whether a rule about address blocks catches what those addresses belong to, by dialect. */
  readonly blocks: Readonly<Record<PolicyDialect, BlockMeaning>>
  /** Protocols that isolation leaves out: what becomes of them for a pod that is isolated and has no rule for them. */
  readonly isolation: { readonly sctp: Isolation; readonly icmp: Isolation; readonly others: Isolation }
  /** Whether rules count that stand for a direction which the policy's own `policyTypes` leaves out. */
  readonly appliesUnclaimed?: true
  /** A pod's packets to its own node. `policy`: like any other destination. */
  readonly ownNode: 'policy' | 'allowed' | 'unknown'
  /** The packets of a pod's own node to it. */
  readonly fromOwnNode: 'policy' | 'allowed' | 'unknown'
  /** Whether policy sees a Service's address or the endpoint that was chosen behind it. */
  readonly services: 'before' | 'after' | 'unknown'
  /** New pods send before their policy is programmed. */
  readonly opensAtStart: Tri
  /** Node kinds where nothing is enforced. */
  readonly notOn: readonly ('windows' | 'fargate')[]
  /** Gaps in one family, as a sentence each. */
  readonly gaps: readonly string[]
  /** What each fact rests on: field, sentence, address of the page. */
  readonly sources: readonly { readonly of: string; readonly says: string; readonly url: string }[]
}

export type Tri = 'yes' | 'no' | 'unknown'
/** `unknown`: depends on version or settings that the estate does not show. */
export type Enforced = Tri
export type Isolation = 'denied' | 'allowed' | 'unknown'

export interface BlockMeaning {
  readonly pods: Tri
  readonly nodes: Tri
}
