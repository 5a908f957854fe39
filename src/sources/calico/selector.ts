/**
 * Calico's selector language: `app == 'web' && has(tier) || !(role in {'a', 'b'})`.
 * Source: docs.tigera.io, "Selectors" in the NetworkPolicy reference.
 */

export type CalicoSelector =
  | { readonly kind: 'all' }
  | { readonly kind: 'global' }
  | { readonly kind: 'has'; readonly key: string }
  | {
      readonly kind: 'compare'
      readonly key: string
      readonly operator: Comparison
      readonly values: readonly string[]
    }
  | { readonly kind: 'not'; readonly of: CalicoSelector }
  | { readonly kind: 'and' | 'or'; readonly of: readonly CalicoSelector[] }

type Comparison = '==' | '!=' | 'in' | 'not in' | 'contains' | 'starts with' | 'ends with'

/** null when the text is no selector; Calico refuses such a policy. The empty text selects everything. */
export const parseCalicoSelector = (source: string): CalicoSelector | null => {
  const tokens = tokenise(source)
  if (tokens === null) return null
  if (tokens.length === 0) return { kind: 'all' }
  const parser = { tokens, i: 0 }
  const selector = parseOr(parser, 0)
  return selector !== null && parser.i === tokens.length ? selector : null
}

/** Longest selector nesting that is followed; the language has no need of more. */
const MAX_DEPTH = 64

type Token = { readonly kind: 'symbol' | 'word' | 'string'; readonly text: string }
interface Parser {
  readonly tokens: readonly Token[]
  i: number
}

const TOKEN =
  /\s*(?:('[^']*'|"[^"]*")|(&&|\|\||==|!=|[!(){},])|(not\s+in\b|starts\s+with\b|ends\s+with\b)|([A-Za-z0-9_./-]+))/y

const tokenise = (source: string): Token[] | null => {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = source.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(source)
    if (match === null) return null
    if (match[1] !== undefined) tokens.push({ kind: 'string', text: match[1].slice(1, -1) })
    else if (match[2] !== undefined) tokens.push({ kind: 'symbol', text: match[2] })
    else if (match[3] !== undefined) tokens.push({ kind: 'word', text: match[3].replace(/\s+/, ' ') })
    else tokens.push({ kind: 'word', text: match[4] ?? '' })
  }
  return tokens
}

const peek = (parser: Parser): string | null => {
  const token = parser.tokens[parser.i]
  return token === undefined || token.kind === 'string' ? null : token.text
}

const accept = (parser: Parser, symbol: string): boolean => {
  if (peek(parser) !== symbol) return false
  parser.i++
  return true
}

const parseOr = (parser: Parser, depth: number): CalicoSelector | null =>
  parseChain(parser, depth, '||', 'or', parseAnd)
const parseAnd = (parser: Parser, depth: number): CalicoSelector | null =>
  parseChain(parser, depth, '&&', 'and', parseUnary)

const parseChain = (
  parser: Parser,
  depth: number,
  symbol: string,
  kind: 'and' | 'or',
  next: (parser: Parser, depth: number) => CalicoSelector | null,
): CalicoSelector | null => {
  const first = next(parser, depth)
  if (first === null) return null
  const all = [first]
  while (accept(parser, symbol)) {
    const more = next(parser, depth)
    if (more === null) return null
    all.push(more)
  }
  return all.length === 1 ? first : { kind, of: all }
}

const parseUnary = (parser: Parser, depth: number): CalicoSelector | null => {
  if (depth > MAX_DEPTH) return null
  if (accept(parser, '!')) {
    const of = parseUnary(parser, depth + 1)
    return of && { kind: 'not', of }
  }
  if (accept(parser, '(')) {
    const inner = parseOr(parser, depth + 1)
    return inner !== null && accept(parser, ')') ? inner : null
  }
  const name = peek(parser)
  if (name === null || /^\W/.test(name)) return null
  parser.i++
  if ((name === 'all' || name === 'global') && accept(parser, '(')) return accept(parser, ')') ? { kind: name } : null
  if (name === 'has' && accept(parser, '(')) {
    const key = peek(parser)
    parser.i++
    return key !== null && /^\w/.test(key) && accept(parser, ')') ? { kind: 'has', key } : null
  }
  return parseComparison(parser, name)
}

const parseComparison = (parser: Parser, key: string): CalicoSelector | null => {
  const operator = peek(parser)
  parser.i++
  switch (operator) {
    case '==':
    case '!=':
    case 'contains':
    case 'starts with':
    case 'ends with': {
      const value = string(parser)
      return value === null ? null : { kind: 'compare', key, operator, values: [value] }
    }
    case 'in':
    case 'not in': {
      if (!accept(parser, '{')) return null
      const values: string[] = []
      while (!accept(parser, '}')) {
        const value = string(parser)
        if (value === null) return null
        values.push(value)
        if (!accept(parser, ',') && peek(parser) !== '}') return null
      }
      return { kind: 'compare', key, operator, values }
    }
    default:
      return null
  }
}

const string = (parser: Parser): string | null => {
  const token = parser.tokens[parser.i]
  if (token?.kind !== 'string') return null
  parser.i++
  return token.text
}

/** An absent label satisfies `!=` and `not in`, as the reference says. */
export const calicoSelects = (selector: CalicoSelector, labels: ReadonlyMap<string, string>): boolean => {
  switch (selector.kind) {
    case 'all':
      return true
    case 'global':
      return false
    case 'has':
      return labels.has(selector.key)
    case 'not':
      return !calicoSelects(selector.of, labels)
    case 'and':
      return selector.of.every(part => calicoSelects(part, labels))
    case 'or':
      return selector.of.some(part => calicoSelects(part, labels))
    case 'compare':
      return compares(selector.operator, labels.get(selector.key), selector.values)
  }
}

const compares = (operator: Comparison, value: string | undefined, values: readonly string[]): boolean => {
  const [first = ''] = values
  switch (operator) {
    case '==':
      return value === first
    case '!=':
      return value !== first
    case 'in':
      return value !== undefined && values.includes(value)
    case 'not in':
      return value === undefined || !values.includes(value)
    case 'contains':
      return value?.includes(first) ?? false
    case 'starts with':
      return value?.startsWith(first) ?? false
    case 'ends with':
      return value?.endsWith(first) ?? false
  }
}

/** Label keys that the selector looks at. */
export const keysOf = (selector: CalicoSelector): readonly string[] => {
  switch (selector.kind) {
    case 'all':
    case 'global':
      return []
    case 'has':
    case 'compare':
      return [selector.key]
    case 'not':
      return keysOf(selector.of)
    case 'and':
    case 'or':
      return selector.of.flatMap(keysOf)
  }
}
