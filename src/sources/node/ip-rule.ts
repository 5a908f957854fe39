import { field, isObject, type JsonObject } from '../../model/json.ts'
import type { RoutingAction, RoutingRule } from '../../model/node-facts.ts'
import type { AddressFamily, AddressPrefix, NumberSpan } from '../../model/node-firewall.ts'
import { parseAddress, prefixOf } from './address.ts'
import { has, integerOf, jsonText, textOf, unknownMembers } from './json-fields.ts'
import { jsonItems } from './json-items.ts'
import { openJournal, type Reading, unsigned } from './reading.ts'

/**
 * `ip -j rule`, and `ip -6 -j rule`. The output names no family: it is the section's, else that of any address in the
 * list, else IPv4 when the table `default` is asked (IPv6 has none), else null.
 */
export const readIpRule = (
  text: string,
  file: string,
  firstLine = 1,
  section: AddressFamily | null = null,
): Reading<readonly RoutingRule[]> => {
  const journal = openJournal(file)
  const rules: RoutingRule[] = []
  for (const { value, line, index } of jsonItems(text, 1, journal, firstLine)) {
    if (isObject(value) && Object.keys(value).length === 0) continue
    const priority = isObject(value) ? integerOf(value, 'priority') : null
    if (!isObject(value) || priority === null) {
      journal.refuse(line, 'a rule without `priority`, save `ip -j rule` again')
      continue
    }
    const source = selector(value, 'src')
    const destination = selector(value, 'dst')
    if (source === undefined || destination === undefined || (has(value, 'fwmark') && markOf(value) === null)) {
      journal.refuse(line, 'a rule whose selectors cannot be read', jsonText(value))
      continue
    }
    const action = actionOf(value)
    const unknown = unknownMembers(value, KNOWN)
    for (const fact of action.kind === 'unknown' ? [...unknown, action] : unknown)
      journal.note('partly', line, 'a member of a routing rule is not understood', fact.text)
    const protocol = field(value, 'ipproto')
    rules.push({
      family: section ?? source?.family ?? destination?.family ?? null,
      priority,
      negated: has(value, 'not'),
      source,
      destination,
      inputInterface: textOf(value, 'iif'),
      outputInterface: textOf(value, 'oif'),
      mark: markOf(value),
      tos: textOf(value, 'tos'),
      protocol: typeof protocol === 'number' ? String(protocol) : textOf(value, 'ipproto'),
      sourcePorts: spanOf(value, 'sport', 'sport_start', 'sport_end'),
      destinationPorts: spanOf(value, 'dport', 'dport_start', 'dport_end'),
      users: spanOf(value, 'uid', 'uid_start', 'uid_end'),
      action,
      suppressPrefixLength: integerOf(value, 'suppress_prefixlen'),
      unknown,
      origin: { file, line, index },
    })
  }
  const told = rules.find(rule => rule.family !== null)?.family ?? (asksDefault(rules) ? 4 : null)
  if (told === null && rules.length > 0)
    journal.note('partly', rules[0]?.origin.line ?? null, 'the family of these rules is not told')
  return journal.close(rules.map(rule => (rule.family === null ? { ...rule, family: told } : rule)))
}

const asksDefault = (rules: readonly RoutingRule[]): boolean =>
  rules.some(({ action }) => action.kind === 'lookup' && action.table === 'default')

/** null: `all`; undefined: malformed. */
const selector = (rule: JsonObject, key: 'src' | 'dst'): AddressPrefix | null | undefined => {
  const told = textOf(rule, key)
  if (told === null || told === 'all') return null
  const address = parseAddress(told)
  if (address === null) return undefined
  const bits = address.family === 4 ? 32 : 128
  const length = has(rule, `${key}len`) ? integerOf(rule, `${key}len`) : bits
  return length === null || length < 0 || length > bits ? undefined : prefixOf(address, length)
}

const markOf = (rule: JsonObject): RoutingRule['mark'] => {
  const value = unsigned(textOf(rule, 'fwmark') ?? '')
  if (value === null) return null
  return { value, mask: unsigned(textOf(rule, 'fwmask') ?? '') ?? 0xffff_ffff }
}

const spanOf = (rule: JsonObject, one: string, first: string, last: string): NumberSpan | null => {
  const single = integerOf(rule, one)
  if (single !== null) return { first: single, last: single }
  const low = integerOf(rule, first)
  const high = integerOf(rule, last)
  return low === null || high === null ? null : { first: low, last: high }
}

const actionOf = (rule: JsonObject): RoutingAction => {
  const priority = integerOf(rule, 'goto')
  if (priority !== null) return { kind: 'goto', priority }
  if (has(rule, 'nop')) return { kind: 'nothing' }
  const action = textOf(rule, 'action')
  if (action === 'blackhole' || action === 'unreachable' || action === 'prohibit') return { kind: action }
  if (has(rule, 'l3mdev')) return { kind: 'interfaceDomain' }
  const table = textOf(rule, 'table')
  if (table !== null && (action === null || action === 'lookup')) return { kind: 'lookup', table }
  return { kind: 'unknown', text: jsonText(rule) }
}

const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'priority',
    'not',
    'src',
    'srclen',
    'dst',
    'dstlen',
    'iif',
    'oif',
    'iif_detached',
    'oif_detached',
    'fwmark',
    'fwmask',
  ],
  ...[
    'tos',
    'ipproto',
    'sport',
    'sport_start',
    'sport_end',
    'dport',
    'dport_start',
    'dport_end',
    'uid_start',
    'uid_end',
  ],
  ...['table', 'goto', 'unresolved', 'nop', 'action', 'l3mdev', 'suppress_prefixlen', 'protocol'],
])
