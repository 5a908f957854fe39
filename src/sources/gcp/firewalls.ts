import type { FilterPeers } from '../../model/fabric.ts'
import { field, integer, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { rangesIn, setOf, setOfTexts } from './ranges.ts'
import { type ReadRule, unknownPeers } from './rule.ts'
import { trafficOf } from './traffic.ts'
import { wordsIn } from './who.ts'

export type Sources = (tags: readonly string[], accounts: readonly string[]) => readonly FilterPeers[]

/**
 * A VPC firewall rule; null: it is off. Who has one of its source ranges or one of its source tags is meant; without either,
 * every IPv4 address. Source: Compute Engine API, Firewall; “VPC firewall rules”.
 */
export const readFirewall = (body: Json, at: DocumentPath, sources: Sources): ReadRule | null => {
  if (field(body, 'disabled') === true) return null
  const direction = field(body, 'direction') === 'EGRESS' ? 'egress' : 'ingress'
  const denied = field(body, 'denied')
  const action = Array.isArray(denied) ? 'deny' : 'allow'
  const [from, to] = [rangesIn(field(body, 'sourceRanges')), rangesIn(field(body, 'destinationRanges'))]
  const [peers, own] = direction === 'egress' ? [to, from] : [from, to]
  const [tags, accounts] = [wordsIn(field(body, 'sourceTags')), wordsIn(field(body, 'sourceServiceAccounts'))]
  const named = direction === 'ingress' && tags.length + accounts.length > 0 ? sources(tags, accounts) : []
  const faults = faultsOf(body, [...from.faults, ...to.faults])
  return {
    direction,
    priority: integer(field(body, 'priority')) ?? DEFAULT_PRIORITY,
    action,
    peers: [
      ...(peers.ranges.length > 0 ? [{ kind: 'addresses', addresses: setOf(peers.ranges) } as const] : []),
      ...(peers.faults.length > 0 ? [unknownPeers('a range of a rule cannot be read')] : []),
      ...named,
      ...(peers.ranges.length + peers.faults.length + named.length === 0
        ? [{ kind: 'addresses', addresses: setOfTexts('0.0.0.0/0') } as const]
        : []),
    ],
    own: own.ranges.length === 0 ? null : { kind: 'addresses', addresses: setOf(own.ranges) },
    traffic: trafficOf(Array.isArray(denied) ? denied : field(body, 'allowed'), 'IPProtocol'),
    tags: wordsIn(field(body, 'targetTags')),
    accounts: wordsIn(field(body, 'targetServiceAccounts')),
    doubt: faults,
    at,
  }
}

const DEFAULT_PRIORITY = 1000

const faultsOf = (body: Json, faults: readonly string[]): string | null => {
  const direction = text(field(body, 'direction'))
  if (direction !== undefined && direction !== 'INGRESS' && direction !== 'EGRESS')
    return `a rule of the direction \`${direction}\` is not evaluated`
  if (Array.isArray(field(body, 'allowed')) === Array.isArray(field(body, 'denied')))
    return 'a rule does not say whether it allows or denies'
  const priority = field(body, 'priority') ?? null
  if (priority !== null && integer(priority) === undefined) return 'the priority of a rule cannot be read'
  const lists = ['sourceTags', 'targetTags', 'sourceServiceAccounts', 'targetServiceAccounts']
  if (lists.some(key => wordsIn(field(body, key)).length !== new Set(list(field(body, key))).size))
    return 'a tag or an account of a rule cannot be read'
  return faults.length > 0 ? 'a range of a rule cannot be read' : null
}
