/**
 * Expressions of the Common Expression Language, judged for one made-up object of which only a few fields are known:
 * true, false, or null where another field, a function or a construct that is not read here decides. Three-valued
 * (Kleene) logic: `false && unknown` is false, so a denial that nothing else can lift is certain.
 * Source: the language definition of CEL; k8s.io, "Common Expression Language in Kubernetes" (`has`, optional fields).
 */
export type CelFact = boolean | string | number | readonly string[]

interface Known {
  readonly kind: 'known'
  readonly value: CelFact | null | readonly Value[]
}
/** A field by its path; what it holds is looked up when somebody asks. */
interface Path {
  readonly kind: 'path'
  readonly path: string
}
type Value = Known | Path | { readonly kind: 'unknown' }

const UNKNOWN: Value = { kind: 'unknown' }
const known = (value: Known['value']): Value => ({ kind: 'known', value })

/** Beyond these an expression is not for people, and the answer is null. */
const MAX_LENGTH = 4000
const MAX_DEPTH = 60
const MAX_VARIABLES = 100

const TOKEN =
  /\s+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\d+(?:\.\d+)?|[A-Za-z_]\w*|\|\||&&|==|!=|<=|>=|\.\?|[!()[\].,?:<>+\-*/%]/y

export const celHolds = (
  expression: string,
  facts: ReadonlyMap<string, CelFact>,
  variables: ReadonlyMap<string, string> = new Map(),
): boolean | null => {
  let lookups = 0
  const resolve = (value: Value): Value => {
    if (value.kind !== 'path') return value
    const fact = facts.get(value.path)
    return fact === undefined ? UNKNOWN : known(fact)
  }
  const truth = (value: Value): boolean | null => {
    const found = resolve(value)
    return found.kind === 'known' && typeof found.value === 'boolean' ? found.value : null
  }
  const fromTruth = (value: boolean | null): Value => (value === null ? UNKNOWN : known(value))

  const evaluate = (source: string, outer: number): Value => {
    const tokens = tokenise(source)
    if (tokens === null) return UNKNOWN
    let at = 0
    let depth = outer
    let broken = false
    const peek = (): string | undefined => (broken ? undefined : tokens[at])
    const take = (token: string): boolean => {
      if (peek() !== token) return false
      at++
      return true
    }
    const expect = (token: string): void => {
      if (!take(token)) broken = true
    }

    const conditional = (): Value => {
      if (++depth > MAX_DEPTH) broken = true
      const condition = disjunction()
      let answer = condition
      if (take('?')) {
        const yes = conditional()
        expect(':')
        const no = conditional()
        const holds = truth(condition)
        answer = holds === true ? yes : holds === false ? no : UNKNOWN
      }
      depth--
      return answer
    }
    const disjunction = (): Value => {
      let left = conjunction()
      while (take('||')) {
        const [a, b] = [truth(left), truth(conjunction())]
        left = fromTruth(a === true || b === true ? true : a === false && b === false ? false : null)
      }
      return left
    }
    const conjunction = (): Value => {
      let left = relation()
      while (take('&&')) {
        const [a, b] = [truth(left), truth(relation())]
        left = fromTruth(a === false || b === false ? false : a === true && b === true ? true : null)
      }
      return left
    }
    const relation = (): Value => {
      const left = sum()
      for (const operator of ['==', '!=', '<=', '>=', '<', '>', 'in']) {
        if (take(operator)) return compare(operator, resolve(left), resolve(sum()))
      }
      return left
    }
    const sum = (): Value => {
      let left = unary()
      while (['+', '-', '*', '/', '%'].includes(peek() ?? '')) {
        at++
        unary()
        left = UNKNOWN
      }
      return left
    }
    const unary = (): Value => {
      if (++depth > MAX_DEPTH) broken = true
      let answer: Value
      if (take('!')) {
        const value = truth(unary())
        answer = fromTruth(value === null ? null : !value)
      } else if (take('-')) {
        unary()
        answer = UNKNOWN
      } else answer = postfix()
      depth--
      return answer
    }
    const listUntil = (end: string): Value[] => {
      const values: Value[] = []
      while (!broken && peek() !== end) {
        values.push(conditional())
        if (!take(',')) break
      }
      expect(end)
      return values
    }
    const primary = (): Value => {
      const token = peek()
      if (token === undefined) {
        broken = true
        return UNKNOWN
      }
      at++
      if (token === '(') {
        const value = conditional()
        expect(')')
        return value
      }
      if (token === '[') return known(listUntil(']').map(resolve))
      if (token === 'true' || token === 'false') return known(token === 'true')
      if (token === 'null') return known(null)
      if (/^["']/.test(token)) return token.includes('\\') ? UNKNOWN : known(token.slice(1, -1))
      if (/^\d/.test(token)) return known(Number(token))
      if (!/^[A-Za-z_]/.test(token)) {
        broken = true
        return UNKNOWN
      }
      if (!take('(')) return { kind: 'path', path: token }
      const [argument] = listUntil(')')
      if (argument === undefined) return UNKNOWN
      if (token === 'has') return has(argument)
      if (token === 'size') return sizeOf(resolve(argument))
      return token === 'bool' || token === 'dyn' ? argument : UNKNOWN
    }
    const postfix = (): Value => {
      let value = primary()
      for (;;) {
        if (take('[')) {
          conditional()
          expect(']')
          value = UNKNOWN
        } else if (take('.') || take('.?')) {
          const name = peek() ?? ''
          if (!/^[A-Za-z_]/.test(name)) broken = true
          at++
          value = take('(') ? method(name, value, listUntil(')')) : step(value, name)
        } else return value
      }
    }
    const step = (value: Value, name: string): Value => {
      if (value.kind !== 'path') return UNKNOWN
      const body = value.path === 'variables' ? variables.get(name) : undefined
      if (body === undefined) return { kind: 'path', path: `${value.path}.${name}` }
      if (++lookups > MAX_VARIABLES || depth > MAX_DEPTH) return UNKNOWN
      return evaluate(body, depth + 1)
    }

    const answer = conditional()
    return broken || at < tokens.length ? UNKNOWN : answer
  }

  const has = (argument: Value): Value => {
    if (argument.kind !== 'path') return UNKNOWN
    const under = `${argument.path}.`
    return facts.has(argument.path) || [...facts.keys()].some(path => path.startsWith(under)) ? known(true) : UNKNOWN
  }
  const sizeOf = (value: Value): Value =>
    value.kind === 'known' && (Array.isArray(value.value) || typeof value.value === 'string')
      ? known(value.value.length)
      : UNKNOWN
  const method = (name: string, target: Value, args: readonly Value[]): Value => {
    const found = resolve(target)
    if (name === 'orValue') return args.length === 1 ? found : UNKNOWN
    if (name === 'hasValue') return target.kind === 'path' ? has(target) : UNKNOWN
    return name === 'size' ? sizeOf(found) : UNKNOWN
  }

  return truth(evaluate(expression, 0))
}

const tokenise = (source: string): readonly string[] | null => {
  if (source.length > MAX_LENGTH) return null
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source)
    if (match === null) return null
    if (!/^\s/.test(match[0])) tokens.push(match[0])
  }
  return tokens
}

const compare = (operator: string, left: Value, right: Value): Value => {
  if (left.kind !== 'known' || right.kind !== 'known') return UNKNOWN
  const [a, b] = [left.value, right.value]
  if (operator === 'in') {
    if (!Array.isArray(b) || typeof a === 'object') return UNKNOWN
    const items: readonly (Value | string)[] = b
    if (items.some(item => (typeof item === 'string' ? item : item.kind === 'known' ? item.value : null) === a))
      return known(true)
    return items.every(item => typeof item === 'string' || item.kind === 'known') ? known(false) : UNKNOWN
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    // An empty list equals no other; what two full ones hold is not compared.
    return (a.length === 0) === (b.length === 0)
      ? a.length === 0
        ? known(operator === '==')
        : UNKNOWN
      : known(operator === '!=')
  }
  if (typeof a !== typeof b || (typeof a === 'object' && a !== null) || (typeof b === 'object' && b !== null))
    return UNKNOWN
  if (operator === '==') return known(a === b)
  if (operator === '!=') return known(a !== b)
  if (typeof a !== 'number' || typeof b !== 'number') return UNKNOWN
  return known(operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b)
}
