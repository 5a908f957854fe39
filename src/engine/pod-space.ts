import type { Profile } from '../model/profile.ts'
import type { PolicyDialect, RuleTraffic } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import { portRange } from '../sets/port-set.ts'
import { portProtocolNamed, printProtocol } from '../sets/protocol.ts'
import { type Relation, type RelationAlgebra, relations } from '../sets/relation.ts'
import { portTraffic, traffics } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { Outcome } from './fold.ts'
import type { Ground } from './ground.ts'
import { lazily } from './lazily.ts'
import { podAddresses } from './pod-addresses.ts'
import type { Identity } from './population.ts'
import { certainly, type Match, matchOfPeer, type PlainPeer } from './reading.ts'
import type { Selection } from './selection.ts'
import { type Box, matcher, type Space, spaceOf } from './space.ts'
import type { Item } from './stack.ts'

/** The pods of a cluster, by identity. */
export interface PodSpace extends Space<Relation<TrafficId>> {
  readonly relations: RelationAlgebra<TrafficId>
  /** What an item matches, box by box; null where it leaves something open. */
  readonly certainBoxes: (item: Item) => readonly Box<Bits>[] | null
}

export const podSpace = (
  identities: readonly Identity[],
  selection: Selection,
  table: TrafficTable,
  ground: Ground,
  profile: Profile,
): PodSpace => {
  const { bits } = selection
  const algebra = relations(bits, table, table.full)
  const held = lazily(() => podAddresses(identities, ground))
  const three = ({ must, may }: Outcome<Bits>): Match<Bits> =>
    must === may || bits.equals(must, may) ? certainly(must) : { must, open: must, may }
  /** Pods whose addresses a block holds, where the network plugin looks at that at all. */
  const inBlock = (block: Addresses, dialect: PolicyDialect): Match<Bits> => {
    const looks = profile.blocks[dialect].pods
    if (looks === 'no' || bothFamilies.isEmpty(block)) return certainly(bits.empty)
    const { all, some } = held()(block)
    const may = bits.of(some)
    return looks === 'yes' ? three({ must: bits.of(all), may }) : { must: bits.empty, open: bits.of(all), may }
  }
  const plainFor =
    (dialect: PolicyDialect) =>
    (peer: PlainPeer): Match<Bits> => {
      switch (peer.kind) {
        case 'everything':
          return certainly(bits.full)
        case 'block':
          return inBlock(peer.addresses, dialect)
        case 'pods':
          return three(selection.of(peer.selector))
        case 'names':
          // Cilium binds names to addresses outside; by the policy API's word a name may stand for any address.
          return dialect === 'policy-api'
            ? { must: bits.empty, open: bits.empty, may: bits.full }
            : certainly(bits.empty)
        case 'outside':
        case 'nodes':
        case 'apiserver':
          return certainly(bits.empty)
      }
    }
  const resolved = namedPorts(identities, bits.of, table)
  const match = matcher<Bits>(({ policy, rule }) => {
    const all = rule.peers.map(peer => matchOfPeer(peer, plainFor(policy.dialect), bits))
    const [only, ...more] = all
    if (only !== undefined && more.length === 0) return only
    const union = (part: keyof Match<Bits>): Bits => all.map(one => one[part]).reduce(bits.union, bits.empty)
    const must = union('must')
    return all.every(one => one.must === one.may) ? certainly(must) : { must, open: union('open'), may: union('may') }
  }, bits.empty)
  const boxes = (
    destinations: Bits,
    { exact, maybe, named }: RuleTraffic,
    withMaybe: boolean,
  ): readonly Box<Bits>[] => [
    { destinations, id: table.idOf(withMaybe && !traffics.isEmpty(maybe) ? traffics.union(exact, maybe) : exact) },
    ...named.flatMap(({ name, protocol }) =>
      (resolved.get(`${printProtocol(protocol)}/${name}`) ?? []).map(
        (box): Box<Bits> => ({ destinations: bits.intersect(destinations, box.destinations), id: box.id }),
      ),
    ),
  ]
  const space = spaceOf<Relation<TrafficId>, Bits>({
    algebra,
    match,
    boxes,
    meets: algebra.meets,
    ofBoxes: all => algebra.ofBoxes(all.map(({ destinations, id }) => ({ members: destinations, id }))),
  })
  const known = new WeakMap<Item['rule'], readonly Box<Bits>[] | null>()
  const boxesOf = (item: Item): readonly Box<Bits>[] | null => {
    const { must, may } = match(item)
    return must !== may || !traffics.isEmpty(item.rule.traffic.maybe)
      ? null
      : boxes(must, item.rule.traffic, false).filter(box => box.id !== table.empty && !bits.isEmpty(box.destinations))
  }
  return {
    ...space,
    relations: algebra,
    certainBoxes: item => {
      if (item.doubts.length > 0) return null
      const before = known.get(item.rule)
      if (before !== undefined) return before
      const made = boxesOf(item)
      known.set(item.rule, made)
      return made
    },
  }
}

/** Which pods give a port name which number, by protocol and name. Source: NetworkPolicyPort, `port`. */
const namedPorts = (
  identities: readonly Identity[],
  setOf: (members: Iterable<number>) => Bits,
  table: TrafficTable,
): ReadonlyMap<string, readonly Box<Bits>[]> => {
  const found = new Map<string, Map<number, number[]>>()
  for (const identity of identities) {
    for (const { name, protocol, port } of identity.namedPorts) {
      const key = `${protocol}/${name}`
      const numbers = found.get(key) ?? new Map<number, number[]>()
      found.set(key, numbers)
      const members = numbers.get(port)
      if (members === undefined) numbers.set(port, [identity.number])
      else members.push(identity.number)
    }
  }
  return new Map(
    [...found].map(([key, numbers]) => [
      key,
      [...numbers].flatMap(([port, members]) => {
        const read = portRange(port)
        const protocol = portProtocolNamed(key.slice(0, key.indexOf('/')))
        if (read.kind === 'refused' || protocol === null) return []
        return [{ destinations: setOf(members), id: table.idOf(portTraffic(protocol, read.value)) }]
      }),
    ]),
  )
}
