import type { Relay } from '../model/relay.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { type Bits, membersOf } from '../sets/bit-set.ts'
import { SCTP, TCP, UDP } from '../sets/protocol.ts'
import type { Region } from '../sets/region.ts'
import type { Relation } from '../sets/relation.ts'
import { protocolTraffic, traffics, unionOfTraffics } from '../sets/traffic.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import type { Subject } from './population.ts'
import type { Reached, Relays } from './relay-closure.ts'
import type { NodeGrant, RelayNode } from './relay-nodes.ts'
import { throughout } from './relay-ways.ts'
import type { Stacks } from './verdict.ts'

/** Identities that the same egress policies select: whichever of them is taken over sends the same. */
interface PivotClass {
  readonly members: Bits
  readonly grant: NodeGrant
}

/**
 * Workloads on the pod network as relays of the second level: whoever takes one over sends what it may send. Breadth first over
 * identities, from the sender and from the relays that it reaches; of each class the first one is told that adds anything, and
 * nobody is asked any more once nothing can be added.
 */
export const pivotsIn = (relays: Relays) => {
  const { engine, zones, rowOf, wayOf } = relays
  const { spaces, table, selection, population } = engine
  const { bits } = selection
  const ported = table.idOf(unionOfTraffics([TCP, UDP, SCTP].map(protocolTraffic)))
  const standing = standingIn(population.subjects)
  const nodes = new Map<number, RelayNode>()
  const nodeOf = (identity: number): RelayNode => {
    const known = nodes.get(identity) ?? pivotNode(engine, standing.get(identity) as Subject, identity)
    nodes.set(identity, known)
    return known
  }
  const classes = [...Map.groupBy(standing.values(), subject => engine.stacksOf(subject, 'egress') as Stacks)].map(
    ([, members]): PivotClass => ({
      members: bits.of(members.flatMap(({ identity }) => identity ?? [])),
      grant: nodeOf(members[0]?.identity as number).grants[0] as NodeGrant,
    }),
  )
  const reachedBy = (relation: Relation<TrafficId>, cap: TrafficId): Bits => {
    let set = bits.empty
    for (const [id, members] of relation) if (table.intersect(id, cap) !== table.empty) set = bits.union(set, members)
    return set
  }
  const onward = new Map<number, Readonly<Record<'must' | 'may', Bits>>>()
  const onwardOf = (identity: number, pick: 'must' | 'may'): Bits => {
    const known = onward.get(identity)
    if (known !== undefined) return known[pick]
    const { pods } = engine.rowOf(standing.get(identity) as Subject)
    const made = { must: reachedBy(pods.must, ported), may: reachedBy(pods.may, ported) }
    onward.set(identity, made)
    return made[pick]
  }
  /** Where one starts: the sender, and what relays send on to any address. */
  const seedsOf = (row: Row, reached: readonly Reached[], pick: 'must' | 'may') => [
    { from: null, set: reachedBy(row.pods[pick], ported) },
    ...reached
      .filter(
        ({ certain, grant: { grant } }) =>
          (certain || pick === 'may') &&
          grant.to.kind === 'addresses' &&
          bothFamilies.equals(grant.to.addresses, bothFamilies.full),
      )
      .map(from => ({
        from,
        set: reachedBy(rowOf(from.grant.sender).pods[pick], table.intersect(ported, from.grant.traffic)),
      })),
  ]
  /** What relays have given already, in one reading. */
  const coveredBy = (row: Row, reached: readonly Reached[], pick: 'must' | 'may'): Covered => {
    let covered: Covered = { v4: row.v4.must, v6: row.v6.must }
    for (const one of reached) {
      if (one.certain) covered = union(covered, wayOf(one.grant), 'must')
      if (pick === 'may') covered = union(covered, wayOf(one.grant), 'may')
    }
    return covered
  }
  const union = (covered: Covered, way: ReturnType<typeof wayOf>, pick: 'must' | 'may'): Covered => ({
    v4: spaces.v4.regions.union(covered.v4, way.v4[pick]),
    v6: spaces.v6.regions.union(covered.v6, way.v6[pick]),
  })
  const adds = (way: ReturnType<typeof wayOf>, covered: Covered, pick: 'must' | 'may'): boolean =>
    !spaces.v4.regions.isSubset(way.v4[pick], covered.v4) || !spaces.v6.regions.isSubset(way.v6[pick], covered.v6)
  const spread = (subject: Subject, row: Row, before: readonly Reached[], pick: 'must' | 'may'): readonly Reached[] => {
    let covered = coveredBy(row, before, pick)
    const told = new Set<string>()
    const addsTo = ({ grant }: PivotClass): boolean => {
      const way = wayOf(grant)
      if (adds(way, covered, pick)) return true
      const named = way.names.filter(one => one[pick] !== table.empty && one.patterns.some(name => !told.has(name)))
      if (named.length === 0) return false
      const everywhere = throughout(engine, covered.v4, covered.v6, zones.internet)
      return named.some(one => !table.isSubset(one[pick], everywhere))
    }
    let open = classes.filter(addsTo)
    if (open.length === 0) return []
    const found: Reached[] = []
    const parents = new Map<number, Reached | number | null>()
    const wayTo = (identity: number): Reached => {
      const parent = parents.get(identity) ?? null
      const previous = typeof parent === 'number' ? wayTo(parent) : parent
      const node = nodeOf(identity)
      return {
        node,
        grant: node.grants[0] as NodeGrant,
        certain: pick === 'must',
        doubts: previous?.doubts ?? [],
        previous,
      }
    }
    let visited = subject.identity === null ? bits.empty : bits.of([subject.identity])
    let level: number[] = []
    let levelBits = bits.empty
    const visit = (set: Bits, from: Reached | number | null): void => {
      const fresh = bits.subtract(set, visited)
      for (const identity of membersOf(fresh)) {
        parents.set(identity, from)
        level.push(identity)
      }
      visited = bits.union(visited, fresh)
      levelBits = bits.union(levelBits, fresh)
    }
    for (const { from, set } of seedsOf(row, before, pick)) visit(set, from)
    while (level.length > 0) {
      for (const one of open) {
        const here = bits.intersect(one.members, levelBits)
        if (bits.isEmpty(here) || !addsTo(one)) continue
        covered = union(covered, wayOf(one.grant), pick)
        for (const { patterns } of wayOf(one.grant).names) for (const name of patterns) told.add(name)
        for (const identity of membersOf(here)) {
          found.push(wayTo(identity))
          break
        }
      }
      open = open.filter(addsTo)
      if (open.length === 0) break
      const last = level
      level = []
      levelBits = bits.empty
      for (const identity of last) visit(onwardOf(identity, pick), identity)
    }
    return found
  }
  return (subject: Subject, row: Row, reached: readonly Reached[]): readonly Reached[] => {
    const certain = [...reached, ...spread(subject, row, reached, 'must')]
    return [...certain, ...spread(subject, row, certain, 'may')]
  }
}

interface Covered {
  readonly v4: Region<4>
  readonly v6: Region<6>
}

/** Workloads of one identity have one answer: the first stands for all. */
const standingIn = (subjects: readonly Subject[]): ReadonlyMap<number, Subject> => {
  const standing = new Map<number, Subject>()
  for (const subject of subjects)
    if (subject.identity !== null && !standing.has(subject.identity)) standing.set(subject.identity, subject)
  return standing
}

const pivotNode = (engine: ClusterEngine, subject: Subject, identity: number): RelayNode => {
  const { workload } = subject
  const relay: Relay = {
    of: workload,
    entrances: [],
    grants: [
      {
        to: { kind: 'addresses', addresses: bothFamilies.full },
        traffic: traffics.full,
        as: workload,
        admits: { kind: 'everybody' },
        doubts: [],
        because: [],
      },
    ],
    because: [{ of: workload, at: workload.shapePath, says: 'if it were taken over, it would send what it may send' }],
  }
  return {
    // Forwarders are counted from 0 on.
    number: -1 - identity,
    relay,
    level: 'pivot',
    subject,
    grants: relay.grants.map(grant => ({ grant, sender: subject, traffic: engine.table.full })),
  }
}
