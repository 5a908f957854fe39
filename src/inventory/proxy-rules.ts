import type { ForwardProxyConfig, ProxyAccess } from '../model/proxy.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type NamePattern, printNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import { type PortSet, portSets } from '../sets/port-set.ts'
import { type AclMeaning, aclMeaning } from './proxy-acl.ts'

/** Requests of one shape that a proxy's rules let through: certainly, or where something could not be read, possibly. */
export interface ProxyShare {
  readonly sources: Addresses
  readonly ports: PortSet
  readonly destinations: Addresses
  /** null: every name, and every address. */
  readonly names: readonly NamePattern[] | null
  /** Names that are refused among these. */
  readonly refused: readonly NamePattern[]
  /** An address in the place of a name is looked up backwards, and its name compared. */
  readonly reverse: boolean
  readonly certain: boolean
  /** The line that lets it through. */
  readonly written: string
}

interface Box extends Omit<ProxyShare, 'certain' | 'written'> {}

const EVERYTHING: Box = {
  sources: bothFamilies.full,
  ports: portSets.full,
  destinations: bothFamilies.full,
  names: null,
  refused: [],
  reverse: false,
}

/**
 * First match wins, so what an allow line lets through is what it matches, less what a deny line before it matches; what
 * another allow line has let through already does no harm. Each method is asked by itself, since a client chooses it. What no
 * line matches gets the opposite of the last line. Without lines nothing is known but that there are none.
 * Source: squid-cache.org/Doc/config/http_access, "NOTE on default values".
 */
export const proxyShares = (config: ForwardProxyConfig): readonly ProxyShare[] => {
  const rules = withDefault(config)
  const shares = methodsOf(config).flatMap(method => [
    ...sharesOf(config, rules, method, true),
    ...sharesOf(config, rules, method, false),
  ])
  return merged(shares)
}

const withDefault = ({ access, product }: ForwardProxyConfig): readonly ProxyAccess[] =>
  product === 'squid' && access.at(-1)?.action === 'deny'
    ? [
        ...access,
        { action: 'allow', acls: [], written: 'no http_access line at the end: the opposite of the last one' },
      ]
    : access

const methodsOf = (config: ForwardProxyConfig): readonly string[] => {
  const written = [...config.acls.values()].flatMap(acl => (acl.type === 'method' ? acl.values : []))
  return [...new Set(['CONNECT', 'GET', ...written.map(value => value.toUpperCase())])]
}

/** What is certain, or what is possible. */
const sharesOf = (
  config: ForwardProxyConfig,
  rules: readonly ProxyAccess[],
  method: string,
  certain: boolean,
): readonly ProxyShare[] => {
  const denied: Box[] = []
  const shares: ProxyShare[] = []
  for (const { action, acls, written } of rules) {
    // A deny line that may match takes from what is certain, and one that certainly does from what is possible.
    const box = boxOf(config, acls, method, action === 'allow' ? certain : !certain)
    if (box === null) continue
    if (action === 'deny') denied.push(box)
    else shares.push(...without(box, denied, certain).map(left => ({ ...left, certain, written })))
  }
  return shares
}

/** What a line matches: at least, if `certain`, else at most. null: nothing. */
const boxOf = (config: ForwardProxyConfig, acls: readonly string[], method: string, certain: boolean): Box | null => {
  let box = EVERYTHING
  for (const text of acls) {
    const negated = text.startsWith('!')
    const meaning = aclMeaning(config, negated ? text.slice(1) : text)
    switch (meaning.of) {
      case 'nothing':
        if (!negated) return null
        break
      case 'method':
        if (meaning.set.has(method) === negated) return null
        break
      case 'unknown':
        if (certain) return null
        break
      default:
        // Values that could not be read widen a list, and narrow what is not in it.
        if (!meaning.whole && certain === negated) {
          if (certain) return null
          break
        }
        box = narrowed(box, meaning, negated)
    }
  }
  return isEmpty(box) ? null : box
}

type Limiting = Exclude<AclMeaning, { of: 'nothing' | 'method' | 'unknown' }>

