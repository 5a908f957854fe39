import { type Wanted, within } from '../engine/ask.ts'
import type { ClusterEngine, Row } from '../engine/cluster-engine.ts'
import type { Entry } from '../engine/entries.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import { includesName } from '../engine/names.ts'
import type { Subject } from '../engine/population.ts'
import type { Reached } from '../engine/relay-closure.ts'
import type { RelayNode } from '../engine/relay-nodes.ts'
import type { RelayedEntry } from '../engine/relayed-entries.ts'
import { relayedIn } from '../engine/relays.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import { relaysOf } from '../inventory/relays.ts'
import { idOf } from '../model/identity.ts'
import type { Because, ReachEntry, Unknown } from '../model/reach.ts'
import type { RelayHop, RelayReason } from '../model/relay.ts'
import { readRanges } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { reasonsIn } from './because.ts'
import { entryWriter, sourceOf } from './entry-writer.ts'
import type { LoadedEstate } from './load.ts'
import type { Possible } from './possible.ts'
import { joined, type Reasons } from './reasons.ts'
import { placeWords } from './rule-words.ts'

export interface RelayedOptions {
  readonly relays: boolean
  /** Whatever a workload reaches might be taken over: that counts, too. */
  readonly pivots: boolean
}

/** The relays of one cluster: what they add to a row, and how that is written. */
export interface Relaying {
  readonly entriesOf: (subject: Subject, row: Row) => readonly RelayedEntry[]
  readonly write: (subject: Subject, entry: RelayedEntry) => readonly ReachEntry[]
}

/** Absent options: relays count, and pivots do not. */
export const relayingIn = (
  possible: Possible,
  { lineOf }: LoadedEstate,
  options: Partial<RelayedOptions>,
): Relaying => {
  const { engine, zones } = possible
  if (options.relays === false) return { entriesOf: () => [], write: () => [] }
  const entriesOf = relayedIn(engine, zones, relaysOf(engine.cluster), { pivots: options.pivots ?? false })
  const reasons = reasonsIn(engine, lineOf)
  const writeEntry = entryWriter(possible)
  const wordOf = ({ of, at, says }: RelayReason): Because => placeWords(of, at, says, lineOf)
  /** Why the sender’s packets arrive at the first relay. */
  const arrivalReasons = (subject: Subject, { node }: Reached): Reasons => {
    const [entrance] = node.relay.entrances
    const traffic = entrance === undefined ? engine.table.full : engine.table.idOf(entrance.traffic)
    const to = entranceOf(engine, node)
    const { egress, ingress } = reasons(subject, { to, traffic, verdict: 'allowed', enforcement: 'enforced' })
    return joined([egress, ingress])
  }
  /** Why the last relay may send there. */
  const sendingReasons = ({ to, traffic, verdict, enforcement, last }: RelayedEntry): Reasons => {
    const { sender } = last.grant
    if (sender === null || to.kind !== 'addresses') return NOTHING
    return reasons(sender, { to, traffic, verdict: verdict === 'unknown' ? 'allowed' : verdict, enforcement }).egress
  }
  const shared = new WeakMap<RelayedEntry, Reasons>()
  const rest = (entry: RelayedEntry): Reasons => {
    const known = shared.get(entry)
    if (known !== undefined) return known
    const made = joined([
      {
        because: hopsOf(entry.last).flatMap(({ node, grant }) =>
          [...node.relay.because, ...grant.grant.because].map(wordOf),
        ),
        unknowns: entry.last.doubts.map(({ why, settledBy }) => ({ stage: 'relay', why, settledBy })),
      },
      sendingReasons(entry),
    ])
    shared.set(entry, made)
    return made
  }
  const arrivals = new WeakMap<Subject, Map<Reached, Reasons>>()
  const arrivalOf = (subject: Subject, first: Reached): Reasons => {
    const known = arrivals.get(subject) ?? new Map<Reached, Reasons>()
    arrivals.set(subject, known)
    const made = known.get(first) ?? arrivalReasons(subject, first)
    known.set(first, made)
    return made
  }
  const write = (subject: Subject, entry: RelayedEntry): readonly ReachEntry[] => {
    const hops = hopsOf(entry.last)
    const why = joined([arrivalOf(subject, hops[0] as Reached), rest(entry)])
    const { to } = entry
    const regional =
      to.kind === 'names'
        ? { kind: 'addresses' as const, zone: 'internet' as const, addresses: bothFamilies.empty }
        : to
    // From there on it leaves as the last relay does.
    const written = writeEntry(
      entry.last.grant.sender ?? asNode(subject),
      { ...entry, to: regional },
      {
        egress: told(entry, why),
        ingress: NOTHING,
      },
    )
    const example = exampleOf(engine.table.trafficOf(entry.traffic))
    return written.map(base => {
      const target = to.kind === 'names' ? to : base.to
      const destination = example === null ? null : destinationOf(target)
      return {
        ...base,
        to: target,
        path: [...hops.map(hopOf), ...base.path],
        witness:
          destination === null || example === null
            ? null
            : [sourceOf(subject), ...hops.map(placeOf), packetTo(destination, example)].join(' -> '),
      }
    })
  }
  return { entriesOf, write }
}

