import type { Filter, FilterPeers, FilterRule } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt } from '../../model/rule.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { cidrIn, idIn, wordIn } from './item.ts'
import type { PrefixLists } from './prefix-lists.ts'
import type { TrafficReading } from './traffic.ts'

/** Addresses of one block; a block of one family says nothing of the other. */
export const blockPeers = (body: Json | undefined, key: string): FilterPeers => {
  const read = cidrIn(body, key)
  return read.kind === 'read'
    ? peersOfBlock(read.value)
    : unknownPeers(`whom a rule is about cannot be read: ${read.why}`)
}

/** Blocks that are read twice are one object. */
const peersOfBlock = (block: AnyCidr): FilterPeers => {
  const known = blocks.get(block)
  if (known !== undefined) return known
  const made: FilterPeers = { kind: 'addresses', addresses: addressesOfCidrs([block]) }
  blocks.set(block, made)
  return made
}

const blocks = new WeakMap<AnyCidr, FilterPeers>()

/** Members of a group, of whatever account and network it is. */
export const groupPeers = (body: Json | undefined): FilterPeers => {
  const filter = idIn('SecurityGroups', body, 'GroupId')
  return filter === null ? unknownPeers('a rule names a group without an id') : { kind: 'members', filter }
}

/** What was read of a list, and beside it what was not. */
const prefixListPeers = (id: string, lists: PrefixLists): readonly FilterPeers[] => {
  const { cidrs, missing } = lists.get(id)
  return [
    ...(missing === null || cidrs.length > 0
      ? [{ kind: 'addresses', addresses: addressesOfCidrs(cidrs) } as const]
      : []),
    ...(missing === null ? [] : [{ kind: 'unknown', ...missing } as const]),
  ]
}

export const unknownPeers = (why: string): FilterPeers => ({
  kind: 'unknown',
  why,
  settledBy: 'a value that the API gives',
})

/** A rule of which nobody can tell what traffic it covers may or may not take any of it. */
export const ruleOf = (
  action: FilterRule['action'],
  peers: FilterPeers,
  { traffic, doubt }: TrafficReading,
  at: DocumentPath,
): FilterRule => ({
  action,
  tier: 0,
  own: null,
  peers: doubt === null ? peers : unknownPeers(`what a rule covers cannot be read: ${doubt}`),
  traffic,
  at,
})

/** What of rules is not known, as sentences. */
export const unknownIn = (rules: readonly FilterRule[]): readonly string[] =>
  rules.flatMap(({ peers }) => (peers.kind === 'unknown' ? [peers.why] : []))

/** What of a filter is not known, as sentences. */
export const faultsOf = (filter: Filter): readonly string[] => [
  ...filter.doubts.map(({ why }) => why),
  ...unknownIn(filter.egress),
  ...unknownIn(filter.ingress),
]

export const doubtOf = (why: string): Doubt => ({
  level: 'unknown',
  why,
  settledBy: 'the output of the AWS command line, saved anew and whole',
})

/** What is written with a prefix list’s id. */
export const listPeers = (one: Json | undefined, lists: PrefixLists): readonly FilterPeers[] => {
  const id = wordIn(one, 'PrefixListId')
  return id === null ? [unknownPeers('a rule names a prefix list without an id')] : prefixListPeers(id, lists)
}
