import type { Enforcement, Verdict } from '../model/reach.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import type { Region } from '../sets/region.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { splitByZone } from '../sets/zones.ts'
import type { Row } from './cluster-engine.ts'
import type { Target } from './entries.ts'
import { namedReachOf } from './names.ts'
import type { Subject } from './population.ts'
import { type Reached, type Relays, senderRow } from './relay-closure.ts'
import { throughout } from './relay-ways.ts'

/** A region that a sender has through relays. */
export interface RelayedEntry {
  readonly to:
    | Extract<Target, { kind: 'addresses' | 'workloads' }>
    | { readonly kind: 'names'; readonly patterns: readonly string[] }
  readonly traffic: TrafficId
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  /** The last relay; its predecessors hang on it. */
  readonly last: Reached
}

/**
 * The regions that relays add, each to the first relay that gives it, so that no two overlap: first what is certain, then what
 * is possible. Senders of the same policies that reach the same relays share them.
 */
export const relayedEntries = (relays: Relays) => {
  const shared = new WeakMap<object, Map<string, readonly RelayedEntry[]>>()
  return (subject: Subject, row: Row, reached: readonly Reached[]): readonly RelayedEntry[] => {
    if (reached.length === 0) return []
    const known = shared.get(row.v4) ?? new Map<string, readonly RelayedEntry[]>()
    shared.set(row.v4, known)
    const key = keyOf(reached)
    const outside = known.get(key) ?? outsideEntries(relays, subject, row, reached)
    known.set(key, outside)
    return [...outside, ...podEntries(relays, row, reached)]
  }
}

const keyOf = (reached: readonly Reached[]): string => {
  const places = new Map(reached.map((one, place) => [one, place]))
  return reached
    .map(({ node, grant, certain, doubts, previous }) => {
      const by = previous === null ? '' : (places.get(previous) ?? `?${previous.node.number}`)
      return `${node.number}.${node.grants.indexOf(grant)}${certain ? '' : `?${doubts.map(({ why }) => why).join()}`}<${by}`
    })
    .join(' ')
}

const outsideEntries = (
  relays: Relays,
  subject: Subject,
  row: Row,
  reached: readonly Reached[],
): readonly RelayedEntry[] => {
  const { engine, zones, wayOf } = relays
  const { spaces, table } = engine
  const found: RelayedEntry[] = []
  let v4 = row.v4.must
  let v6 = row.v6.must
  const put = (last: Reached, a: Region<4>, b: Region<6>, verdict: Verdict, enforcement: Enforcement): void => {
    for (const [traffic, addresses] of byTraffic(relays, a, b))
      for (const part of splitByZone(zones, bothFamilies.subtract(addresses, engine.ground.ownOrLoopback)))
        found.push({ to: { kind: 'addresses', ...part }, traffic, verdict, enforcement, last })
  }
  const add = (last: Reached, pick: 'must' | 'may'): void => {
    const way = wayOf(last.grant)
    const a = spaces.v4.regions.subtract(way.v4[pick], v4)
    const b = spaces.v6.regions.subtract(way.v6[pick], v6)
    if (pick === 'may') put(last, a, b, 'unknown', 'unknown')
    else {
      const held4 = spaces.v4.regions.intersect(a, way.v4.written)
      const held6 = spaces.v6.regions.intersect(b, way.v6.written)
      put(last, held4, held6, 'allowed', 'enforced')
      put(last, spaces.v4.regions.subtract(a, held4), spaces.v6.regions.subtract(b, held6), 'allowed', 'not-enforced')
    }
    v4 = spaces.v4.regions.union(v4, a)
    v6 = spaces.v6.regions.union(v6, b)
  }
  for (const one of reached) if (one.certain) add(one, 'must')
  const certain = throughout(engine, v4, v6, zones.internet)
  // Of several ways that are open, the one with the fewest doubts is told.
  const byDoubts = reached.toSorted((a, b) => a.doubts.length - b.doubts.length)
  for (const one of byDoubts) add(one, 'may')
  const possible = throughout(engine, v4, v6, zones.internet)
  const seen = new Map<string, TrafficId>()
  const see = (pattern: string, id: TrafficId): void => {
    seen.set(pattern, table.union(seen.get(pattern) ?? certain, id))
  }
  for (const own of namedReachOf(engine.stacksOf(subject, 'egress'), [spaces.v4, spaces.v6], zones.internet, table))
    for (const pattern of own.patterns) see(pattern, own.passing.must)
  const addNames = (last: Reached, pick: 'must' | 'may'): void => {
    for (const named of wayOf(last.grant).names) {
      const offered = pick === 'must' ? named.must : table.subtract(named.may, possible)
      const left = Map.groupBy(named.patterns, pattern => table.subtract(offered, seen.get(pattern) ?? certain))
      for (const [traffic, patterns] of left) {
        if (traffic === table.empty) continue
        const held = pick === 'must' ? table.intersect(traffic, named.written) : traffic
        const to = { kind: 'names', patterns } as const
        if (pick === 'may') found.push({ to, traffic, verdict: 'unknown', enforcement: 'unknown', last })
        else {
          if (held !== table.empty) found.push({ to, traffic: held, verdict: 'allowed', enforcement: 'enforced', last })
          const loose = table.subtract(traffic, held)
          if (loose !== table.empty)
            found.push({ to, traffic: loose, verdict: 'allowed', enforcement: 'not-enforced', last })
        }
        for (const pattern of patterns) see(pattern, traffic)
      }
    }
  }
  for (const one of reached) if (one.certain) addNames(one, 'must')
  for (const one of byDoubts) addNames(one, 'may')
  return found
}

