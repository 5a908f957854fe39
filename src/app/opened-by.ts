import { type Possible, type PossibleOptions, possibleOf } from '../findings/possible.ts'
import type { Answer, Opening, Stage } from '../model/answer.ts'
import { idOf, keyOf, type ObjectRef } from '../model/identity.ts'
import { compareText } from '../model/order.ts'

/**
 * The documents each of which alone keeps a denied question closed: taken away, the answer is another. None where several
 * layers, or several policies of one, would each have held by themselves. Asked of those that the reasons name: no other
 * policy decides. Each is asked as a cluster without it, from what is already known of the cluster.
 */
export const openedBy = (
  stages: readonly Stage[],
  all: readonly Possible[],
  options: PossibleOptions,
  verdictOf: (all: readonly Possible[]) => Answer['verdict'],
): readonly Opening[] =>
  deciding(stages, all).flatMap(ref => {
    const verdict = verdictOf(all.map(one => withoutPolicy(one, ref, options)))
    return verdict === 'denied' ? [] : [{ object: idOf(ref), verdict }]
  })

/** One id may be that of several documents: kinds of different groups have the same name. */
const deciding = (stages: readonly Stage[], all: readonly Possible[]): readonly ObjectRef[] => {
  const named = new Set(stages.flatMap(({ because }) => because.flatMap(({ object }) => object ?? [])))
  // What hosts do to packets that pass is told of one host, and another document may be as much to blame.
  const refs = all.flatMap(({ engine }) =>
    engine.cluster.rulePolicies.flatMap(({ ref, selects }) =>
      named.has(idOf(ref)) || selects !== 'pods' ? [ref] : [],
    ),
  )
  const byKey = new Map(refs.map(ref => [keyOf(ref), ref]))
  return [...byKey.values()].sort((a, b) => compareText(idOf(a), idOf(b)) || compareText(a.group, b.group))
}

/** A document is taken away whole, all its specs. */
export const withoutPolicy = (possible: Possible, ref: ObjectRef, options: PossibleOptions): Possible => {
  const { cluster } = possible.engine
  const key = keyOf(ref)
  const rulePolicies = cluster.rulePolicies.filter(one => keyOf(one.ref) !== key)
  if (rulePolicies.length === cluster.rulePolicies.length) return possible
  return possibleOf({ ...cluster, rulePolicies }, { ...options, before: [possible] })
}
