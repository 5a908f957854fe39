import { quoted, type Reading, readAs, refuse } from './algebra.ts'

/**
 * One pattern of DNS names, in the algebra that all dialects' wildcards are lowered to. Labels are lower case and may hold
 * `*`, any run of characters inside that label: a label `*` is exactly one label. `below` is the prefix `**.`: one or more
 * labels before. `*` alone is every name.
 */
export type NamePattern =
  | { readonly kind: 'every' }
  | { readonly kind: 'labels'; readonly below: boolean; readonly labels: readonly string[] }

/** Longest label and longest name, without the final dot. Source: RFC 1035, section 2.3.4. */
export const LONGEST_LABEL = 63
export const LONGEST_NAME = 253

/** The final dot is dropped, and case is not told apart. What is not ASCII is refused: each reader has its own IDNA. */
export const readNamePattern = (text: string): Reading<NamePattern> => {
  if (text === '*') return readAs({ kind: 'every' })
  const below = text.startsWith('**.')
  const rest = (below ? text.slice(3) : text).replace(/\.$/, '')
  const labels = rest.toLowerCase().split('.')
  for (const label of labels) {
    const why = whyNotLabel(label)
    if (why !== null) return refuse(`${quoted(text)} ${why}`)
  }
  const shortest = labels.reduce((sum, label) => sum + 1 + shortestOf(label), below ? 1 : -1)
  if (shortest > LONGEST_NAME)
    return refuse(`${quoted(text)} has only names longer than ${LONGEST_NAME} characters: shorten it`)
  return readAs({ kind: 'labels', below, labels })
}

/** A name without wildcards, in its one form. */
export const readName = (text: string): Reading<string> => {
  if (text.includes('*')) return refuse(`${quoted(text)} is a pattern: write one name`)
  const read = readNamePattern(text)
  return read.kind === 'refused' ? read : readAs(printNamePattern(read.value))
}

export const printNamePattern = (pattern: NamePattern): string =>
  pattern.kind === 'every' ? '*' : `${pattern.below ? '**.' : ''}${pattern.labels.join('.')}`

/** Whether the pattern is one name. */
export const isExact = (pattern: NamePattern): boolean =>
  pattern.kind === 'labels' && !pattern.below && !pattern.labels.some(label => label.includes('*'))

const shortestOf = (label: string): number => Math.max(1, label.replaceAll('*', '').length)

const whyNotLabel = (label: string): string | null => {
  if (label === '') return 'has an empty label: remove the dot too many'
  if (label.includes('**')) return 'has `**` in a place where readers differ: write `**.` once, at the beginning'
  const other = /[^a-z0-9_*-]/u.exec(label)?.[0]
  if (other !== undefined && other > '\u007f') return 'is not ASCII: write international names in their `xn--` form'
  if (other !== undefined) return `holds ${quoted(other)}, which names do not: remove it`
  if (shortestOf(label) > LONGEST_LABEL) return `has a label longer than ${LONGEST_LABEL} characters: shorten it`
  return null
}
