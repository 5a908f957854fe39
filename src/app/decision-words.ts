import { type Decision, type Decisive, decisionOn } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Space } from '../engine/space.ts'
import type { Item } from '../engine/stack.ts'
import type { Stacks } from '../engine/verdict.ts'
import { idOf } from '../model/identity.ts'
import { pathText } from '../model/provenance.ts'
import type { Because } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import { joined, type Reasons } from './because.ts'
import type { LoadedEstate } from './load.ts'

/** What the policies of one cluster say of a region of any space, in words, with the places of their rules. */
export const decisionWords = ({ profile }: ClusterEngine, lineOf: LoadedEstate['lineOf']) => {
  const wordOf = (direction: Direction, { item, action, doubts }: Decisive): Because => {
    const { policy, rule, kind } = item
    return {
      kind: doubts.some(doubt => doubt.level === 'undefined') ? 'profile' : kind === 'default' ? 'default' : 'rule',
      object: idOf(policy.ref),
      file: policy.origin.file,
      line: lineOf(policy.origin, rule.at),
      rule: pathText(rule.at),
      says: [says(direction, kind, action), ...doubts.map(doubt => doubt.why)].join('; '),
    }
  }
  const worded = (direction: Direction, { items, more, unmatched }: Decision, stage: string): Reasons => ({
    because: [
      ...items.map(item => wordOf(direction, item)),
      ...(more > 0 ? [{ ...NO_POLICY, says: `${more} more rules or policies have a part in it` }] : []),
      ...(unmatched ? [{ ...NO_POLICY, says: `no policy closes ${direction} here` }] : []),
    ],
    unknowns: items.flatMap(({ doubts }) => doubts.map(({ why, settledBy }) => ({ stage, why, settledBy }))),
  })
  /** `held`: what is written counts; else what is written and not enforced is told beside what counts. */
  return <S>(direction: Direction, space: Space<S>, stacks: Stacks, region: S, held: boolean): Reasons => {
    const stage = direction === 'egress' ? 'pod-policy' : 'peer-policy'
    const counting = joined(
      [stacks, ...stacks.others].map(world => worded(direction, decisionOn(space, world.counting, region), stage)),
    )
    if (held) return counting
    const written = worded(direction, decisionOn(space, stacks.written, region), stage)
    const unenforced: Because = {
      ...NO_POLICY,
      kind: 'profile',
      says: `${profile.title}: nothing here enforces this policy`,
    }
    return { because: [...counting.because, ...written.because, unenforced], unknowns: counting.unknowns }
  }
}

const says = (direction: Direction, kind: Item['kind'], action: string): string =>
  kind === 'default'
    ? action === 'deny'
      ? `selecting the pod closes ${direction} but for what rules allow`
      : `selecting the pod leaves other protocols open`
    : `${direction} rule ${action === 'allow' ? 'allows' : action === 'deny' ? 'denies' : 'passes on'}`

const NO_POLICY: Because = { kind: 'default', object: null, file: null, line: null, rule: null, says: '' }
