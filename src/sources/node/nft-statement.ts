import { field, isObject, type Json, type JsonObject, list } from '../../model/json.ts'
import type {
  AddressFamily,
  FirewallEffect,
  FirewallMatch,
  FirewallVerdict,
  FlowCounters,
  NumberSpan,
  Translation,
  TranslationTarget,
} from '../../model/node-firewall.ts'
import { parseAddress, parsePrefix, rangeItem } from './address.ts'
import { integerOf, jsonText, textOf, unknown } from './json-fields.ts'
import { elementValue, keyMatches, matchesOf, type Sets } from './nft-match.ts'
import { HIDDEN_EXTENSION } from './unknown-parts.ts'

/** One rule's `expr` list, taken apart. */
export interface Statements {
  readonly matches: readonly FirewallMatch[]
  readonly effects: readonly FirewallEffect[]
  readonly verdict: FirewallVerdict
  readonly counters: FlowCounters | null
}

export const readStatements = (expressions: readonly Json[], sets: Sets): Statements => {
  const matches: FirewallMatch[] = []
  const effects: FirewallEffect[] = []
  let verdict: FirewallVerdict = { kind: 'continue' }
  let counters: FlowCounters | null = null
  for (const expression of expressions) {
    const [name] = isObject(expression) ? Object.keys(expression) : []
    if (!isObject(expression) || name === undefined) {
      matches.push(unknown(expression))
      continue
    }
    const body = expression[name] ?? null
    if (name === 'match') {
      for (const match of matchesOf(String(field(body, 'op') ?? '=='), field(body, 'left'), field(body, 'right'), sets))
        addMatch(matches, match)
    } else if (name === 'counter') counters = countersOf(body)
    else if (name === 'comment') continue
    else if (name === 'log') effects.push({ kind: 'log', text: jsonText(body) })
    else if (name === 'notrack') effects.push({ kind: 'untracked' })
    else if (name === 'mangle') effects.push(mangleOf(body))
    else if (name === 'xt')
      addXt(body, matches, decided => {
        verdict = decided
      })
    else if (LIMITS.has(name)) matches.push(unknown(expression))
    else if (EFFECTS.has(name)) effects.push(unknown(expression))
    else verdict = verdictOf(name, body, sets) ?? unknown(expression)
  }
  return { matches, effects, verdict, counters }
}

/** The family that an address names is said once. */
const addMatch = (matches: FirewallMatch[], match: FirewallMatch): void => {
  const repeated = (kind: 'family' | 'protocol') =>
    match.kind === kind && matches.some(before => JSON.stringify(before) === JSON.stringify(match))
  if (!repeated('family') && !repeated('protocol')) matches.push(match)
}

/** Statements under which the rest of the rule applies only to some packets. */
const LIMITS = new Set(['limit', 'quota', 'ct count', 'connlimit', 'last'])
/** Statements that let the packet go on to the next statement, with no neutral word of their own. */
const EFFECTS = new Set([
  'set',
  'map',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'flow',
  'dup',
  'meter',
  'secmark',
  'reset',
  'optstrip',
  'synproxy',
])

/**
 * A rule made by iptables-nft: the JSON names the extension and hides its options; `iptables-save` tells them. A match
 * on a comment holds for every packet.
 */
const addXt = (body: Json, matches: FirewallMatch[], decide: (verdict: FirewallVerdict) => void): void => {
  const name = field(body, 'name')
  if (field(body, 'type') === 'match' && name === 'comment') return
  const text = `${HIDDEN_EXTENSION}${jsonText(body)}`
  if (field(body, 'type') !== 'target') matches.push({ kind: 'unknown', text })
  else if (name === 'MASQUERADE') decide({ kind: 'translate', translation: { kind: 'masquerade', ports: null } })
  else if (name === 'DNAT' || name === 'REDIRECT')
    decide({ kind: 'translate', translation: { kind: 'untold', side: 'destination', text } })
  else if (name === 'SNAT') decide({ kind: 'translate', translation: { kind: 'untold', side: 'source', text } })
  else if (name === 'NETMAP') decide({ kind: 'translate', translation: { kind: 'untold', side: null, text } })
  else if (name === 'REJECT') decide({ kind: 'reject', with: null })
  else decide({ kind: 'unknown', text })
}

