import { field, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Direction, Doubt, Peer, ProxyLimit, Rule, RuleTraffic } from '../../model/rule.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { portRange } from '../../sets/port-set.ts'
import { portProtocolNamed } from '../../sets/protocol.ts'
import { portTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import type { CalicoContext } from './context.ts'
import { type EntityRead, readEntity } from './entity.ts'
import { servicePeers } from './services.ts'
import { lowerTraffic } from './traffic.ts'

/** A rule of a policy: as rules of the model, none where it takes nothing; or why nobody can tell what becomes of the policy. */
export type RuleRead =
  | { readonly kind: 'read'; readonly rules: readonly Rule[] }
  | { readonly kind: 'refused'; readonly why: string }

const ACTIONS: Readonly<Record<string, Rule['action'] | null>> = {
  Allow: 'allow',
  Deny: 'deny',
  Pass: 'pass',
  Log: null,
}

/**
 * Source: docs.tigera.io, NetworkPolicy and GlobalNetworkPolicy, Rule, EntityRule; felix/rules, ProtoRuleToIptablesRules. Log
 * takes nothing: what it matches goes on to the next rule. It is read all the same, since what is refused in it is refused.
 */
export const lowerRule = (
  rule: Json,
  at: DocumentPath,
  direction: Direction,
  namespace: string | null,
  context: CalicoContext,
): RuleRead => {
  const word = text(field(rule, 'action')) ?? ''
  const action = Object.hasOwn(ACTIONS, word) ? (ACTIONS[word] as Rule['action'] | null) : undefined
  if (action === undefined) return refused(`\`${word}\` is no action`)
  for (const end of ['source', 'destination'])
    if (list(field(field(rule, end), 'domains')).length > 0)
      return refused('`domains`, which open source Calico does not know: it refuses the policy, or drops the field')
  const traffic = lowerTraffic(rule)
  if (traffic.kind === 'refused') return traffic
  const source = readEntity(field(rule, 'source'), namespace, context)
  const destination = readEntity(field(rule, 'destination'), namespace, context)
  if (source.kind === 'refused') return source
  if (destination.kind === 'refused') return destination
  const families = familiesOf(rule, [source, destination])
  if (families === null) return refused('`ipVersion` is neither 4 nor 6')
  // "HTTP match is only valid on Allow rules", with TCP or without a protocol.
  if (limitOf(rule) !== null && (action !== 'allow' || !isTcpOrAny(field(rule, 'protocol'))))
    return refused('`http` in a rule that does not allow, or of another protocol than TCP')
  const services = servicePeers(rule, traffic.traffic, namespace, context)
  if (services.kind === 'refused') return services
  if (action === null || families.size === 0) return { kind: 'read', rules: [] }
  const ends = direction === 'egress' ? { far: destination, near: source } : { far: source, near: destination }
  const doubt = doubtOf(rule, traffic.doubt)
  return {
    kind: 'read',
    rules: services.ways.map(way => {
      const [farService, nearService] =
        direction === 'egress' ? [way.destination, way.source] : [way.source, way.destination]
      const own = peerOf(ends.near, families, nearService, false)
      return {
        action,
        peers: flat(peerOf(ends.far, families, farService, true)),
        ...(own.kind === 'everything' ? {} : { own }),
        traffic: withHostPorts(way.traffic, context),
        limit: limitOf(rule),
        at,
        doubt,
      }
    }),
  }
}

const refused = (why: string): RuleRead => ({ kind: 'refused', why })

type Entity = EntityRead & { readonly kind: 'read' }

/** null: a version that there is not. */
const familiesOf = (rule: Json, ends: readonly Entity[]): ReadonlySet<Family> | null => {
  const version = field(rule, 'ipVersion') ?? null
  if (version !== null && version !== 4 && version !== 6) return null
  const all: readonly Family[] = version === null ? [4, 6] : [version]
  return new Set(all.filter(family => ends.every(end => end.families.has(family))))
}

/** All parts of one end. The family stands at the far end alone, where packets are told apart by it. */
const peerOf = (
  { addresses, endpoints, except }: Entity,
  families: ReadonlySet<Family>,
  service: Peer | null,
  limitsFamily: boolean,
): Peer => {
  const limited =
    limitsFamily && families.size === 1
      ? only(addresses ?? bothFamilies.full, families)
      : addresses === null
        ? null
        : addresses
  const parts: Peer[] = [
    ...(limited === null ? [] : [{ kind: 'block', addresses: limited } as const]),
    ...(endpoints === null ? [] : [any(endpoints)]),
    ...(except === null ? [] : [{ kind: 'not', of: any(except) } as const]),
    ...(service === null ? [] : [service]),
  ]
  const [first, ...more] = parts
  return first === undefined ? { kind: 'everything' } : more.length === 0 ? first : { kind: 'all', of: parts }
}

const only = ({ v4, v6 }: Addresses, families: ReadonlySet<Family>): Addresses => ({
  v4: families.has(4) ? v4 : bothFamilies.empty.v4,
  v6: families.has(6) ? v6 : bothFamilies.empty.v6,
})

const any = (peers: readonly Peer[]): Peer => {
  const [first, ...more] = peers
  return first !== undefined && more.length === 0 ? first : { kind: 'any', of: peers }
}

const flat = (peer: Peer): readonly Peer[] => (peer.kind === 'any' ? peer.of : [peer])

/** Which port a packet leaves from is nobody's to say. */
const doubtOf = (rule: Json, openPorts: string | null): Doubt | null => {
  const source = field(rule, 'source')
  const asks = list(field(source, 'ports')).length + list(field(source, 'notPorts')).length > 0
  if (asks)
    return {
      level: 'unknown',
      why: 'the rule asks for the port that a packet comes from, which its sender chooses',
      settledBy: 'flow logs with source ports, or a rule without them',
    }
  return openPorts === null ? null : { level: 'unknown', why: openPorts, settledBy: 'a rule with numbers' }
}

/** Only the application layer looks at it; elsewhere the rule allows the connection. Source: docs.tigera.io, HTTPMatch. */
const limitOf = (rule: Json): ProxyLimit | null => {
  const http = field(rule, 'http') ?? null
  return http === null ? null : { kind: 'http', says: JSON.stringify(http) }
}

const isTcpOrAny = (protocol: Json | undefined): boolean =>
  protocol === undefined || protocol === null || String(protocol).toUpperCase() === 'TCP' || protocol === 6

/** A host endpoint may give a name to a port of its own: no pod, so what the name covers there may be covered. */
const withHostPorts = (traffic: RuleTraffic, { hostEndpoints }: CalicoContext): RuleTraffic => {
  if (traffic.named.length === 0) return traffic
  const ports = hostEndpoints.flatMap(host =>
    host.ports.flatMap(({ name, protocol, port }) => {
      const read = portRange(port)
      const number = portProtocolNamed(protocol.toUpperCase())
      return read.kind === 'read' &&
        number !== null &&
        traffic.named.some(one => one.name === name && one.protocol === number)
        ? [portTraffic(number, read.value)]
        : []
    }),
  )
  return ports.length === 0 ? traffic : { ...traffic, maybe: unionOfTraffics([traffic.maybe, ...ports]) }
}
