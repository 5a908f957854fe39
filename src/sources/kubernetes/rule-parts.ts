import type { Json } from '../../model/json.ts'
import type { Doubt, Peer, RuleTraffic, Section, Selector } from '../../model/rule.ts'
import type { LabelSelector } from '../../model/selector.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type PortProtocol, portProtocolNamed } from '../../sets/protocol.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'

/** What the lowerings of all policy dialects have in common. */

/** All requirements of a label selector, on one kind of labels. */
export const selectorOf = (of: 'pod' | 'namespace' | 'node', { requirements }: LabelSelector): Selector => ({
  kind: 'all',
  of: requirements.map(requirement =>
    // "values must be non-empty" for In and NotIn: what could not be read, or the API would not take, may hold.
    (requirement.operator === 'In' || requirement.operator === 'NotIn') && requirement.values.length === 0
      ? { kind: 'unknown', why: `the requirement on label \`${requirement.key}\` could not be read` }
      : { kind: 'label', of, requirement },
  ),
})

export const both = (...of: readonly Selector[]): Selector => {
  const [only, ...more] = of
  return only !== undefined && more.length === 0 ? only : { kind: 'all', of }
}

export const trafficOf = (exact: Traffic, more: Partial<RuleTraffic> = {}): RuleTraffic => ({
  exact,
  named: more.named ?? [],
  maybe: more.maybe ?? traffics.empty,
})

export const ALL_TRAFFIC: RuleTraffic = trafficOf(traffics.full)

/** The wire names of the protocols that have ports; upper case only, as the API wants them. */
export const portProtocolOf = (name: Json | undefined): PortProtocol | null =>
  typeof name === 'string' ? portProtocolNamed(name) : null

/** A direction that a policy says nothing about. */
export const silent = (direction: 'egress' | 'ingress'): Section => ({
  rules: [],
  isolates: false,
  isolatesAt: ['spec', direction],
})

/** A part that the API server would not have taken, or that readers read differently. */
export const unreadable = (why: string): Doubt => ({
  level: 'unknown',
  why,
  settledBy: 'a value that the API takes',
})

/** A block that could not be read: it may be any, and is a block all the same. */
export const anyBlock = (why: string): Peer => ({
  kind: 'maybe',
  peer: { kind: 'block', addresses: bothFamilies.full },
  doubt: unreadable(why),
})
