import type { CoverageNote, Diagnostic, SupportState } from '../../model/coverage.ts'
import type { NextHop } from '../../model/fabric.ts'
import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { type DocumentPath, type Origin, pathText } from '../../model/provenance.ts'
import type { RawDocument } from '../files/read.ts'
import { oncePerPlace } from '../once-per-place.ts'
import { idOfArn, isKnownByArn } from './arns.ts'
import { compareItems, type Item, wordIn } from './item.ts'
import { isPrinted, type Wrapper, wrapperOf, wrappersIn } from './recognise.ts'
import {
  BESIDE,
  COLLECTIONS,
  type CollectionName,
  isCollectionName,
  LATER_LISTS,
  LATER_OBJECTS,
  MORE_FOLLOWS,
  SINGLES,
} from './schema.ts'

/** What the documents hold, by collection, each in the order of its place. */
export interface Collected {
  readonly in: (collection: CollectionName) => readonly Item[]
  /** Outputs that somebody wrapped with the prefix list that they are of. */
  readonly prefixEntries: readonly Item[]
  /** The same of tables of transit gateways. */
  readonly hubTables: readonly Item[]
  /** Collections that some document has, if with nothing in them. */
  readonly read: ReadonlySet<CollectionName>
  /** Collections of which some document says that more follows. */
  readonly cut: ReadonlySet<CollectionName>
  readonly notes: readonly CoverageNote[]
  readonly diagnostics: readonly Diagnostic[]
  /** Objects that never become any of the model. */
  readonly counts: Readonly<Record<Extract<SupportState, 'notImplemented' | 'unrecognised'>, number>>
}

/** Objects that another dialect tells of, in the form that the command line would print. */
export interface Supplied {
  /** By the key of the list that they would stand in. */
  readonly items: readonly { readonly key: string; readonly item: Item }[]
  /** Lists whose output does not name whose they are, wrapped. */
  readonly wrapped: readonly Item[]
  /** Where routes lead, by what stands in place of a target that has no id yet. */
  readonly hops: ReadonlyMap<string, NextHop>
  readonly notes: readonly CoverageNote[]
  /** Objects that became part of others, or of nothing. */
  readonly counts: Readonly<Record<SupportState, number>>
  /** Public access is blocked in some account and region. */
  readonly isBlocked: boolean
}

