import type { FirewallMatch, FirewallRule, FirewallVerdict, Translation } from '../../model/node-firewall.ts'

/** Every part of a rule that stayed without a neutral word, as text: what the coverage has to say of it. */
export const unknownParts = (rule: Pick<FirewallRule, 'matches' | 'effects' | 'verdict'>): readonly string[] => [
  ...rule.matches.flatMap(ofMatch),
  ...rule.effects.flatMap(effect => (effect.kind === 'unknown' ? [effect.text] : [])),
  ...ofVerdict(rule.verdict),
]

/** How a rule made by iptables shows in nftables' JSON: the name of an extension without its options. */
export const HIDDEN_EXTENSION = 'iptables extension '
export const isHiddenExtension = (part: string): boolean => part.startsWith(HIDDEN_EXTENSION)

/** At most this many of one list: the list itself keeps all. */
const LISTED = 5
const memo = new WeakMap<object, readonly string[]>()

/** Once per list: a set of thousands of members is shared by the rules that ask it. */
const some = <T>(items: readonly T[], texts: (item: T) => readonly string[]): readonly string[] => {
  const before = memo.get(items)
  if (before !== undefined) return before
  const found = items.flatMap(texts).slice(0, LISTED)
  memo.set(items, found)
  return found
}

const ofMatch = (match: FirewallMatch): readonly string[] => {
  if (match.kind === 'unknown') return [match.text]
  if (match.kind === 'set') return [`set ${match.name}`]
  if (match.kind === 'anyOf') return some(match.alternatives, alternative => alternative.flatMap(ofMatch))
  if (match.kind === 'address') return some(match.items, item => (item.kind === 'unknown' ? [item.text] : []))
  return []
}

const ofVerdict = (verdict: FirewallVerdict): readonly string[] => {
  if (verdict.kind === 'unknown') return [verdict.text]
  if (verdict.kind === 'translate') return ofTranslation(verdict.translation)
  if (verdict.kind === 'choice')
    return some(verdict.choices, choice => [...choice.when.flatMap(ofMatch), ...ofVerdict(choice.verdict)])
  return []
}

const ofTranslation = (translation: Translation): readonly string[] => {
  if (translation.kind === 'untold') return [translation.text]
  if (translation.kind === 'network') return translation.to.kind === 'unknown' ? [translation.to.text] : []
  if (translation.kind === 'masquerade' || translation.kind === 'redirect') return []
  return translation.targets.flatMap(({ when, address }) => [
    ...when.flatMap(ofMatch),
    ...(address?.kind === 'unknown' ? [address.text] : []),
  ])
}
