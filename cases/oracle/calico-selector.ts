import { every, not, some, tri } from './three.ts'
import type { Tri } from './types.ts'

/** Reads one label: its value, null where it is not there, undefined where nobody knows. */
export type Lookup = (key: string) => string | null | undefined

/** Whether something with these labels is selected. */
export type CalicoSelector = (labels: Lookup) => Tri

/** What depends on where a selector stands: whose labels it is about, and what `all()` and `global()` mean there. */
export interface Words {
  readonly prefix: string
  readonly all: CalicoSelector
  readonly global: CalicoSelector
}

/** `global()` is taken in a rule's namespaceSelector alone. Source: calico, libcalico-go/lib/validator/v3. */
const PLAIN: Words = { prefix: '', all: () => 'yes', global: () => 'unknown' }

/**
 * Calico's selector language; null: it cannot be read. `||` binds less than `&&`, `!` most; an empty text selects all.
 * Source: calico, libcalico-go/lib/selector/{tokenizer,parser}; docs.tigera.io, Network policy, "Selector".
 */
export const readSelector = (text: string, words: Words = PLAIN): CalicoSelector | null => {
  const tokens = tokensOf(text)
  if (tokens === null) return null
  if (tokens.length === 0) return words.all
  const parsed = readAny(tokens, words)
  return parsed !== null && parsed.rest.length === 0 ? parsed.selector : null
}

interface Token {
  readonly kind: 'mark' | 'text' | 'label' | 'operator' | 'has' | 'all' | 'global'
  readonly value: string
}

/** Spaces and tabs only stand between tokens; a text has no escapes. An operator is a word after a label, and only there. */
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['mark', /^(\(|\)|\{|\}|,|==|!=|!|&&|\|\|)/],
  ['text', /^"([^"]*)"/],
  ['text', /^'([^']*)'/],
  ['has', /^has\([ \t]*([a-zA-Z0-9_./-]+)[ \t]*\)/],
  ['all', /^(all)\([ \t]*\)/],
  ['global', /^(global)\([ \t]*\)/],
  ['label', /^([a-zA-Z0-9_./-]+)/],
]
const OPERATOR = /^(contains|starts[ \t]*with|ends[ \t]*with|not[ \t]*in|in)/

const tokensOf = (text: string): readonly Token[] | null => {
  const tokens: Token[] = []
  let left = text.replace(/^[ \t]+/, '')
  while (left !== '') {
    const isMark = /^[(){},=!&|"']/.test(left)
    const operator = tokens.at(-1)?.kind === 'label' && !isMark ? (OPERATOR.exec(left) ?? undefined) : null
    if (operator === undefined) return null
    const token =
      operator === null
        ? plainToken(left)
        : { kind: 'operator' as const, value: operator[1] ?? '', length: operator[0].length }
    if (token === null) return null
    tokens.push({
      kind: token.kind,
      value: token.kind === 'operator' ? token.value.replace(/[ \t]+/g, '') : token.value,
    })
    left = left.slice(token.length).replace(/^[ \t]+/, '')
  }
  return tokens
}

const plainToken = (text: string): (Token & { readonly length: number }) | null => {
  for (const [kind, pattern] of PATTERNS) {
    const found = pattern.exec(text)
    if (found !== null) return { kind, value: found[1] ?? '', length: found[0].length }
  }
  return null
}

interface Parsed {
  readonly selector: CalicoSelector
  readonly rest: readonly Token[]
}

const isMark = (token: Token | undefined, value: string): boolean => token?.kind === 'mark' && token.value === value

const readAny = (tokens: readonly Token[], words: Words): Parsed | null =>
  readChain(tokens, '||', rest => readAll(rest, words), some)

const readAll = (tokens: readonly Token[], words: Words): Parsed | null =>
  readChain(tokens, '&&', rest => readOne(rest, words), every)

const readChain = (
  tokens: readonly Token[],
  mark: string,
  read: (tokens: readonly Token[]) => Parsed | null,
  join: (parts: Iterable<Tri>) => Tri,
): Parsed | null => {
  const first = read(tokens)
  if (first === null) return null
  const parts = [first.selector]
  let { rest } = first
  while (isMark(rest[0], mark)) {
    const next = read(rest.slice(1))
    if (next === null) return null
    parts.push(next.selector)
    rest = next.rest
  }
  return { selector: labels => join(parts.map(part => part(labels))), rest }
}

const readOne = (tokens: readonly Token[], words: Words): Parsed | null => {
  const [first, second, third] = tokens
  if (first === undefined) return null
  if (isMark(first, '!')) {
    const inner = readOne(tokens.slice(1), words)
    return inner === null ? null : { selector: labels => not(inner.selector(labels)), rest: inner.rest }
  }
  if (isMark(first, '(')) {
    const inner = readAny(tokens.slice(1), words)
    return inner !== null && isMark(inner.rest[0], ')') ? { ...inner, rest: inner.rest.slice(1) } : null
  }
  if (first.kind === 'all') return { selector: words.all, rest: tokens.slice(1) }
  if (first.kind === 'global') return { selector: words.global, rest: tokens.slice(1) }
  const key = `${words.prefix}${first.value}`
  if (first.kind === 'has') return { selector: labels => has(labels, key), rest: tokens.slice(1) }
  if (first.kind !== 'label' || second === undefined) return null
  if (second.value === 'in' || second.value === 'notin')
    return second.kind === 'operator' ? readSet(tokens, key, second.value === 'in') : null
  const test = TESTS.get(second.value)
  if (test === undefined || second.kind === 'text' || third?.kind !== 'text') return null
  const holds: CalicoSelector = labels => test(labels, key, third.value)
  return { selector: holds, rest: tokens.slice(3) }
}

/** `in { 'a', 'b' }`; a comma may stand at the end, and the braces may be empty. */
const readSet = (tokens: readonly Token[], key: string, isIn: boolean): Parsed | null => {
  if (!isMark(tokens[2], '{')) return null
  const values: string[] = []
  let rest = tokens.slice(3)
  while (rest[0]?.kind === 'text') {
    values.push(rest[0].value)
    rest = rest.slice(1)
    if (!isMark(rest[0], ',')) break
    rest = rest.slice(1)
  }
  if (!isMark(rest[0], '}')) return null
  const within: CalicoSelector = labels => compare(labels, key, value => values.includes(value))
  return { selector: isIn ? within : labels => not(within(labels)), rest: rest.slice(1) }
}

const has = (labels: Lookup, key: string): Tri => {
  const value = labels(key)
  return value === undefined ? 'unknown' : tri(value !== null)
}

/** A label that is not there fits nothing, and so everything that is negated. */
const compare = (labels: Lookup, key: string, holds: (value: string) => boolean): Tri => {
  const value = labels(key)
  return value === undefined ? 'unknown' : tri(value !== null && holds(value))
}

const TESTS: ReadonlyMap<string, (labels: Lookup, key: string, wanted: string) => Tri> = new Map([
  ['==', (labels, key, wanted) => compare(labels, key, value => value === wanted)],
  ['!=', (labels, key, wanted) => not(compare(labels, key, value => value === wanted))],
  ['contains', (labels, key, wanted) => compare(labels, key, value => value.includes(wanted))],
  ['startswith', (labels, key, wanted) => compare(labels, key, value => value.startsWith(wanted))],
  ['endswith', (labels, key, wanted) => compare(labels, key, value => value.endsWith(wanted))],
])
