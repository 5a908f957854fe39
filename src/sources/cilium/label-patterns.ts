/**
 * Which keys of labels count, as lists of patterns say it. A pattern is a regular expression that has to match from the key's
 * beginning, behind the source of the label that it is about; `!` before it leaves out what it matches. The longest match that
 * includes is held against the shortest that leaves out, and once one pattern includes, what none includes is left out.
 * Source: docs.cilium.io, "Limiting Identity-Relevant Labels"; pkg/labelsfilter, parseLabelPrefix, matches, filterLabels.
 */
export interface LabelPattern {
  readonly ignores: boolean
  /** How much of a key it matches; null: it does not. */
  readonly lengthIn: (key: string) => number | null
}

/** `isLimited`: nothing counts that no pattern includes. */
export const counts = (key: string, patterns: readonly LabelPattern[], isLimited: boolean): boolean => {
  let included = 0
  let ignored = 0
  for (const { ignores, lengthIn } of patterns) {
    const length = lengthIn(key)
    if (length === null) continue
    if (!ignores) included = Math.max(included, length)
    else if (ignored === 0 || length < ignored) ignored = length
  }
  return (!isLimited && ignored === 0) || included > ignored
}

/**
 * The patterns of a setting, for labels of one source. null where one of them is more than the plain expressions that are read
 * here, or is about `any` source, which the agent compares with the label’s own as it stands.
 */
export const readPatterns = (setting: string, source: 'k8s' | 'node'): readonly LabelPattern[] | null => {
  const found = setting
    .split(/\s+/)
    .filter(token => token !== '')
    .map(token => patternOf(token, source))
  return found.every(pattern => pattern !== null) ? found : null
}

const patternOf = (token: string, source: string): LabelPattern | null => {
  const colon = token.indexOf(':')
  const of = colon < 0 ? '' : token.slice(0, colon)
  const written = token.slice(colon + 1)
  const ignores = written.startsWith('!')
  const expression = ignores ? written.slice(1) : written
  // An agent does not start with an empty one.
  if (written === '' || of === 'any' || !PLAIN.test(expression)) return null
  if ((expression.match(REPEATED) ?? []).length > MOST_REPEATED) return null
  return { ignores, lengthIn: of !== '' && of !== source ? () => null : matcher(expression) }
}

/** Letters, dots, escaped punctuation, each of them perhaps repeated: these mean the same to every reader of expressions. */
const PLAIN = /^\^?(?:(?:[\w/-]|\.|\\[./-])[*+?]?)*\$?$/
const REPEATED = /[*+?]/g
/** Each more makes a hostile key slower to match by its own length. */
const MOST_REPEATED = 2

const matcher = (expression: string): LabelPattern['lengthIn'] => {
  const compiled = new RegExp(`^(?:${expression})`)
  return key => compiled.exec(key)?.[0].length ?? null
}

/** Written by hand, so in order. */
export const including = (expression: string): LabelPattern => ({ ignores: false, lengthIn: matcher(expression) })
export const ignoring = (expression: string): LabelPattern => ({ ignores: true, lengthIn: matcher(expression) })
