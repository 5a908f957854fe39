import type { FilterPeers, FilterRule } from '../../model/fabric.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { Reading } from '../../sets/algebra.ts'
import { type PortSet, portRange, portSets } from '../../sets/port-set.ts'
import { TCP } from '../../sets/protocol.ts'
import { protocolTraffic, type Traffic, traffics } from '../../sets/traffic.ts'
import { meaningOf, type Option } from './suricata-options.ts'
import { readAddresses, readPortsOf, type Variables } from './suricata-sets.ts'
import { type Protocol, protocolNamed } from './suricata-traffic.ts'

/** A rule as somebody wrote it, in text or in fields. */
export interface WrittenRule {
  readonly action: string
  readonly protocol: string
  readonly source: string
  readonly sourcePort: string
  readonly isBothWays: boolean
  readonly destination: string
  readonly destinationPort: string
  readonly options: readonly Option[]
}

/** Stateless rules come first, and what they forward goes on to these. */
export const STATEFUL_TIER = 1

/**
 * What a rule says of packets that leave. What it asks for beyond addresses and ports makes it a rule that perhaps counts. A rule that
 * drops, and is not about the way to the server alone, may drop replies as well.
 * Source: Network Firewall Developer Guide, “Defining rule actions”; Suricata User Guide, “Rules Format”.
 */
export const lowerRule = (written: WrittenRule, variables: Variables, at: DocumentPath): readonly FilterRule[] => {
  const word = written.action.toLowerCase()
  if (word === 'alert') return []
  const action = word === 'pass' ? 'allow' : DROPPING.includes(word) ? 'deny' : null
  if (action === null) return openRules(`the action \`${written.action}\` of a rule is not known`, at)
  const meaning = meaningOf(written.options)
  const protocol = protocolNamed(written.protocol)
  const source = endOf(written.source, written.sourcePort, variables)
  const destination = endOf(written.destination, written.destinationPort, variables)
  const inside = [
    ...(protocol === null ? [`a rule is about the protocol \`${written.protocol}\`, which is not known`] : []),
    ...(protocol?.inside && meaning.names === null
      ? [`whether packets are \`${written.protocol.toLowerCase()}\` is told by what they hold`]
      : []),
    ...meaning.others.map(one => `a rule asks for \`${one}\`, which addresses and ports do not tell`),
  ]
  const established = meaning.isEstablished && meaning.names === null ? [ESTABLISHED] : []
  const about = (from: End, to: End, asked: readonly string[]): readonly FilterRule[] => {
    const traffic = protocol === null ? traffics.full : trafficOf(protocol, to)
    const why = [...asked, ...(from.isAnyPort ? [] : [SENDERS_PORT]), ...to.unread, ...from.unreadPorts]
    // A connection that never gets beyond its handshake carries nothing.
    const dropped =
      action === 'deny' && established.length > 0 ? traffics.intersect(traffic, protocolTraffic(TCP)) : null
    const rule = (of: Traffic, whys: readonly string[]): readonly FilterRule[] =>
      traffics.isEmpty(of)
        ? []
        : [{ action, tier: STATEFUL_TIER, own: ownOf(from), peers: peersOf(to, whys, meaning.names), traffic: of, at }]
    if (dropped === null) return rule(traffic, [...why, ...established])
    return [...rule(dropped, why), ...rule(traffics.subtract(traffic, dropped), [...why, ...established])]
  }
  const isOfReplies = action === 'deny' && !meaning.isToServer && !written.isBothWays && meaning.names === null
  return [
    ...about(source, destination, inside),
    ...(written.isBothWays ? about(destination, source, inside) : []),
    ...(isOfReplies && !portSets.isEmpty(portSets.intersect(destination.ports, SENDERS))
      ? about({ ...destination, isAnyPort: true }, source, [...inside, OF_REPLIES])
      : []),
  ]
}

const DROPPING = ['drop', 'reject', 'rejectsrc', 'rejectdst', 'rejectboth']

const ESTABLISHED = 'a rule counts for established connections alone'
const SENDERS_PORT = 'a rule asks for the port of the sender'
const OF_REPLIES = 'a rule is about packets of the other direction, which replies are, too'

const range = portRange(1024, 65535)
/** Ports that senders open. */
const SENDERS = range.kind === 'read' ? range.value : portSets.full

interface End {
  /** null: not known. */
  readonly addresses: Addresses | null
  readonly ports: PortSet
  readonly isAnyPort: boolean
  readonly unread: readonly string[]
  readonly unreadPorts: readonly string[]
}

const endOf = (addresses: string, ports: string, variables: Variables): End => {
  const [at, through] = [readAddresses(addresses, variables), readPortsOf(ports, variables)]
  const whys = (read: Reading<unknown>): readonly string[] =>
    read.kind === 'read' ? [] : [`an end of a rule cannot be told: ${read.why}`]
  const its = through.kind === 'read' ? through.value : portSets.full
  return {
    addresses: at.kind === 'read' ? at.value : null,
    ports: its,
    isAnyPort: through.kind !== 'read' || portSets.equals(its, portSets.full),
    unread: [...whys(at), ...whys(through)],
    unreadPorts: whys(through),
  }
}

const trafficOf = (protocol: Protocol, { ports }: End): Traffic => protocol.traffic(ports)

/** Who it is about at the sender’s end; null: whoever. */
const ownOf = ({ addresses, unread }: End): FilterPeers | null => {
  if (addresses === null) return { kind: 'unknown', why: unread[0] ?? '', settledBy: SETTLED_BY }
  return bothFamilies.equals(addresses, bothFamilies.full) ? null : { kind: 'addresses', addresses }
}

const peersOf = ({ addresses }: End, whys: readonly string[], names: readonly string[] | null): FilterPeers => {
  const [why] = whys
  if (why !== undefined)
    return addresses === null
      ? { kind: 'unknown', why, settledBy: SETTLED_BY }
      : { kind: 'perhaps', addresses, why, settledBy: SETTLED_BY }
  if (names !== null) return { kind: 'names', patterns: names }
  return { kind: 'addresses', addresses: addresses ?? bothFamilies.empty }
}

export const SETTLED_BY = 'a log of the firewall, or a probe'

/** Rules that nobody read may stop anything and let anything pass. */
export const openRules = (why: string, at: DocumentPath, settledBy = SETTLED_BY): readonly FilterRule[] =>
  (['deny', 'allow'] as const).map(action => ({
    action,
    tier: STATEFUL_TIER,
    own: null,
    peers: { kind: 'unknown', why, settledBy },
    traffic: traffics.full,
    at,
  }))
