import { field, type JsonObject, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt, Peer, Rule } from '../../model/rule.ts'
import { since } from './context.ts'
import { scoped } from './endpoints.ts'
import { allOf, notThat } from './expressions.ts'
import { readSelector } from './label-selector.ts'
import { lowerPeers, memberName, type Place } from './peers.ts'
import { EVERY_TRAFFIC } from './ports.ts'
import type { Note } from './reached.ts'

/**
 * `toRequires`, `fromRequires`: labels that pods must have besides, for every rule over endpoints of every policy that
 * selects the same pods. That is a deny of pods without them, which may or may not hold: what entities and blocks allow is
 * not touched by it. Gone since 1.19, where the API server cuts the field off.
 * Source: docs.cilium.io 1.18, "Additional Label Requirements"; Upgrade Guide, 1.19.
 */
export const lowerRequires = (
  rule: JsonObject,
  at: DocumentPath,
  place: Place,
): { rules: readonly Rule[]; doubt: Doubt | null; notes: readonly Note[] } => {
  const name = memberName(place.direction, 'Requires')
  const items = list(field(rule, name))
  const here = [...at, name]
  if (items.length === 0) return { rules: [], doubt: null, notes: [] }
  if (since(place.context, 19) === 'yes')
    return { rules: [], doubt: null, notes: [{ at: here, why: `\`${name}\` is not known any more: it has no effect` }] }
  const doubt: Doubt = {
    level: 'undefined',
    why: `\`${name}\` narrows what rules over endpoints allow, in this policy and in others, until 1.18`,
    settledBy: `the policy without \`${name}\``,
  }
  if (place.action === 'deny') return { rules: [], doubt, notes: [] }
  const selectors = items.map(item => {
    const read = readSelector(item)
    return read.kind === 'refused'
      ? ({ kind: 'unknown', why: `the selector ${read.why}` } as const)
      : scoped(read.value, place.namespace, place.context)
  })
  const peer: Peer = { kind: 'pods', selector: notThat(allOf(selectors)) }
  const deny: Rule = { action: 'deny', peers: [peer], traffic: EVERY_TRAFFIC, limit: null, at: here, doubt }
  return { rules: [deny], doubt, notes: [] }
}

/** Ports next to requirements alone: whether they open every other end is not documented. */
export const onlyRequires = (rule: JsonObject, { direction, action, ...rest }: Place): boolean =>
  list(field(rule, memberName(direction, 'Requires'))).length > 0 &&
  lowerPeers(rule, [], { direction, action, ...rest }) === null
