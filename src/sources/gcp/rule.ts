import type { FilterPeers, FilterRule } from '../../model/fabric.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import type { TrafficReading } from '../aws/traffic.ts'
import type { Applies } from './who.ts'

export type Direction = 'ingress' | 'egress'

/** A rule of whatever kind, before it is put in its place. */
export interface ReadRule {
  readonly direction: Direction
  readonly priority: number
  readonly action: FilterRule['action']
  readonly peers: readonly FilterPeers[]
  readonly own: FilterPeers | null
  readonly traffic: TrafficReading
  /** Tags and accounts of its target. */
  readonly tags: readonly string[]
  readonly accounts: readonly string[]
  /** Not null: whether it counts, beside its target, cannot be told. */
  readonly doubt: string | null
  readonly at: DocumentPath
}

/** As a rule of a filter; one whose counting cannot be told may take what it names, or nothing of it. */
export const filterRulesOf = (
  rule: ReadRule,
  applies: Exclude<Applies, 'no'>,
  tier: number,
  at: DocumentPath,
): readonly FilterRule[] => {
  const why =
    rule.doubt ??
    (rule.traffic.doubt === null ? null : `what a rule covers cannot be read: ${rule.traffic.doubt}`) ??
    (applies === 'perhaps'
      ? 'a rule is for some machines of the network alone, and whether this is one is not told'
      : null)
  return rule.peers.map(peers => ({
    action: rule.action,
    tier,
    peers: why === null ? peers : perhaps(peers, why),
    own: rule.own,
    traffic: rule.traffic.traffic,
    at,
  }))
}

export const perhaps = (peers: FilterPeers, why: string): FilterPeers =>
  peers.kind === 'addresses' ? { kind: 'perhaps', addresses: peers.addresses, why, settledBy: SETTLED } : peers

export const EVERYWHERE: FilterPeers = { kind: 'addresses', addresses: bothFamilies.full }

export const unknownPeers = (why: string): FilterPeers => ({ kind: 'unknown', why, settledBy: SETTLED })

const SETTLED = 'a question about one machine, a value that the API gives, or a probe'
