import type { Peer, Rule } from '../model/rule.ts'
import { type NamePattern, printNamePattern } from '../sets/name-pattern.ts'

/** The names of a rule, whether it may mean them or does. */
export const patternsOf = ({ peers }: Pick<Rule, 'peers'>): readonly NamePattern[] =>
  peers.flatMap(peer => (peer.kind === 'names' ? peer.patterns : []))

export const hasNames = (rule: Rule): boolean => rule.peers.some(peer => plain(peer).kind === 'names')

const plain = (peer: Peer): Peer => (peer.kind === 'maybe' ? peer.peer : peer)

/**
 * The labels that a pattern fixes at its end: `*.cdn.example.com` has three. An exact name has no wildcard, and null: a
 * pattern is asked about.
 */
export const fixedEnd = (pattern: NamePattern): readonly string[] | null => {
  if (pattern.kind === 'every') return []
  const { below, labels } = pattern
  const last = labels.findLastIndex(label => label.includes('*'))
  if (last < 0 && !below) return null
  return labels.slice(last + 1)
}

/** `*.s3.amazonaws.com`, as people write it. */
export const patternText = (pattern: NamePattern): string => printNamePattern(pattern).replace(/^\*\*\./, '*.')
