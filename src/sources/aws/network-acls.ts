import type { Filter, FilterPeers, FilterRule } from '../../model/fabric.ts'
import { field, integer, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Family } from '../../sets/cidr.ts'
import { blockPeers, doubtOf, faultsOf, ruleOf, unknownPeers } from './filter-rule.ts'
import { cloudObject, type Item } from './item.ts'
import type { Lowered } from './lowered.ts'
import { trafficOfAclEntry } from './traffic.ts'

/**
 * Entries by ascending number, the first that matches decides; the last one, which denies what is left, stands among them.
 * Replies need entries of their own. Source: EC2 API Reference, NetworkAcl, NetworkAclEntry; VPC User Guide, “Network ACL basics”.
 */
export const lowerNetworkAcl = (item: Item): Lowered<Filter> => {
  const object = cloudObject('NetworkAcls', item)
  const entries = field(item.body, 'Entries')
  const read = list(entries)
    .map((entry, i) => readEntry(entry, [...item.at, 'Entries', i]))
    .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
  const under = (direction: Direction): readonly FilterRule[] =>
    read.filter(entry => entry.direction === direction).flatMap(({ rules }) => rules)
  const value: Filter = {
    ...object,
    stateful: false,
    reads: 'ordered',
    joins: 'any',
    egress: under('egress'),
    ingress: under('ingress'),
    doubts: [
      ...(Array.isArray(entries) ? [] : ['its entries were not read']),
      ...read.flatMap(({ fault }) => (fault === null ? [] : [fault])),
      ...repeatedIn(read),
    ].map(doubtOf),
  }
  return { id: object.id, item, value, faults: faultsOf(value) }
}

type Direction = 'egress' | 'ingress'

interface EntryReading {
  readonly number: number | null
  readonly direction: Direction | null
  readonly rules: readonly FilterRule[]
  /** Why nobody can tell what the list of entries comes to. */
  readonly fault: string | null
}

const readEntry = (entry: Json, at: DocumentPath): EntryReading => {
  const number = integer(field(entry, 'RuleNumber')) ?? null
  const egress = field(entry, 'Egress')
  const direction = egress === true ? 'egress' : egress === false ? 'ingress' : null
  const action = field(entry, 'RuleAction')
  const fault =
    number === null || direction === null || (action !== 'allow' && action !== 'deny')
      ? 'an entry does not say its number, its direction, or whether it allows'
      : null
  const rules = blocksOf(entry).map(({ family, peers }) =>
    ruleOf(action === 'allow' ? 'allow' : 'deny', peers, trafficOfAclEntry(entry, family), at),
  )
  return { number, direction, rules, fault }
}

const blocksOf = (entry: Json): readonly { readonly family: Family; readonly peers: FilterPeers }[] => {
  const blocks = (
    [
      [4, 'CidrBlock'],
      [6, 'Ipv6CidrBlock'],
    ] as const
  )
    .filter(([, key]) => (field(entry, key) ?? null) !== null)
    .map(([family, key]) => ({ family, peers: blockPeers(entry, key) }))
  // For IPv4 an entry covers as much as for IPv6, or more.
  return blocks.length > 0 ? blocks : [{ family: 4, peers: unknownPeers('an entry does not say whom it is about') }]
}

/** Each number stands once in a direction: which of two comes first is not told. */
const repeatedIn = (read: readonly EntryReading[]): readonly string[] => {
  const seen = new Set<string>()
  const repeated = new Set<number>()
  for (const { number, direction } of read) {
    if (number === null || direction === null) continue
    const key = `${direction} ${number}`
    if (seen.has(key)) repeated.add(number)
    seen.add(key)
  }
  return [...repeated].map(number => `two entries of one direction have the number ${number}`)
}
