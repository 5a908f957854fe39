import type { CloudObject } from '../../model/fabric.ts'
import { field, list } from '../../model/json.ts'
import { type Reading, refuse } from '../../sets/algebra.ts'
import { type AnyCidr, printCidr, readCidr } from '../../sets/cidr.ts'
import type { Collected } from './collect.ts'
import { cidrIn, type Item, idFor } from './item.ts'
import { DIFFERS, type Lowered } from './lowered.ts'
import { MORE_FOLLOWS } from './schema.ts'

/** What a prefix list holds. `missing` is set where it holds, or may hold, more: all of it, for one that was not read. */
export interface PrefixList {
  readonly cidrs: readonly AnyCidr[]
  readonly missing: { readonly why: string; readonly settledBy: string } | null
}

export interface PrefixLists {
  readonly get: (id: string) => PrefixList
  /** For coverage alone: a list is no object of the model. */
  readonly objects: readonly Lowered<CloudObject>[]
}

/**
 * Entries come from `describe-prefix-lists`, which tells them for lists of AWS that gateway endpoints use, or from
 * `get-managed-prefix-list-entries`, which does not name the list and is wrapped. `describe-managed-prefix-lists` tells none.
 * Source: EC2 API Reference, PrefixList, PrefixListEntry, ManagedPrefixList.
 */
export const prefixListsIn = (collected: Collected): PrefixLists => {
  const readings = [
    ...collected.in('PrefixLists').map(item => readingOf(item, list(field(item.body, 'Cidrs')).map(readEntry))),
    ...collected.prefixEntries.map(item =>
      readingOf(
        item,
        list(field(item.body, 'Entries')).map(entry => cidrIn(entry, 'Cidr')),
      ),
    ),
  ]
  const known = new Map<string, PrefixList>()
  for (const [id, found] of Map.groupBy(readings, ({ item }) => item.id)) known.set(id, oneOf(id, found))
  const named = collected.in('ManagedPrefixLists').map(item => ({ item, faults: [] }))
  return {
    get: id => known.get(id) ?? { cidrs: [], missing: missing(id, 'was not read') },
    objects: [...readings, ...named].map(({ item, faults }) => ({
      id: idFor('PrefixLists', item.id),
      item,
      value: null,
      faults,
    })),
  }
}

interface ListReading {
  readonly item: Item
  readonly cidrs: readonly AnyCidr[]
  readonly faults: readonly string[]
}

const readEntry = (entry: unknown): Reading<AnyCidr> =>
  typeof entry === 'string' ? readCidr(entry) : refuse('an entry is no text')

const readingOf = (item: Item, entries: readonly Reading<AnyCidr>[]): ListReading => ({
  item,
  cidrs: entries.flatMap(entry => (entry.kind === 'read' ? [entry.value] : [])),
  faults: [
    ...entries.flatMap(entry => (entry.kind === 'refused' ? [entry.why] : [])),
    ...(MORE_FOLLOWS.some(key => field(item.body, key) !== undefined) ? ['more entries follow that are not here'] : []),
  ],
})

/** Readings that agree are one; of others nobody can tell which holds. */
const oneOf = (id: string, found: readonly ListReading[]): PrefixList => {
  const said = new Set(found.map(({ cidrs }) => [...new Set(cidrs.map(printCidr))].sort().join(' ')))
  if (said.size > 1) return { cidrs: [], missing: missing(id, `is not certain: ${DIFFERS}`) }
  const fault = found.flatMap(({ faults }) => faults)[0]
  return {
    cidrs: found[0]?.cidrs ?? [],
    missing: fault === undefined ? null : missing(id, `could not be read in full: ${fault}`),
  }
}

const missing = (id: string, what: string): NonNullable<PrefixList['missing']> => ({
  why: `prefix list \`${id}\` ${what}`,
  settledBy: `its entries, as \`{"PrefixListId": "${id}", "Entries": […]}\``,
})
