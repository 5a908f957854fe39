import { type Decision, decisionOn } from '../engine/because.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Space } from '../engine/space.ts'
import type { Stacks } from '../engine/verdict.ts'
import type { Direction } from '../model/rule.ts'
import type { LoadedEstate } from './load.ts'
import { joined, type Reasons } from './reasons.ts'
import { notEnforced, restWords, ruleWords } from './rule-words.ts'

/** What the policies of one cluster say of a region of any space, in words, with the places of their rules. */
export const decisionWords = (engine: ClusterEngine, lineOf: LoadedEstate['lineOf']) => {
  const worded = (direction: Direction, decision: Decision, stage: string): Reasons => ({
    because: [...decision.items.map(item => ruleWords(direction, item, lineOf)), ...restWords(direction, decision)],
    unknowns: decision.items.flatMap(({ doubts }) => doubts.map(({ why, settledBy }) => ({ stage, why, settledBy }))),
  })
  /** `held`: what is written counts; else what is written and not enforced is told beside what counts. */
  return <S>(direction: Direction, space: Space<S>, stacks: Stacks, region: S, held: boolean): Reasons => {
    const stage = direction === 'egress' ? 'pod-policy' : 'peer-policy'
    const counting = joined(
      [stacks, ...stacks.others].map(world => worded(direction, decisionOn(space, world.counting, region), stage)),
    )
    if (held) return counting
    const written = worded(direction, decisionOn(space, stacks.written, region), stage)
    return { because: [...counting.because, ...written.because, notEnforced(engine)], unknowns: counting.unknowns }
  }
}
