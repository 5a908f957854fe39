import type { Direction, Doubt, Peer, Rule, RulePolicy, Section, Selector } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { addressesOfTexts, coverOf } from './ground.ts'
import type { Identity } from './population.ts'
import type { Selection } from './selection.ts'

/**
 * A rule may say what the end must be that its policy selects. That is settled for each identity before anybody asks who is at
 * the other end: a rule that does not fit is no rule, and one that fits in one family holds for that family.
 */

/** How a rule fits an identity, a letter for each family: `y`es, `n`o, or `?`. */
export type Fit = `${Answer}${Answer}`
type Answer = 'y' | 'n' | '?'

/** In the order of the rules. A family of which the pod has no address makes no difference. */
export const fitsOf = (section: Section, identity: Identity, selection: Selection): readonly Fit[] =>
  fitsBy(section, addressesOfTexts(identity.addresses), selector => {
    const { must, may } = selection.of(selector)
    return selection.bits.has(must, identity.number) ? 'y' : selection.bits.has(may, identity.number) ? '?' : 'n'
  })

/** The same for a node: no selector of pods means it. */
export const fitsOfNode = (section: Section, addresses: readonly string[]): readonly Fit[] =>
  fitsBy(section, addressesOfTexts(addresses), () => 'n')

const fitsBy = ({ rules }: Section, own: Addresses, isPod: (selector: Selector) => Answer): readonly Fit[] => {
  const has = (family: Family): boolean => bothFamilies.isEmpty(own) || !bothFamilies.isEmpty(inFamily(own, family))
  return rules.map(({ own: peer }): Fit => {
    if (peer === undefined) return 'yy'
    const answer = (family: Family): Answer => answerOf(peer, family, own, isPod)
    return `${answer(has(4) ? 4 : 6)}${answer(has(6) ? 6 : 4)}`
  })
}

const answerOf = (peer: Peer, family: Family, own: Addresses, isPod: (selector: Selector) => Answer): Answer => {
  const inner = (of: Peer): Answer => answerOf(of, family, own, isPod)
  switch (peer.kind) {
    case 'everything':
      return 'y'
    case 'pods':
      return isPod(peer.selector)
    case 'block':
      return inBlock(peer.addresses, family, own)
    case 'all':
      return least(peer.of.map(inner))
    case 'any':
      return opposite(least(peer.of.map(inner).map(opposite)))
    case 'not':
      return opposite(inner(peer.of))
    case 'maybe':
      return inner(peer.peer) === 'n' ? 'n' : '?'
    default:
      return '?'
  }
}

/** A pod without an address may get any; one that has none of this family sends nothing of it. */
const inBlock = (block: Addresses, family: Family, own: Addresses): Answer => {
  const asked = inFamily(block, family)
  if (bothFamilies.isEmpty(asked)) return 'n'
  if (bothFamilies.equals(asked, inFamily(bothFamilies.full, family))) return 'y'
  if (bothFamilies.isEmpty(own)) return '?'
  const cover = coverOf(inFamily(own, family), asked)
  return cover === 'all' ? 'y' : cover === 'some' ? '?' : 'n'
}

const least = (answers: readonly Answer[]): Answer => (answers.includes('n') ? 'n' : answers.includes('?') ? '?' : 'y')

const opposite = (answer: Answer): Answer => (answer === 'y' ? 'n' : answer === 'n' ? 'y' : '?')

const inFamily = ({ v4, v6 }: Addresses, family: Family): Addresses =>
  family === 4 ? { v4, v6: bothFamilies.empty.v6 } : { v4: bothFamilies.empty.v4, v6 }

/** The policy with the rules that hold for an identity. */
export const withOwnSide = (policy: RulePolicy, direction: Direction, fits: readonly Fit[]): RulePolicy => ({
  ...policy,
  [direction]: {
    ...policy[direction],
    rules: policy[direction].rules.flatMap((rule, i) => fittingRules(rule, fits[i] ?? 'yy')),
  },
})

const fittingRules = (rule: Rule, fit: Fit): readonly Rule[] => {
  const [four, six] = [fit[0] as Answer, fit[1] as Answer]
  if (four === six) return fittingRule(rule, four)
  return [...fittingRule(forFamily(rule, 4), four), ...fittingRule(forFamily(rule, 6), six)]
}

const fittingRule = (rule: Rule, answer: Answer): readonly Rule[] =>
  answer === 'n' ? [] : answer === 'y' || rule.doubt !== null ? [rule] : [{ ...rule, doubt: OWN_SIDE_OPEN }]

const forFamily = (rule: Rule, family: Family): Rule => ({
  ...rule,
  peers: [
    {
      kind: 'all',
      of: [
        { kind: 'any', of: rule.peers },
        { kind: 'block', addresses: inFamily(bothFamilies.full, family) },
      ],
    },
  ],
})

const OWN_SIDE_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether the rule is about this pod hangs on addresses or labels that were not read',
  settledBy: 'the status of the pod, and the labels of its namespace and service account',
}
