import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt, Peer, ProxyLimit, Rule, RuleTraffic } from '../../model/rule.ts'
import { traffics } from '../../sets/traffic.ts'
import type { CiliumContext } from './context.ts'
import { icmpsTraffic } from './icmps.ts'
import { l7Members, lowerLimit } from './limits.ts'
import { lowerPeers, type Place } from './peers.ts'
import { EVERY_TRAFFIC, lowerPorts } from './ports.ts'
import type { Note, Reached } from './reached.ts'
import { lowerRequires, onlyRequires } from './requires.ts'

/**
 * One rule of a section. Its members are joined by and: which other ends, which ports or ICMP types, what a proxy checks.
 * Without any member it matches nothing. With ports or types alone it matches every other end.
 * Source: pkg/policy/api, types EgressRule and IngressRule; pkg/policy, mergeEgress and mergeIngress.
 */
export const lowerRule = (
  rule: JsonObject,
  at: DocumentPath,
  place: Place,
): { rules: readonly Rule[]; notes: readonly Note[] } => {
  const hasTraffic = list(field(rule, 'toPorts')).length + list(field(rule, 'icmps')).length > 0
  const parts = trafficParts(rule, at, place)
  const reached = lowerPeers(rule, at, place) ?? withoutPeers(hasTraffic)
  const required = lowerRequires(rule, at, place)
  const ways: readonly { peers: readonly Peer[]; doubt: Doubt | null }[] = [
    { peers: reached.sure, doubt: null },
    ...reached.maybe,
    ...emptied(rule, reached, hasTraffic),
  ]
  const lowered = parts.flatMap(part =>
    ways.map(way => ({
      action: place.action,
      peers: way.peers,
      traffic: part.traffic,
      limit: part.limit,
      at: part.at,
      doubt: way.doubt ?? part.doubt ?? (place.action === 'deny' || onlyRequires(rule, place) ? required.doubt : null),
    })),
  )
  return { rules: [...lowered, ...required.rules], notes: [...reached.notes, ...required.notes] }
}

const withoutPeers = (hasTraffic: boolean): Reached => ({
  sure: hasTraffic ? [{ kind: 'everything' }] : [],
  maybe: [],
  notes: [],
})

/**
 * Services that turn out to be none, next to ports: nothing in the resolved rule says that ends were meant, and the agent has
 * been seen to read the ports alone. Source: cilium/cilium issue 20067; pkg/policy/k8s, processRule.
 */
const emptied = (
  rule: JsonObject,
  { sure }: Reached,
  hasTraffic: boolean,
): readonly { peers: readonly Peer[]; doubt: Doubt }[] =>
  hasTraffic && sure.length === 0 && list(field(rule, 'toServices')).length > 0
    ? [
        {
          peers: [{ kind: 'everything' }],
          doubt: {
            level: 'undefined',
            why: 'toServices means no endpoint, and then ports next to it may open every destination',
            settledBy: 'toEndpoints or toCIDRSet in its place',
          },
        },
      ]
    : []

interface TrafficPart {
  readonly traffic: RuleTraffic
  readonly limit: ProxyLimit | null
  readonly doubt: Doubt | null
  readonly at: DocumentPath
}

/** One part for all that no proxy looks at, and one for each item of `toPorts` that one does; never none. */
const trafficParts = (rule: JsonObject, at: DocumentPath, { action, context }: Place): readonly TrafficPart[] => {
  const mode = text(field(field(rule, 'authentication'), 'mode')) ?? ''
  // Deny rules know neither limits nor authentication: the API server cuts them off.
  const authentication = action === 'deny' || mode === 'disabled' ? '' : mode
  const icmps = list(field(rule, 'icmps')).map((item): RuleTraffic => {
    const some = list(field(item, 'fields')).length > 0
    return some
      ? { exact: icmpsTraffic(item), named: [], maybe: traffics.empty }
      : { exact: traffics.empty, named: [], maybe: traffics.full }
  })
  const ports = list(field(rule, 'toPorts')).map((item, i) => ({ item, at: [...at, 'toPorts', i] }))
  const plain = ports.filter(({ item }) => action === 'deny' || !isLimited(item, context))
  const limited = ports.filter(one => !plain.includes(one))
  const open = [...plain.map(({ item }) => lowerPorts(item, context)), ...icmps]
  const { limit } = lowerLimit(null, authentication, context)
  // Neither ports nor types: all traffic.
  const traffic = open.length + limited.length === 0 ? EVERY_TRAFFIC : union(open)
  const first: readonly TrafficPart[] =
    open.length === 0 && limited.length > 0 ? [] : [{ traffic, limit, doubt: null, at }]
  const rest = limited.flatMap(({ item, at: here }): readonly TrafficPart[] => {
    const { limit: certain, wider } = lowerLimit(item, authentication, context)
    const part = { traffic: lowerPorts(item, context), at: here }
    const sure: TrafficPart = { ...part, limit: certain, doubt: null }
    return wider === null ? [sure] : [sure, { ...part, limit: wider.limit, doubt: wider.doubt }]
  })
  return [...first, ...rest]
}

const isLimited = (portRule: Json, context: CiliumContext): boolean =>
  l7Members(portRule, context).length > 0 ||
  list(field(portRule, 'serverNames')).length > 0 ||
  isObject(field(portRule, 'listener'))

const union = (parts: readonly RuleTraffic[]): RuleTraffic => ({
  exact: parts.map(({ exact }) => exact).reduce(traffics.union, traffics.empty),
  named: parts.flatMap(({ named }) => named),
  maybe: parts.map(({ maybe }) => maybe).reduce(traffics.union, traffics.empty),
})
