import { field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import type {
  AddressFamily,
  AddressItem,
  FirewallMatch,
  FirewallVerdict,
  NumberSpan,
} from '../../model/node-firewall.ts'
import { parsePrefix, rangeItem } from './address.ts'
import { jsonText, textOf, unknown } from './json-fields.ts'
import { icmpType, protocolNumber } from './protocols.ts'

/**
 * nftables expressions as neutral matches. An expression on the left names what is looked at, the right side what it
 * is compared with; both kinds of maps and sets of tuples are read with the same functions, one key part at a time.
 * Source: libnftables-json(5), 1.0.6.
 */
export interface NamedSet {
  readonly name: string
  readonly elements: readonly Json[]
  /** Its members change by themselves: what was dumped need not hold a second later. */
  readonly dynamic: boolean
  /** What rules made of the members before, by what they look at: a big set is asked by many rules. */
  readonly matches: Map<string, readonly FirewallMatch[]>
  readonly choices: Map<string, FirewallVerdict | null>
}
export type Sets = ReadonlyMap<string, NamedSet>

/** `left op right`: a conjunction, since `tcp dport 80` also says that the packet is TCP. */
export const matchesOf = (
  op: string,
  left: Json | undefined,
  right: Json | undefined,
  sets: Sets,
): readonly FirewallMatch[] => {
  const opaque: readonly FirewallMatch[] = [unknown({ match: { op, left: left ?? null, right: right ?? null } })]
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = sets.get(right.slice(1))
    const negated = op === '!='
    if (set === undefined || set.dynamic)
      return [{ kind: 'set', name: right.slice(1), negated, sides: [jsonText(left)] }]
    const key = `${op} ${JSON.stringify(left)}`
    const before = set.matches.get(key)
    if (before !== undefined) return before
    const found = compare(op, left, set.elements.map(elementValue), set.name, sets) ?? opaque
    set.matches.set(key, found)
    return found
  }
  const members = field(right, 'set')
  const values = Array.isArray(members) ? list(members).map(elementValue) : [right ?? null]
  return compare(op, left, values, null, sets) ?? opaque
}

const compare = (
  op: string,
  left: Json | undefined,
  values: readonly Json[],
  set: string | null,
  sets: Sets,
): readonly FirewallMatch[] | null => {
  if (!isConcat(left)) return one(op, left, values, set)
  // Not being in a set of tuples still asks for the protocols and families that the tuple names: no neutral word.
  if (op !== '==' && op !== 'in') return null
  return [{ kind: 'anyOf', negated: false, alternatives: values.map(value => keyMatches(left, value, sets)), set }]
}

/** The key of a map or of a set of tuples equals the element: conjunction over the parts of the key. */
export const keyMatches = (left: Json | undefined, element: Json, sets: Sets): readonly FirewallMatch[] => {
  if (element === '*') return []
  if (!isConcat(left)) return matchesOf('==', left, element, sets)
  const parts = list(field(left, 'concat'))
  const values = list(field(element, 'concat'))
  if (parts.length !== values.length) return [unknown(element)]
  return parts.flatMap((part, i) => matchesOf('==', part, values[i] ?? null, sets))
}

/** `{ "elem": { "val": …, "counter": … } }` and the bare value. */
export const elementValue = (element: Json): Json => {
  const wrapped = field(field(element, 'elem'), 'val')
  return wrapped === undefined ? element : wrapped
}

const isConcat = (left: Json | undefined): boolean => field(left, 'concat') !== undefined