const verdictOf = (name: string, body: Json, sets: Sets): FirewallVerdict | null => {
  switch (name) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { kind: name }
    case 'jump':
    case 'goto': {
      const chain = field(body, 'target')
      return typeof chain === 'string' ? { kind: name, chain } : null
    }
    case 'reject':
      return { kind: 'reject', with: isObject(body) ? Object.values(body).map(String).join(' ') : null }
    case 'masquerade':
      return { kind: 'translate', translation: { kind: 'masquerade', ports: portsOf(field(body, 'port')) } }
    case 'redirect':
      return { kind: 'translate', translation: { kind: 'redirect', ports: portsOf(field(body, 'port')) } }
    case 'snat':
      return { kind: 'translate', translation: translationOf('source', body, sets) }
    case 'dnat':
      return { kind: 'translate', translation: translationOf('destination', body, sets) }
    case 'tproxy':
      return {
        kind: 'proxy',
        address: parseAddress(String(field(body, 'addr') ?? ''))?.text ?? null,
        port: portsOf(field(body, 'port'))?.first ?? null,
      }
    case 'vmap':
      return choiceOf(body, sets)
    default:
      return null
  }
}

const choiceOf = (body: Json, sets: Sets): FirewallVerdict | null => {
  const data = field(body, 'data')
  const named = typeof data === 'string' ? sets.get(data.slice(1)) : undefined
  const key = JSON.stringify(field(body, 'key'))
  const before = named?.choices.get(key)
  if (before !== undefined) return before
  const choice = choicesOf(body, sets)
  named?.choices.set(key, choice)
  return choice
}

const choicesOf = (body: Json, sets: Sets): FirewallVerdict | null => {
  const entries = mapEntries(field(body, 'data'), sets)
  if (entries === null) return null
  const choices = entries.map(([key, verdict]) => {
    const [name] = isObject(verdict) ? Object.keys(verdict) : []
    const read = name === undefined || !isObject(verdict) ? null : verdictOf(name, verdict[name] ?? null, sets)
    return { when: keyMatches(field(body, 'key'), key, sets), verdict: read ?? unknown(verdict) }
  })
  // The catch-all element is asked last wherever it was printed.
  return {
    kind: 'choice',
    choices: [
      ...choices.filter(choice => choice.when.length > 0),
      ...choices.filter(choice => choice.when.length === 0),
    ],
  }
}

/** The elements of a map given in place or by name; null when its members are not known or change by themselves. */
const mapEntries = (data: Json | undefined, sets: Sets): readonly (readonly [Json, Json])[] | null => {
  const named = typeof data === 'string' && data.startsWith('@') ? sets.get(data.slice(1)) : undefined
  if (named?.dynamic) return null
  const elements = named?.elements ?? field(data, 'set')
  if (!Array.isArray(elements)) return null
  const entries: (readonly [Json, Json])[] = []
  for (const element of list(elements)) {
    const [key, value] = list(element)
    if (key === undefined || value === undefined) return null
    entries.push([elementValue(key), value])
  }
  return entries
}

const translationOf = (kind: 'source' | 'destination', body: Json, sets: Sets): Translation => {
  const address = field(body, 'addr')
  const ports = field(body, 'port')
  const untold: Translation = { kind: 'untold', side: kind, text: jsonText(body) }
  const map = field(address, 'map')
  if (map !== undefined) {
    const entries = mapEntries(field(map, 'data'), sets)
    if (entries === null) return untold
    const key = field(map, 'key')
    const targets = entries.map(([element, value]) => {
      const when = field(key, 'numgen') === undefined ? keyMatches(key, element, sets) : evenly(entries.length)
      return targetOf(when, value, ports)
    })
    return targets.every(target => target !== null) ? { kind, targets } : untold
  }
  const target = targetOf([], address ?? null, ports)
  return target === null ? untold : { kind, targets: [target] }
}