const narrowed = (box: Box, meaning: Limiting, negated: boolean): Box => {
  switch (meaning.of) {
    case 'source':
      return { ...box, sources: cut(box.sources, meaning.set, negated) }
    case 'destination':
      return { ...box, destinations: cut(box.destinations, meaning.set, negated) }
    case 'port':
      return { ...box, ports: (negated ? portSets.subtract : portSets.intersect)(box.ports, meaning.set) }
    case 'name':
      return {
        ...box,
        names: negated ? box.names : box.names === null ? meaning.patterns : common(box.names, meaning.patterns),
        refused: negated ? [...box.refused, ...meaning.patterns] : box.refused,
        reverse: box.reverse || meaning.reverse,
      }
  }
}

const cut = (set: Addresses, by: Addresses, negated: boolean): Addresses =>
  (negated ? bothFamilies.subtract : bothFamilies.intersect)(set, by)

const without = (box: Box, denied: readonly Box[], certain: boolean): readonly Box[] => {
  let left: readonly Box[] = [box]
  for (const deny of denied) {
    left = left.flatMap(one => minus(one, deny, certain))
    // Past all reason: less is certain, more is possible.
    if (left.length > MOST_BOXES) return certain ? [] : [box]
  }
  return left
}

const MOST_BOXES = 64

/** A box less another: a part for each side that the other does not cover. */
const minus = (box: Box, deny: Box, certain: boolean): readonly Box[] => {
  const meets: Box = {
    ...box,
    sources: bothFamilies.intersect(box.sources, deny.sources),
    ports: portSets.intersect(box.ports, deny.ports),
    destinations: bothFamilies.intersect(box.destinations, deny.destinations),
  }
  if (isEmpty(meets)) return [box]
  const parts: Box[] = [
    { ...box, sources: bothFamilies.subtract(box.sources, deny.sources) },
    { ...box, sources: meets.sources, ports: portSets.subtract(box.ports, deny.ports) },
    {
      ...box,
      sources: meets.sources,
      ports: meets.ports,
      destinations: bothFamilies.subtract(box.destinations, deny.destinations),
    },
  ].filter(part => !isEmpty(part))
  const named = { ...meets, reverse: box.reverse || deny.reverse }
  if (deny.names !== null && deny.refused.length === 0)
    parts.push({ ...named, refused: [...box.refused, ...deny.names] })
  else if (deny.names === null && deny.refused.length > 0)
    parts.push({ ...named, names: box.names === null ? deny.refused : common(box.names, deny.refused) })
  else if (deny.names !== null && !certain) parts.push(meets)
  return parts.filter(part => !isEmpty(part))
}

const isEmpty = ({ sources, ports, destinations, names: of, refused }: Box): boolean =>
  bothFamilies.isEmpty(sources) ||
  portSets.isEmpty(ports) ||
  bothFamilies.isEmpty(destinations) ||
  (of !== null && (of.length === 0 || names.isSubset(names.ofPatterns(of), names.ofPatterns(refused)) === 'yes'))

const names = nameSets()

/** Names that both lists hold, as patterns of either: the narrower of two; where two only overlap, the first. */
export const common = (some: readonly NamePattern[], others: readonly NamePattern[]): readonly NamePattern[] => {
  const found = new Map<string, NamePattern>()
  for (const one of some) {
    const own = names.ofPatterns([one])
    for (const other of others) {
      const its = names.ofPatterns([other])
      const narrower =
        names.isSubset(its, own) === 'yes' ? other : names.isEmpty(names.intersect(own, its)) === 'yes' ? null : one
      if (narrower !== null) found.set(printNamePattern(narrower), narrower)
    }
  }
  return [...found.values()]
}

/** Shares that differ in their ports only are one. */
const merged = (shares: readonly ProxyShare[]): readonly ProxyShare[] => {
  const byRest = new Map<string, ProxyShare>()
  for (const share of shares) {
    const { ports, ...rest } = share
    const key = JSON.stringify(rest, (_, value) => (ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value))
    const known = byRest.get(key)
    byRest.set(key, known === undefined ? share : { ...known, ports: portSets.union(known.ports, ports) })
  }
  return [...byRest.values()]
}
