import { addresses4, addresses6 } from '../sets/address-set.ts'
import { printCidrs } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { printTraffic } from '../sets/parse-traffic.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'

/** One draft of an EgressIntent, as it is written. Keys that are empty are not written. */
export interface Draft {
  readonly name: string
  readonly from: DraftSubject
  readonly allow: readonly DraftEntry[]
}

export interface DraftSubject {
  readonly clusters?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly serviceAccounts?: readonly string[]
  readonly workloads?: readonly string[]
  readonly nodePools?: readonly string[]
}

export interface DraftEntry {
  readonly to: {
    readonly names?: readonly string[]
    readonly cidrs?: readonly string[]
    readonly except?: readonly string[]
  }
  readonly ports?: readonly string[]
  readonly owner?: string
  readonly justification?: string
  readonly reviewBy?: string
  /** What a person should look at before keeping it. */
  readonly note: string | null
}

/** Where the schema's lists end: of blocks, of names and of ports, and how long one text of ports is. */
const MOST_CIDRS = 1024
const MOST_NAMES = 256
const MOST_PORTS = 256
const MOST_LETTERS = 64

/** Entries that declare exactly these addresses with this traffic, in the fewest blocks. */
export const addressEntries = (
  addresses: Addresses,
  traffic: Traffic,
  rest: Omit<DraftEntry, 'to' | 'ports'>,
): readonly DraftEntry[] => {
  if (bothFamilies.isEmpty(addresses) || traffics.isEmpty(traffic)) return []
  const entries = (to: DraftEntry['to']): readonly DraftEntry[] =>
    portsOf(traffic).map(ports => ({ to, ...ports, ...rest }))
  const blocks = [
    blocksOf(printCidrs(addresses.v4), '0.0.0.0/0', () => printCidrs(addresses4.complement(addresses.v4))),
    blocksOf(printCidrs(addresses.v6), '::/0', () => printCidrs(addresses6.complement(addresses.v6))),
  ]
  const except = blocks.flatMap(one => one.except)
  const cidrs = blocks.flatMap(one => one.cidrs)
  if (except.length > 0 && except.length <= MOST_CIDRS && cidrs.length <= MOST_CIDRS) return entries({ cidrs, except })
  const all = except.length > 0 ? [...printCidrs(addresses.v4), ...printCidrs(addresses.v6)] : cidrs
  return inLists(all, MOST_CIDRS).flatMap(some => entries({ cidrs: some }))
}

export const inLists = <T>(all: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most))

/** A family with a few holes is told by its holes. */
const blocksOf = (
  exact: readonly string[],
  whole: string,
  holes: () => readonly string[],
): { readonly cidrs: readonly string[]; readonly except: readonly string[] } => {
  const except = exact.length > 2 ? holes() : []
  return except.length > 0 && except.length + 1 < exact.length
    ? { cidrs: [whole], except }
    : { cidrs: exact, except: [] }
}

/**
 * Entries for the patterns of a rule. An intent knows a star as a whole label in front: other patterns are declared by the
 * narrowest that holds them, and every name by every address.
 */
export const nameEntries = (
  patterns: readonly string[],
  traffic: Traffic,
  rest: Omit<DraftEntry, 'to' | 'ports'>,
): readonly DraftEntry[] => {
  const found = patterns.map(declarable)
  const exact = found.filter(one => one.name !== null && !one.isWider)
  const wider = found.filter(one => one.name !== null && one.isWider)
  const entry = (some: typeof found, note: string | null): readonly DraftEntry[] =>
    inLists([...new Set(some.flatMap(({ name }) => name ?? []))], MOST_NAMES).flatMap(names =>
      portsOf(traffic).map(ports => ({ to: { names }, ...ports, ...rest, note })),
    )
  return [
    ...entry(exact, rest.note),
    ...entry(wider, 'wider than the rule, which has a star inside a label'),
    ...(found.some(({ name }) => name === null)
      ? addressEntries(bothFamilies.full, traffic, { ...rest, note: 'a rule allows every name' })
      : []),
  ]
}

const declarable = (text: string): { readonly name: string | null; readonly isWider: boolean } => {
  const below = text.startsWith('**.')
  const labels = (below ? text.slice(3) : text).split('.')
  const star = labels.findLastIndex(label => label.includes('*'))
  if (star < 0) return { name: text, isWider: false }
  const tail = labels.slice(star + 1).join('.')
  if (tail === '') return { name: null, isWider: true }
  return !below && star === 0
    ? { name: `*.${tail}`, isWider: labels[0] !== '*' }
    : { name: `**.${tail}`, isWider: true }
}

/** The ports of each entry that it takes to say them all: one, but for very many. */
const portsOf = (traffic: Traffic): readonly { readonly ports?: readonly string[] }[] =>
  traffics.equals(traffic, traffics.full)
    ? [{}]
    : inLists(printTraffic(traffic).flatMap(shortEnough), MOST_PORTS).map(ports => ({ ports }))

/** `21,80,443/TCP` as several texts of the same protocol, where one would be longer than the schema takes. */
const shortEnough = (text: string): readonly string[] => {
  if (text.length <= MOST_LETTERS) return [text]
  const [ports = '', protocol = ''] = text.split('/')
  const lists: string[] = []
  for (const port of ports.split(',')) {
    const longer = lists.length === 0 ? port : `${lists.at(-1)},${port}`
    if (lists.length > 0 && `${longer}/${protocol}`.length <= MOST_LETTERS) lists[lists.length - 1] = longer
    else lists.push(port)
  }
  return lists.map(list => `${list}/${protocol}`)
}
