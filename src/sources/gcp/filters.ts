import type { Filter, FilterRule } from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { traffics } from '../../sets/traffic.ts'
import { type Collected, cloudObject, type Fault } from './collect.ts'
import { filterFaults } from './filter-faults.ts'
import { idFor } from './links.ts'
import { type Member, membersOf } from './members.ts'
import { type Direction, EVERYWHERE, filterRulesOf } from './rule.ts'
import { type Rulebook, readBook, regionsWithRules } from './rulebook.ts'
import { appliesTo, type Who } from './who.ts'

export interface Filters {
  /** The id of the filter of whoever has these tags and this account in a region of a network; it is made where it is new. */
  readonly idOf: (network: string, region: string | null, who: Who) => string
  /** All that were asked for, sorted by id. */
  readonly made: () => readonly Filter[]
  readonly faults: readonly Fault[]
}

export const filtersIn = (
  collected: Collected,
  rangesOf: (network: string) => Addresses,
  members: readonly Member[],
): Filters => {
  const networks = new Map(collected.in('network').map(item => [item.id, item]))
  const books = new Map<string, Rulebook>()
  const made = new Map<string, Filter>()
  const regional = new Map([...networks.keys()].map(id => [id, regionsWithRules(id, collected)]))
  const bookOf = (network: string, region: string | null): Rulebook | null => {
    const key = `${network} ${region}`
    const known = books.get(key)
    if (known !== undefined) return known
    const item = networks.get(network)
    if (item === undefined) return null
    const book = readBook(item, region, collected, membersOf(network, rangesOf(network), members))
    books.set(key, book)
    return book
  }
  return {
    idOf: (network, place, who) => {
      const region = regional.get(network)?.has(place ?? '') === true ? place : null
      const book = bookOf(network, region)
      const [project, name] = partsOf(network)
      if (book === null) return idFor('firewall', project, name, 'unread')
      const id = idFor('firewall', project, name, region, nameOf(book, who))
      if (!made.has(id)) made.set(id, filterOf(id, book, who))
      return id
    },
    made: () => [...made.values()].toSorted((a, b) => compareText(a.id, b.id)),
    faults: filterFaults(collected),
  }
}

const partsOf = (network: string): readonly [string | null, string | null] => {
  const [project, name] = network.slice('gcp:network/'.length).split('/')
  return [project ?? null, name ?? null]
}

/** Machines that no rule tells apart have one filter. */
const nameOf = (book: Rulebook, { tags, account }: Who): string => {
  if (tags === null) return 'anybody'
  const rules = book.tiers.flat()
  const asked = tags.filter(tag => rules.some(rule => rule.tags.includes(tag)))
  const isAsked = account !== null && rules.some(rule => rule.accounts.includes(account))
  return [asked.length === 0 && !isAsked ? 'untagged' : asked.join('+'), ...(isAsked ? [account] : [])]
    .filter(part => part !== '')
    .join('+')
}

const filterOf = (id: string, { item, tiers, doubts }: Rulebook, who: Who): Filter => {
  const under = (direction: Direction): readonly FilterRule[] => [
    ...tiers.flatMap((rules, tier) =>
      rules
        .filter(rule => rule.direction === direction)
        .flatMap(rule => {
          const applies = appliesTo(rule.tags, rule.accounts, who)
          return applies === 'no' ? [] : filterRulesOf(rule, applies, tier, rule.at)
        }),
    ),
    implied(direction, tiers.length, item.at),
  ]
  return {
    ...cloudObject(item, { id, name: null }),
    region: null,
    stateful: true,
    reads: 'ordered',
    joins: 'any',
    egress: under('egress'),
    ingress: under('ingress'),
    doubts,
  }
}

/** What nothing else decides leaves, and does not come in. Source: “VPC firewall rules”, Implied rules. */
const implied = (direction: Direction, tier: number, at: DocumentPath): FilterRule => ({
  action: direction === 'egress' ? 'allow' : 'deny',
  tier,
  peers: EVERYWHERE,
  own: null,
  traffic: traffics.full,
  at,
})