const evenly = (among: number): readonly FirewallMatch[] => [{ kind: 'share', share: 1 / among }]

const targetOf = (when: readonly FirewallMatch[], value: Json, port: Json | undefined): TranslationTarget | null => {
  const [concatAddress, concatPort] = list(field(value, 'concat'))
  const told = concatAddress ?? value
  const ports = portsOf(concatPort ?? port)
  if ((concatPort ?? port) !== undefined && ports === null) return null
  if (told === null) return ports === null ? null : { when, address: null, ports }
  const [first, last] = list(field(told, 'range'))
  const prefix = field(told, 'prefix')
  const address =
    typeof told === 'string'
      ? parsePrefix(told)
      : typeof first === 'string' && typeof last === 'string'
        ? rangeItem(first, last)
        : isObject(prefix)
          ? parsePrefix(`${textOf(prefix, 'addr')}/${integerOf(prefix, 'len')}`)
          : null
  return address === null || address.kind === 'unknown' ? null : { when, address, ports }
}

const portsOf = (value: Json | undefined): NumberSpan | null => {
  const [first, last] = Array.isArray(field(value, 'range')) ? list(field(value, 'range')) : [value, value]
  const isPort = (port: Json | undefined): port is number =>
    typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535
  return isPort(first) && isPort(last) ? { first, last } : null
}

/** `meta mark set …`: a number, or the mark itself under `&`, `|`, `^`. Every such change is `(mark & keep) ^ toggle`. */
const mangleOf = (body: Json): FirewallEffect => {
  const subject = markSubject(field(body, 'key'))
  const value = field(body, 'value')
  const opaque = unknown({ mangle: body })
  if (subject === null) return opaque
  const other = markSubject(value)
  if (other !== null && other !== subject) return { kind: 'copyMark', to: subject, mask: 0xffff_ffff }
  const change = markChange(value, subject)
  return change === null ? opaque : { kind: 'mark', subject, ...change }
}

const markSubject = (value: Json | undefined): 'packet' | 'connection' | null =>
  field(field(value, 'meta'), 'key') === 'mark'
    ? 'packet'
    : field(field(value, 'ct'), 'key') === 'mark'
      ? 'connection'
      : null

interface MarkChange {
  readonly keep: number
  readonly toggle: number
}

const markChange = (value: Json | undefined, subject: string): MarkChange | null => {
  if (typeof value === 'number') return isMark(value) ? { keep: 0, toggle: value } : null
  if (markSubject(value) === subject) return { keep: 0xffff_ffff, toggle: 0 }
  if (!isObject(value)) return null
  const [op] = Object.keys(value)
  const [left, right] = list(value[op ?? ''])
  const before = markChange(left, subject)
  if (before === null || typeof right !== 'number' || !isMark(right)) return null
  const { keep, toggle } = before
  if (op === '&') return { keep: (keep & right) >>> 0, toggle: (toggle & right) >>> 0 }
  if (op === '|') return { keep: (keep & ~right) >>> 0, toggle: ((toggle & ~right) | right) >>> 0 }
  if (op === '^') return { keep, toggle: (toggle ^ right) >>> 0 }
  return null
}

const isMark = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff

const countersOf = (body: Json): FlowCounters | null => {
  const object: JsonObject = isObject(body) ? body : {}
  const packets = integerOf(object, 'packets')
  const bytes = integerOf(object, 'bytes')
  return packets === null || bytes === null ? null : { packets, bytes }
}

export const familyOfLayer = (layer: string): AddressFamily | null => (layer === 'ip' ? 4 : layer === 'ip6' ? 6 : null)