/** null: not understood. */
const one = (
  op: string,
  left: Json | undefined,
  values: readonly Json[],
  set: string | null,
): readonly FirewallMatch[] | null => {
  if (!isObject(left)) return null
  const equal = op === '==' || op === 'in' || op === '!='
  const negated = op === '!='
  const payload = field(left, 'payload')
  if (isObject(payload)) return payloadMatches(payload, op, values, set)
  const key = textOf((field(left, 'meta') ?? null) as JsonObject, 'key')
  const words = values.flatMap(value => (Array.isArray(value) ? list(value) : [value])).map(value => wordOf(value))
  const names = words.filter(word => word !== null)
  const allWords = names.length === words.length && names.length > 0
  const match = (found: FirewallMatch): readonly FirewallMatch[] => [found]
  if (key !== null) {
    if (key === 'l4proto' && equal) return protocolsMatch(negated, values)
    if (key === 'nfproto' || key === 'protocol') return equal ? familyMatch(negated, names) : null
    if ((key === 'iifname' || key === 'oifname' || key === 'iif' || key === 'oif') && equal && allWords) {
      const side = key.startsWith('i') ? 'in' : 'out'
      return match({ kind: 'interface', side, negated, names: names.map(interfaceName) })
    }
    if (key === 'mark' && equal) return markMatch('packet', negated, values, 0xffff_ffff)
    if (key === 'skuid' || key === 'skgid') {
      const ids = spansOf(op, values, 0xffff_ffff)
      return ids && match({ kind: 'owner', subject: key === 'skuid' ? 'user' : 'group', negated, ids })
    }
    return null
  }
  const ct = field(left, 'ct')
  if (isObject(ct) && equal) {
    const ctKey = textOf(ct, 'key')
    // `ct status dnat` asks what iptables asks with `--ctstate DNAT`; the other status bits are no state.
    const status = ctKey === 'status' && names.every(name => name === 'dnat' || name === 'snat')
    if ((ctKey === 'state' || status) && allWords) return match({ kind: 'connectionState', negated, states: names })
    if (ctKey === 'mark') return markMatch('connection', negated, values, 0xffff_ffff)
    return null
  }
  const fib = field(left, 'fib')
  if (isObject(fib) && equal && textOf(fib, 'result') === 'type' && allWords) {
    const flags = list(field(fib, 'flags'))
    const flag = flags.length === 1 ? flags[0] : field(fib, 'flags')
    if (flag === 'daddr') return match({ kind: 'addressType', side: 'destination', negated, types: names })
    if (flag === 'saddr') return match({ kind: 'addressType', side: 'source', negated, types: names })
  }
  const numgen = field(left, 'numgen')
  if (isObject(numgen) && textOf(numgen, 'mode') === 'random') return shareMatch(op, numgen, values)
  const and = list(field(left, '&'))
  return and.length === 2 && equal ? maskedMatch(and[0], and[1], negated, values) : null
}

const payloadMatches = (
  payload: JsonObject,
  op: string,
  values: readonly Json[],
  set: string | null,
): readonly FirewallMatch[] | null => {
  const protocol = textOf(payload, 'protocol')
  const name = textOf(payload, 'field')
  const negated = op === '!='
  const equal = op === '==' || op === 'in' || negated
  const layer = protocol === 'ip' ? 4 : protocol === 'ip6' ? 6 : null
  if (layer !== null) {
    const family: FirewallMatch = { kind: 'family', negated: false, family: layer }
    if ((name === 'saddr' || name === 'daddr') && equal) {
      const side = name === 'saddr' ? 'source' : 'destination'
      return [family, { kind: 'address', side, negated, items: values.map(value => addressItem(value, layer)), set }]
    }
    if ((name === 'protocol' || name === 'nexthdr') && equal) {
      const found = protocolsMatch(negated, values)
      return found && [family, ...found]
    }
    return null
  }
  if ((name === 'sport' || name === 'dport') && protocol !== null) {
    const ports = spansOf(op, values, 65_535)
    const number = protocol === 'th' ? null : protocolNumber(protocol)
    if (ports === null || (protocol !== 'th' && number === null)) return null
    const side = name === 'sport' ? 'source' : 'destination'
    const match: FirewallMatch = { kind: 'port', side, negated, ports, set }
    return number === null ? [match] : [{ kind: 'protocol', negated: false, protocols: [number] }, match]
  }
  if ((protocol === 'icmp' || protocol === 'icmpv6') && name === 'type' && equal) {
    const family = protocol === 'icmp' ? 4 : 6
    const types = values.map(value => icmpType(String(value), family)).filter(type => type !== null)
    if (types.length !== values.length) return null
    return [
      { kind: 'protocol', negated: false, protocols: [family === 4 ? 1 : 58] },
      { kind: 'icmp', family, negated, types },
    ]
  }
  return null
}

export const addressItem = (value: Json, family: AddressFamily): AddressItem => {
  const prefix = field(value, 'prefix')
  const range = list(field(value, 'range'))
  const [first, last] = range
  const item: AddressItem | null =
    typeof value === 'string'
      ? parsePrefix(value)
      : isObject(prefix)
        ? parsePrefix(`${textOf(prefix, 'addr')}/${jsonText(field(prefix, 'len'))}`)
        : typeof first === 'string' && typeof last === 'string'
          ? rangeItem(first, last)
          : null
  return item === null || (item.kind !== 'unknown' && item.family !== family) ? unknown(value) : item
}

