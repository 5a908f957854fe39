import type { HubRoute, Route } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import { type Cidr, type Family, maskedTo } from '../../sets/cidr.ts'

/** What a table does with addresses: the route that takes them; null: none does. No two parts overlap, together they are all. */
export interface RoutePart<F extends Family, R> {
  readonly addresses: AddressSet<F>
  readonly route: R | null
  /** Others that may take them as well. */
  readonly others: readonly R[]
}

/** Of a network, or of a hub. */
type AnyRoute = Route | HubRoute
interface Table<R> {
  readonly routes: readonly R[]
}

interface Block<F extends Family, R> {
  readonly route: R
  readonly cidr: Cidr<F>
}

/**
 * The longest prefix decides; of one prefix the rank. Where a propagated route overlaps
 * the local one it loses, even if it is more specific. A route whose target is gone takes its packets all the same.
 * Source: docs.aws.amazon.com, "Configure route tables", Route priority; "Route tables and AWS Site-to-Site VPN route priority".
 */
export const partitionOf = <F extends Family, R extends AnyRoute>(
  table: Table<R>,
  family: F,
): readonly RoutePart<F, R>[] => {
  const known = partitions[family].get(table) as readonly RoutePart<F, R>[] | undefined
  if (known !== undefined) return known
  const made = partedBy(table, family)
  partitions[family].set(table, made)
  return made
}

/** A table is asked by every subnet and every way that comes there. */
const partitions = { 4: new WeakMap<object, unknown>(), 6: new WeakMap<object, unknown>() }

const partedBy = <F extends Family, R extends AnyRoute>(table: Table<R>, family: F): readonly RoutePart<F, R>[] => {
  const sets = addressesOf(family)
  const all = table.routes.flatMap((route): readonly Block<F, R>[] =>
    route.destination?.family === family ? [{ route, cidr: route.destination as Cidr<F> }] : [],
  )
  const local = sets.ofCidrs(all.filter(({ route }) => route.by === 'local').map(({ cidr }) => cidr))
  // One that holds the local route gives way to it by its length alone, and takes the rest.
  const isInLocal = (cidr: Cidr<F>): boolean => sets.isSubset(sets.ofCidrs([cidr]), local)
  const counting = all.filter(({ route, cidr }) => route.by !== 'propagated' || !isInLocal(cidr))
  // Blocks lie in each other or apart: in this order each follows those that it lies in.
  const sorted = counting.toSorted(
    (a, b) => compareWords(a.cidr.words, b.cidr.words) || a.cidr.prefix - b.cidr.prefix || a.route.rank - b.route.rank,
  )
  const around: { readonly block: Block<F, R>; readonly inner: Cidr<F>[]; readonly others: R[] }[] = []
  const outer: Cidr<F>[] = []
  const parts: RoutePart<F, R>[] = []
  const close = (): void => {
    const last = around.pop()
    if (last === undefined) return
    const addresses = sets.ofCidrs([last.block.cidr], last.inner)
    if (!sets.isEmpty(addresses)) parts.push({ addresses, route: last.block.route, others: last.others })
  }
  for (const block of sorted) {
    while (around.length > 0 && !holds((around.at(-1) as (typeof around)[number]).block.cidr, block.cidr)) close()
    const parent = around.at(-1)
    // Of one prefix the first counts, but for those of the same rank.
    if (parent !== undefined && parent.block.cidr.prefix === block.cidr.prefix) {
      if (isEqual(parent.block.route, block.route)) parent.others.push(block.route)
      continue
    }
    ;(parent?.inner ?? outer).push(block.cidr)
    around.push({ block, inner: [], others: [] })
  }
  while (around.length > 0) close()
  const left = sets.subtract(sets.full, sets.ofCidrs(outer))
  return sets.isEmpty(left) ? parts : [...parts, { addresses: left, route: null, others: [] }]
}

/** Parts that lead to one place: packets that take them have one way on. */
export interface RouteGroup<F extends Family, R> {
  readonly addresses: AddressSet<F>
  readonly parts: readonly RoutePart<F, R>[]
}

export const groupedBy = <F extends Family, R extends AnyRoute>(
  table: Table<R>,
  family: F,
): readonly RouteGroup<F, R>[] => {
  const known = groups[family].get(table) as readonly RouteGroup<F, R>[] | undefined
  if (known !== undefined) return known
  const sets = addressesOf(family)
  const made = [...Map.groupBy(partitionOf(table, family), leadsTo).values()].map(parts => ({
    addresses: sets.unionOfMany(parts.map(({ addresses }) => addresses)),
    parts,
  }))
  groups[family].set(table, made)
  return made
}

const groups = { 4: new WeakMap<object, unknown>(), 6: new WeakMap<object, unknown>() }

const leadsTo = <F extends Family, R extends AnyRoute>({ route, others }: RoutePart<F, R>): string =>
  JSON.stringify([route?.next ?? null, others.map(({ next }) => next)])

/** The first part that takes something of a set, and whether others take something, too. */
export const firstTaking = <F extends Family, R extends AnyRoute>(
  { parts }: RouteGroup<F, R>,
  taken: AddressSet<F>,
): { readonly part: RoutePart<F, R>; readonly isAlone: boolean } => {
  const sets = addressesOf(taken.family)
  const part =
    parts.length === 1 ? parts[0] : parts.find(({ addresses }) => !sets.isEmpty(sets.intersect(addresses, taken)))
  const first = (part ?? parts[0]) as RoutePart<F, R>
  return { part: first, isAlone: parts.length === 1 || sets.isSubset(taken, first.addresses) }
}

/** As of lists that have a prefix in common, or of ways of the same cost: any one of them is taken. */
const isEqual = (a: AnyRoute, b: AnyRoute): boolean =>
  a.rank === b.rank && JSON.stringify(a.next) !== JSON.stringify(b.next)

/** Routes for what nobody can tell, such as a list of prefixes that was not read: each may take more than it seems. */
export const openRoutes = <R extends AnyRoute>(table: Table<R>): readonly R[] => {
  const known = open.get(table) as readonly R[] | undefined
  if (known !== undefined) return known
  const made = table.routes.filter(({ destination }) => destination === null)
  open.set(table, made)
  return made
}

const open = new WeakMap<object, readonly AnyRoute[]>()

const holds = <F extends Family>(outer: Cidr<F>, inner: Cidr<F>): boolean =>
  outer.prefix <= inner.prefix && compareWords(maskedTo(inner, outer.prefix).words, outer.words) === 0

const compareWords = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}
