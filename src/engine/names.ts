import type { Peer, Rule, RulePolicy } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type NamePattern, printNamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import { fewestPatterns } from '../sets/name-text.ts'
import { traffics } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { addressesOfTexts, coverOf, type Ground } from './ground.ts'
import type { OutsideSpace } from './outside.ts'
import type { Identity } from './population.ts'
import type { Item, Selecting, Stack } from './stack.ts'
import { type Passing, passing, type Stacks } from './verdict.ts'

const names = nameSets()

/**
 * Cilium learns which addresses a name has from the answers that its DNS proxy sees, so a name rule holds only for names that
 * a DNS rule of the same pod lets through, toward a resolver that the pod asks. Source: docs.cilium.io, "DNS based",
 * "Obtaining DNS Data for use by toFQDNs".
 */
export const withLearnedNames = (
  selecting: readonly Selecting[],
  { resolvers }: Identity,
  ground: Ground,
): readonly Selecting[] => {
  if (!selecting.some(({ policy }) => policy.dialect === 'cilium' && policy.egress.rules.some(namesSomething)))
    return selecting
  const sees = (rule: Rule): boolean =>
    rule.peers.length > 0 && (resolvers === null || resolvers.some(resolver => mayReach(rule, resolver, ground)))
  const asked = selecting.flatMap(({ policy }) =>
    policy.egress.rules.flatMap(rule =>
      rule.action === 'allow' && rule.limit?.kind === 'dns' && sees(rule) ? rule.limit.patterns : [],
    ),
  )
  return selecting.map(one => (one.policy.dialect === 'cilium' ? { ...one, policy: learned(one.policy, asked) } : one))
}

/** Whether a rule may be about a resolver at an address. */
const mayReach = (rule: Rule, resolver: string, ground: Ground): boolean => {
  const address = addressesOfTexts([resolver])
  const isOwn = coverOf(address, ground.own) === 'all'
  return rule.peers.some(peer => {
    const plain = peer.kind === 'maybe' ? peer.peer : peer
    switch (plain.kind) {
      case 'block':
      case 'outside':
        return !isOwn && coverOf(address, plain.addresses) === 'all'
      case 'pods':
      case 'nodes':
      case 'apiserver':
        return isOwn
      default:
        return true
    }
  })
}

const namesSomething = (rule: Rule): boolean => rule.peers.some(peer => peer.kind === 'names')

const learned = (policy: RulePolicy, asked: readonly NamePattern[]): RulePolicy => {
  if (!policy.egress.rules.some(namesSomething)) return policy
  const rules = policy.egress.rules.map(rule =>
    namesSomething(rule) ? { ...rule, peers: rule.peers.flatMap(peer => narrowed(peer, asked)) } : rule,
  )
  return { ...policy, egress: { ...policy.egress, rules } }
}

/** The patterns that are both allowed and asked for: the narrower of two, or the first where they only overlap. */
const narrowed = (peer: Peer, asked: readonly NamePattern[]): readonly Peer[] => {
  if (peer.kind !== 'names') return [peer]
  const kept: NamePattern[] = []
  for (const allowed of peer.patterns) {
    const own = names.ofPatterns([allowed])
    for (const question of asked) {
      const other = names.ofPatterns([question])
      if (names.isSubset(own, other) === 'yes') kept.push(allowed)
      else if (names.isSubset(other, own) === 'yes') kept.push(question)
      else if (names.isEmpty(names.intersect(own, other)) !== 'yes') kept.push(allowed)
    }
  }
  return kept.length === 0 ? [] : [{ kind: 'names', patterns: fewestPatterns(names, kept) }]
}

/** What may be sent to addresses that a name of these resolves to. */
export interface NamedReach {
  readonly item: Item
  /** Sorted texts. */
  readonly patterns: readonly string[]
  readonly passing: Passing<TrafficId>
  /** Certainly passes to some address of the internet. */
  readonly somewhere: TrafficId
}

/**
 * One answer for each rule about names: what would pass if the rule's names stood for any address of the internet. A
 * name may resolve to an address that another rule denies; the internet as a whole decides.
 */