const byTraffic = ({ engine: { spaces } }: Relays, v4: Region<4>, v6: Region<6>): ReadonlyMap<TrafficId, Addresses> => {
  const found = new Map<TrafficId, Addresses>()
  const put = (id: TrafficId, addresses: Addresses): void => {
    const known = found.get(id)
    found.set(id, known === undefined ? addresses : bothFamilies.union(known, addresses))
  }
  for (const { id, addresses } of spaces.v4.regions.boxesOf(v4)) put(id, { v4: addresses, v6: addresses6.empty })
  for (const { id, addresses } of spaces.v6.regions.boxesOf(v6)) put(id, { v4: addresses4.empty, v6: addresses })
  return found
}

/** Pods behind Services that relays open, less what the sender may send them directly. */
const podEntries = (
  { engine, backends, rowOf }: Relays,
  row: Row,
  reached: readonly Reached[],
): readonly RelayedEntry[] => {
  const { table, selection, spaces } = engine
  const seen = new Map<number, TrafficId>()
  const found: RelayedEntry[] = []
  const add = (last: Reached, pick: 'must' | 'may'): void => {
    const groups = new Map<TrafficId, number[]>()
    for (const one of backends.passing(last.grant, senderRow(last, row, rowOf))) {
      const before = seen.get(one.identity) ?? spaces.pods.relations.idAt(row.pods.must, one.identity)
      const left = table.subtract(one[pick], before)
      if (left === table.empty) continue
      seen.set(one.identity, table.union(before, left))
      groups.set(left, [...(groups.get(left) ?? []), one.identity])
    }
    for (const [traffic, members] of groups) {
      const to: { readonly kind: 'workloads'; readonly members: Bits } = {
        kind: 'workloads',
        members: selection.bits.of(members),
      }
      found.push(
        pick === 'must'
          ? { to, traffic, verdict: 'allowed', enforcement: 'enforced', last }
          : { to, traffic, verdict: 'unknown', enforcement: 'unknown', last },
      )
    }
  }
  const behind = reached.filter(({ grant }) => backends.addTo(grant, row))
  for (const one of behind) if (one.certain) add(one, 'must')
  for (const one of behind) add(one, 'may')
  return found
}