/** Ports, user ids: numbers and ranges under an operator; null when a member is neither. */
const spansOf = (op: string, values: readonly Json[], top: number): readonly NumberSpan[] | null => {
  const spans: NumberSpan[] = []
  for (const value of values) {
    const range = list(field(value, 'range'))
    const [first, last] = range.length === 2 ? range : [value, value]
    if (!isNumber(first, top) || !isNumber(last, top)) return null
    if (op === '==' || op === 'in' || op === '!=') spans.push({ first, last })
    else if (op === '<' && first > 0) spans.push({ first: 0, last: first - 1 })
    else if (op === '<=') spans.push({ first: 0, last: first })
    else if (op === '>' && first < top) spans.push({ first: first + 1, last: top })
    else if (op === '>=') spans.push({ first, last: top })
    else return null
  }
  return spans
}

const isNumber = (value: Json | undefined, top: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= top

const protocolsMatch = (negated: boolean, values: readonly Json[]): readonly FirewallMatch[] | null => {
  const protocols = values.map(value => protocolNumber(String(value))).filter(number => number !== null)
  return protocols.length === values.length ? [{ kind: 'protocol', negated, protocols }] : null
}

const familyMatch = (negated: boolean, names: readonly string[]): readonly FirewallMatch[] | null => {
  const [name] = names
  if (names.length !== 1) return null
  const family = name === 'ipv4' || name === 'ip' ? 4 : name === 'ipv6' || name === 'ip6' ? 6 : null
  return family && [{ kind: 'family', negated, family }]
}

const markMatch = (
  subject: 'packet' | 'connection',
  negated: boolean,
  values: readonly Json[],
  mask: number,
): readonly FirewallMatch[] | null => {
  const marks = values.filter(value => isNumber(value, 0xffff_ffff))
  if (marks.length !== values.length) return null
  const alternatives = marks.map((value): FirewallMatch => ({ kind: 'mark', subject, negated: false, value, mask }))
  const [only] = alternatives
  if (alternatives.length === 1 && only?.kind === 'mark') return [{ ...only, negated }]
  return [{ kind: 'anyOf', negated, alternatives: alternatives.map(match => [match]), set: null }]
}

/** `numgen random mod 100 < 30`: three packets of ten. */
const shareMatch = (op: string, numgen: JsonObject, values: readonly Json[]): readonly FirewallMatch[] | null => {
  const mod = field(numgen, 'mod')
  const [limit] = values
  if (!isNumber(mod, 0xffff_ffff) || !isNumber(limit, mod) || mod === 0 || (field(numgen, 'offset') ?? 0) !== 0)
    return null
  const hits = op === '<' ? limit : op === '==' ? 1 : op === '>=' ? mod - limit : null
  return hits === null ? null : [{ kind: 'share', share: hits / mod }]
}

/** `(subject & mask) == value`: marks, TCP flags, addresses under a mask. */
const maskedMatch = (
  subject: Json | undefined,
  mask: Json | undefined,
  negated: boolean,
  values: readonly Json[],
): readonly FirewallMatch[] | null => {
  const meta = field(field(subject, 'meta'), 'key')
  const ct = field(field(subject, 'ct'), 'key')
  if (meta === 'mark' || ct === 'mark')
    return isNumber(mask, 0xffff_ffff)
      ? markMatch(meta === 'mark' ? 'packet' : 'connection', negated, values, mask)
      : null
  const payload = field(subject, 'payload')
  if (field(payload, 'protocol') === 'tcp' && field(payload, 'field') === 'flags') {
    const tcp: FirewallMatch = { kind: 'protocol', negated: false, protocols: [6] }
    const [value] = values
    const set = value === 0 ? [] : flagsOf(value)
    const examined = flagsOf(mask)
    if (values.length !== 1 || set === null || examined === null) return null
    return [tcp, { kind: 'tcpFlags', negated, examined, set }]
  }
  return null
}

/** `"syn"`, `["syn", "ack"]`, `{ "|": ["syn", "ack"] }`. */
const flagsOf = (value: Json | undefined): readonly string[] | null => {
  const either = field(value, '|')
  const flags = Array.isArray(either) ? list(either) : Array.isArray(value) ? list(value) : [value ?? null]
  const words = flags.filter(flag => typeof flag === 'string')
  return words.length === flags.length && words.length > 0 ? words : null
}

const interfaceName = (name: string): { readonly name: string; readonly prefix: boolean } =>
  name.endsWith('*') ? { name: name.slice(0, -1), prefix: true } : { name, prefix: false }

const wordOf = (value: Json): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null