/** Sorts what was read into collections. Everything that is in none of them gets a note that names it. */
export const collect = (documents: readonly RawDocument[], supplied: readonly Supplied[] = []): Collected => {
  const items = new Map<CollectionName, Item[]>()
  const wrapped: Record<Wrapper['key'], Item[]> = { PrefixListId: [], TransitGatewayRouteTableId: [] }
  const cut = new Set<CollectionName>()
  const read = new Set<CollectionName>()
  const notes: CoverageNote[] = []
  const diagnostics: Diagnostic[] = []
  const counts = { notImplemented: 0, unrecognised: 0 }
  const note = (
    document: { readonly origin: Origin },
    state: 'notImplemented' | 'unrecognised',
    objects: number,
    why: string,
  ): void => {
    counts[state] += objects
    notes.push({ state, object: null, file: document.origin.file, line: document.origin.line, why })
  }
  const take = (document: RawDocument, key: CollectionName): void => {
    const found = listIn(items, key)
    if (SINGLES.includes(key)) add(document, key, document.body, [], found)
    for (const [index, body] of list(document.body[key]).entries())
      if (key === 'Reservations') {
        // The account stands at the reservation alone.
        for (const [i, instance] of list(field(body, 'Instances')).entries())
          add(document, key, withAccount(instance, field(body, 'OwnerId')), [key, index, 'Instances', i], found)
        if (!Array.isArray(field(body, 'Instances')))
          note(document, 'unrecognised', 1, `\`${key}[${index}]\` holds no list of instances`)
      } else add(document, key, body, [key, index], found)
  }
  const add = (document: RawDocument, key: CollectionName, body: Json, at: DocumentPath, found: Item[]): void => {
    const id = rawIdOf(key, body)
    if (id !== null && isObject(body)) found.push({ id, body, origin: document.origin, at })
    else
      note(
        document,
        'unrecognised',
        1,
        `\`${at.length === 0 ? key : pathText(at)}\` is no object with a \`${COLLECTIONS[key].key}\``,
      )
  }
  for (const document of oncePerPlace(documents)) {
    const { body, origin } = document
    const wrapper = wrapperOf(body)
    const known = wrapper === null ? Object.keys(body).filter(key => isCollectionName(key) && isPrinted(body, key)) : []
    if (wrapper !== null) wrapped[wrapper.key].push({ id: wrapper.id, body, origin, at: [] })
    const inside = wrapper === null ? wrappersIn(body) : []
    for (const one of inside) wrapped[one.wrapper.key].push({ id: one.wrapper.id, body: one.body, origin, at: one.at })
    for (const key of known as readonly CollectionName[]) {
      read.add(key)
      take(document, key)
    }
    const taken = new Set(inside.map(({ at: [key] }) => key))
    const later = wrapper === null ? laterIn(body).filter(({ key }) => !taken.has(key)) : []
    for (const { key, objects } of later)
      if (objects > 0) note(document, 'notImplemented', objects, laterWhy(key, objects, body))
    if (wrapper === null && known.length + inside.length + later.length === 0)
      note(document, 'unrecognised', 1, 'not an output of the AWS command line that is known')
    if (MORE_FOLLOWS.every(key => (text(field(body, key)) ?? '') === '')) continue
    for (const key of known as readonly CollectionName[]) cut.add(key)
    diagnostics.push({
      severity: 'warning',
      file: origin.file,
      line: origin.line,
      column: null,
      message: `the output was cut (${[...known, ...later.map(({ key }) => key), ...(wrapper?.lists ?? [])].join(', ')}): save it whole, without \`--max-items\` or \`--no-paginate\``,
    })
  }
  for (const { key, item } of supplied.flatMap(one => one.items))
    if (isCollectionName(key)) listIn(items, key).push(item)
    else note(item, 'notImplemented', 1, `${key} of \`${item.id}\`: ${LATER}`)
  for (const item of supplied.flatMap(one => one.wrapped)) {
    const wrapper = wrapperOf(item.body)
    if (wrapper !== null) wrapped[wrapper.key].push(item)
    else note(item, 'unrecognised', 1, `\`${item.id}\` is no list that is known`)
  }
  for (const found of items.values()) found.sort(compareItems)
  return {
    in: collection => items.get(collection) ?? [],
    prefixEntries: wrapped.PrefixListId,
    hubTables: wrapped.TransitGatewayRouteTableId.sort(compareItems),
    read,
    cut,
    notes,
    diagnostics,
    counts,
  }
}

const LATER = 'not evaluated'

const listIn = (items: Map<CollectionName, Item[]>, key: CollectionName): Item[] => {
  const found = items.get(key) ?? []
  items.set(key, found)
  return found
}

const withAccount = (instance: Json, account: Json | undefined): Json =>
  isObject(instance) ? { OwnerId: account ?? null, ...instance } : instance

/** An elastic address of old has no id but itself. */
const rawIdOf = (key: CollectionName, body: Json): string | null => {
  const own = SINGLES.includes(key) ? field(body, key) : body
  const id = wordIn(own, COLLECTIONS[key].key)
  if (isKnownByArn(key)) return id === null ? null : idOfArn(key, id, wordIn(own, 'clusterArn'))
  return id ?? (key === 'Addresses' ? wordIn(body, 'PublicIp') : null)
}

/** What is known, or looks like an output, and is not evaluated. */
const laterIn = (body: JsonObject): readonly { readonly key: string; readonly objects: number }[] =>
  Object.keys(body)
    .filter(key => !isCollectionName(key) && !BESIDE.includes(key))
    .flatMap(key => {
      const value = body[key]
      if (Array.isArray(value) && (LATER_LISTS.includes(key) || isObject(list(value)[0])))
        return [{ key, objects: value.length }]
      return LATER_OBJECTS.includes(key) && isObject(value) ? [{ key, objects: 1 }] : []
    })
    .toSorted((a, b) => compareText(a.key, b.key))

const laterWhy = (key: string, objects: number, body: JsonObject): string => {
  if (key === 'Entries' && field(list(body[key])[0], 'Cidr') !== undefined)
    return 'entries of a prefix list that is not named: wrap them as `{"PrefixListId": "pl-…", "Entries": […]}`'
  if (key === 'VpcBlockPublicAccessOptions' && isBlocking(body))
    return 'VPC Block Public Access is on: what its exclusions let through is not evaluated, and ways through internet gateways are open'
  return `${key} (${objects}): ${LATER}`
}

/** Of the account and region that the output is of, which it does not name. */
export const isBlocking = (body: JsonObject): boolean => {
  const mode = text(field(body['VpcBlockPublicAccessOptions'], 'InternetGatewayBlockMode'))
  return mode !== undefined && mode !== 'off'
}
