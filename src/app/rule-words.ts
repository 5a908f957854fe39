import type { Decision, Decisive } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Item, Run } from '../engine/stack.ts'
import { idOf } from '../model/identity.ts'
import { type DocumentPath, pathText, type Sourced } from '../model/provenance.ts'
import type { Because } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import type { LoadedEstate } from './load.ts'

type LineOf = LoadedEstate['lineOf']

/** What a place in a document says. */
export const placeWords = ({ ref, origin }: Sourced, at: DocumentPath, says: string, lineOf: LineOf): Because => ({
  kind: 'rule',
  object: idOf(ref),
  file: origin.file,
  line: lineOf(origin, at),
  rule: pathText(at),
  says,
})

/** What one rule, or the default of a policy, had to do with a region, and what is doubtful about it. */
export const ruleWords = (direction: Direction, { item, action, doubts }: Decisive, lineOf: LineOf): Because => {
  const { policy, rule } = item
  const text = [says(direction, item, action), ...doubts.map(doubt => doubt.why)].join('; ')
  return {
    ...placeWords(policy, rule.at, text, lineOf),
    kind: doubts.some(doubt => doubt.level === 'undefined') ? 'profile' : item.kind === 'default' ? 'default' : 'rule',
  }
}

/** What is left to say beside the rules that are told. */
export const restWords = (direction: Direction, { more, unmatched }: Decision): readonly Because[] => [
  ...(more > 0 ? [{ ...NO_POLICY, says: `${more} more rules or policies have a part in it` }] : []),
  ...(unmatched ? [{ ...NO_POLICY, says: `no policy closes ${direction} here` }] : []),
]

export const notEnforced = ({ profile }: ClusterEngine): Because => ({
  ...NO_POLICY,
  kind: 'profile',
  says: `${profile.title}: nothing here enforces this policy`,
})

export const NO_POLICY: Because = { kind: 'default', object: null, file: null, line: null, rule: null, says: '' }

const says = (direction: Direction, { kind, policy, rule }: Item, action: Run['action']): string => {
  const isOfHost = policy.selects !== 'pods'
  if (kind === 'default') {
    if (action !== 'deny') return 'selecting the pod leaves other protocols open'
    return isOfHost
      ? 'selecting the host closes what no rule allows'
      : `selecting the pod closes ${direction} but for what rules allow`
  }
  // A host asks its rules for what arrives of a sender, too.
  const [, written] = rule.at
  const of = isOfHost && (written === 'egress' || written === 'ingress') ? written : direction
  const isPast = isOfHost && action === 'pass' && rule.action === 'allow'
  return `${of} rule ${isPast ? 'lets it past the host' : WORDS[action]}`
}

const WORDS = { allow: 'allows', deny: 'denies', pass: 'passes on' } as const