export const namedReachOf = (
  { counting, written, others }: Stacks,
  spaces: readonly [OutsideSpace<4>, OutsideSpace<6>],
  internet: Addresses,
  table: TrafficTable,
): readonly NamedReach[] =>
  counting
    .flatMap(tier => tier.flatMap(group => group.flatMap(runs => runs.flatMap(run => run.items))))
    .filter(({ kind, rule }) => kind !== 'aside' && rule.action === 'allow' && namesSomething(rule))
    .map(item => {
      const opened: Rule = { ...item.rule, peers: [{ kind: 'outside', addresses: bothFamilies.full }] }
      // It may stand twice, with other doubts, where its policy may not count.
      const swap = (stack: Stack): Stack =>
        mapItems(stack, one => (one.rule === item.rule ? { ...one, rule: opened } : one))
      const stacks: Stacks = {
        counting: swap(counting),
        written: swap(written),
        others: others.map(world => ({ counting: swap(world.counting), written: swap(world.written) })),
      }
      const limit = table.idOf(traffics.union(item.rule.traffic.exact, item.rule.traffic.maybe))
      const [v4, v6] = spaces
      const both = [everywhere(v4, stacks, internet, table), everywhere(v6, stacks, internet, table)] as const
      const part = (pick: keyof Passing<unknown>): TrafficId => {
        const join = pick === 'may' ? table.union : table.intersect
        return table.intersect(join(both[0][pick], both[1][pick]), limit)
      }
      return {
        item,
        patterns: item.rule.peers
          .flatMap(peer => (peer.kind === 'names' ? peer.patterns : []))
          .map(printNamePattern)
          .sort(),
        passing: { must: part('must'), lenient: part('lenient'), may: part('may'), written: part('written') },
        somewhere: table.intersect(table.union(both[0].somewhere, both[1].somewhere), limit),
      }
    })

/** The same policies without what they say about names: what is left says which addresses pass whoever resolves what. */
export const withoutNames = ({ counting, written, others }: Stacks): Stacks => {
  const plain = (stack: Stack): Stack =>
    mapItems(stack, item =>
      namesSomething(item.rule)
        ? { ...item, rule: { ...item.rule, peers: item.rule.peers.filter(peer => peer.kind !== 'names') } }
        : item,
    )
  return {
    counting: plain(counting),
    written: plain(written),
    others: others.map(world => ({ counting: plain(world.counting), written: plain(world.written) })),
  }
}

const mapItems = (stack: Stack, change: (item: Item) => Item): Stack =>
  stack.map(tier => tier.map(group => group.map(runs => runs.map(run => ({ ...run, items: run.items.map(change) })))))

/** Traffic that passes to all addresses of a set; for `may`, to any. `somewhere`: certainly, to any. */
export const everywhere = <F extends Family>(
  space: OutsideSpace<F>,
  stacks: Stacks,
  { v4, v6 }: Addresses,
  table: TrafficTable,
): Passing<TrafficId> & { readonly somewhere: TrafficId } => {
  const of = passing(space, stacks)
  const wanted = (space.family === 4 ? v4 : v6) as never
  const ids = (region: typeof of.must): readonly TrafficId[] => {
    const missing = space.regions.subtract(space.regions.ofBoxes([{ addresses: wanted, id: table.full }]), region)
    return space.regions.boxesOf(missing).map(box => box.id)
  }
  // What is missing somewhere does not pass everywhere.
  const all = (region: typeof of.must): TrafficId =>
    table.subtract(table.full, ids(region).reduce(table.union, table.empty))
  const any = (region: typeof of.must): TrafficId =>
    space.regions
      .boxesOf(space.regions.within(region, wanted))
      .map(box => box.id)
      .reduce(table.union, table.empty)
  const may = any(of.may)
  return {
    must: all(of.must),
    lenient: all(of.lenient),
    may,
    written: all(of.written),
    somewhere: of.must === of.may ? may : any(of.must),
  }
}

/** Whether one of the patterns, as the algebra writes them, has the name. */
export const includesName = (patterns: readonly string[], name: string): boolean =>
  names.contains(
    names.ofPatterns(
      patterns.flatMap(pattern => {
        const read = readNamePattern(pattern)
        return read.kind === 'refused' ? [] : [read.value]
      }),
    ),
    name,
  ) === 'yes'
