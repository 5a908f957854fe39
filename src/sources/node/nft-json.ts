import { field, isObject, type Json, type JsonObject, list, texts } from '../../model/json.ts'
import type { FirewallChain, FirewallRule } from '../../model/node-firewall.ts'
import { integerOf, jsonText, textOf } from './json-fields.ts'
import { type JsonItem, jsonItems } from './json-items.ts'
import type { NamedSet, Sets } from './nft-match.ts'
import { familyOfLayer, readStatements } from './nft-statement.ts'
import { type Journal, openJournal, type Reader } from './reading.ts'
import { isHiddenExtension, unknownParts } from './unknown-parts.ts'

/** `nft -j list ruleset`. Rules stand in the order of evaluation within their chain; sets are looked up by table. */
export const readNftJson: Reader<readonly FirewallChain[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const items = jsonItems(text, 2, journal, firstLine)
  const sets = setsByTable(items)
  const chains = new Map<string, Omit<FirewallChain, 'rules'> & { readonly rules: FirewallRule[] }>()
  const dormant = new Set<string>()

  for (const item of items) {
    const [kind] = isObject(item.value) ? Object.keys(item.value) : []
    const body = field(item.value, kind ?? '')
    if (kind === undefined || !isObject(body))
      journal.refuse(item.line, 'not an object of a ruleset', jsonText(item.value))
    else if (kind === 'table') {
      if (hasFlag(body, 'dormant')) dormant.add(tableKey(body))
    } else if (kind === 'chain') {
      const chain = chainOf(body, item, file, journal)
      if (chain !== null) chains.set(chainKey(chain), chain)
    } else if (kind === 'rule') {
      const chain = chains.get(`${textOf(body, 'family')} ${textOf(body, 'table')} ${textOf(body, 'chain')}`)
      if (chain === undefined)
        journal.refuse(item.line, 'a rule of a chain that the ruleset does not list', jsonText(body))
      else chain.rules.push(ruleOf(body, chain, item, file, sets.get(tableKey(body)) ?? new Map(), journal))
    } else if (kind !== 'metainfo' && kind !== 'set' && kind !== 'map' && kind !== 'element') {
      const state = PASSIVE.has(kind) ? 'ignorable' : 'partly'
      journal.note(
        state,
        item.line,
        `a \`${PASSIVE.has(kind) ? kind : 'further kind'}\` object of a ruleset`,
        jsonText(item.value),
      )
    }
  }
  const active = [...chains.values()].filter(chain => {
    const asleep = dormant.has(`${chain.layer} ${chain.table}`)
    if (asleep)
      journal.note('ignorable', chain.origin.line, 'a chain of a dormant table, which is not in force', chain.name)
    return !asleep
  })
  return journal.close(active)
}

/** Objects that name a thing to be used by rules and do nothing alone. */
const PASSIVE = new Set([
  'counter',
  'quota',
  'limit',
  'secmark',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'synproxy',
])

const tableKey = (body: JsonObject): string =>
  `${textOf(body, 'family')} ${textOf(body, 'table') ?? textOf(body, 'name')}`
const chainKey = (chain: { readonly layer: string; readonly table: string; readonly name: string }): string =>
  `${chain.layer} ${chain.table} ${chain.name}`
const hasFlag = (body: JsonObject, flag: string): boolean =>
  field(body, 'flags') === flag || texts(field(body, 'flags')).includes(flag)

const setsByTable = (items: readonly JsonItem[]): ReadonlyMap<string, Sets> => {
  const tables = new Map<string, Map<string, NamedSet>>()
  for (const { value } of items) {
    for (const kind of ['set', 'map', 'element']) {
      const body = field(value, kind)
      const name = isObject(body) ? textOf(body, 'name') : null
      if (!isObject(body) || name === null) continue
      const table = tables.get(tableKey(body)) ?? new Map<string, NamedSet>()
      tables.set(tableKey(body), table)
      const before = table.get(name)
      const elements: readonly Json[] = list(field(body, 'elem'))
      table.set(name, {
        name,
        elements: before === undefined ? elements : [...before.elements, ...elements],
        matches: new Map(),
        choices: new Map(),
        dynamic: before?.dynamic === true || hasFlag(body, 'dynamic') || hasFlag(body, 'timeout'),
      })
    }
  }
  return tables
}

const chainOf = (body: JsonObject, { line, index }: JsonItem, file: string, journal: Journal) => {
  const layer = textOf(body, 'family')
  const table = textOf(body, 'table')
  const name = textOf(body, 'name')
  if (layer === null || table === null || name === null) {
    journal.refuse(line, 'a chain without family, table or name', jsonText(body))
    return null
  }
  const rules: FirewallRule[] = []
  const chain = {
    tool: 'nft' as const,
    backend: 'nft' as const,
    family: familyOfLayer(layer),
    layer,
    table,
    name,
    type: textOf(body, 'type'),
    hook: textOf(body, 'hook'),
    priority: integerOf(body, 'prio'),
    policy: textOf(body, 'policy'),
    device: textOf(body, 'dev'),
    restated: false,
    rules,
    origin: { file, line, index },
  }
  return chain
}

const ruleOf = (
  body: JsonObject,
  chain: FirewallChain,
  { line, index, text }: JsonItem,
  file: string,
  sets: Sets,
  journal: Journal,
): FirewallRule => {
  const statements = readStatements(list(field(body, 'expr')), sets)
  // Whether a hidden extension matters is known only beside `iptables-save`: the joining of a node's outputs tells it.
  for (const part of unknownParts(statements))
    if (!isHiddenExtension(part)) journal.note('partly', line, 'part of an nftables rule is not understood', part)
  return {
    tool: 'nft',
    family: chain.family,
    layer: chain.layer,
    table: chain.table,
    chain: chain.name,
    hook: chain.hook,
    priority: chain.priority,
    policy: chain.policy,
    position: chain.rules.length,
    ...statements,
    // What the table itself says need not be said by the rule.
    matches: statements.matches.filter(
      match => match.kind !== 'family' || match.negated || match.family !== chain.family,
    ),
    comment: textOf(body, 'comment'),
    raw: text,
    origin: { file, line, index },
  }
}