/** The part of an entry that a question asks about; null where it asks nothing of it. */
export const relayedWithin = (
  { engine, zones }: Possible,
  entry: RelayedEntry,
  wanted: Wanted,
): RelayedEntry | null => {
  const { to } = entry
  if (to.kind === 'names') {
    const traffic = engine.table.intersect(entry.traffic, wanted.traffic)
    const isMeant = wanted.name !== null && includesName(to.patterns, wanted.name)
    return isMeant && traffic !== engine.table.empty ? { ...entry, traffic } : null
  }
  if (wanted.name === null) {
    const part = within(engine, { ...entry, to }, wanted)
    return part === null || (part.to.kind !== 'addresses' && part.to.kind !== 'workloads')
      ? null
      : { ...entry, to: part.to, traffic: part.traffic }
  }
  // A name stands for some address of the internet: what all of them let pass is certain.
  if (to.kind !== 'addresses' || to.zone !== 'internet') return null
  const traffic = engine.table.intersect(entry.traffic, wanted.traffic)
  if (traffic === engine.table.empty) return null
  return bothFamilies.isSubset(zones.internet, to.addresses)
    ? { ...entry, traffic }
    : { ...entry, traffic, verdict: 'unknown', enforcement: 'unknown' }
}

/** Where a relay is entered, as a region of the sender’s row. */
const entranceOf = ({ selection }: ClusterEngine, { relay, subject }: RelayNode): Entry['to'] => {
  const at = relay.entrances[0]?.at ?? null
  if (at?.kind === 'addresses') return { kind: 'addresses', zone: 'link-local', addresses: at.addresses }
  if (at?.kind === 'service') {
    const { clusterIPs, externalIPs, loadBalancerAddresses } = at.service
    const addresses = addressesOfTexts([...clusterIPs, ...externalIPs, ...loadBalancerAddresses])
    return { kind: 'addresses', zone: 'private', addresses }
  }
  return at?.kind === 'other-nodes' || subject === null || subject.identity === null
    ? { kind: 'nodes', nodes: 'other' }
    : { kind: 'workloads', members: selection.bits.of([subject.identity]) }
}

const NOTHING: Reasons = { because: [], unknowns: [] }

/** An open answer always says why. */
const told = ({ verdict }: RelayedEntry, why: Reasons): Reasons =>
  verdict !== 'unknown' || why.unknowns.length > 0 ? why : { ...why, unknowns: [HOP_OPEN] }

const HOP_OPEN: Unknown = {
  stage: 'relay',
  why: 'policies leave it open whether the relay is reached, or whether it may send there',
  settledBy: 'a question about each hop: `postern can`',
}

/** From the sender on. */
const hopsOf = (last: Reached): readonly Reached[] => {
  const hops: Reached[] = []
  for (let one: Reached | null = last; one !== null; one = one.previous) hops.unshift(one)
  return hops
}

const hopOf = ({ node }: Reached): RelayHop => ({ hop: 'relay', id: idOf(node.relay.of.ref), level: node.level })

/** Where a hop takes packets in, as a witness tells it; without a port where none is known. */
const placeOf = ({ node: { relay } }: Reached): string => {
  const [entrance] = relay.entrances
  const id = idOf(relay.of.ref)
  if (entrance === undefined) return id
  const { at, traffic, doubt } = entrance
  const place =
    at.kind === 'other-nodes' ? 'other node' : at.kind === 'addresses' ? (exampleAddress(at.addresses) ?? id) : id
  const example = doubt === null || at.kind !== 'pods' ? exampleOf(traffic) : null
  return example === null ? place : packetTo(place, example)
}

/** The first of what stands there: an example of it. */
const destinationOf = (to: ReachEntry['to']): string | null => {
  switch (to.kind) {
    case 'addresses': {
      const read = readRanges(to.ranges)
      return read.kind === 'read' ? exampleAddress(read.value) : null
    }
    case 'names':
      return to.patterns[0] ?? null
    case 'workloads':
      return to.ids[0] ?? null
    default:
      return null
  }
}

/** A node sends: no pod’s node or gateway counts. */
const asNode = (subject: Subject): Subject => ({ ...subject, identity: null, pods: [] })
