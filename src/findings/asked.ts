import type { Space } from '../engine/space.ts'
import type { Item, Run, Stack } from '../engine/stack.ts'

/** How far packets come in a stack: what is left of a region when a rule is asked, and after all were. */

/** What is left, with the rules that took or passed the last of it; null where nothing was taken. */
export interface Left<S> {
  readonly region: S
  readonly last: Run | null
}

/** What of a region an item may take: certainly matched packets have gone before it, or on to the next tier. */
export const takenBy = <S>(space: Space<S>, stack: Stack, item: Item, region: S): S => {
  const { region: left } = walk(space, stack, region, ({ items }) => items.includes(item))
  return space.algebra.intersect(left, space.itemSets(item).may)
}

/** What comes as far as the run that holds an item; nothing where no run does. */
export const leftBefore = <S>(space: Space<S>, stack: Stack, item: Item, region: S): Left<S> =>
  walk(space, stack, region, ({ items }) => items.includes(item))

/** What no rule certainly takes: it passes. */
export const leftAfter = <S>(space: Space<S>, stack: Stack, region: S): S => walk(space, stack, region, null).region

/** Runs to which nothing of a region comes, with the rules that took the last before them. */
export const unreachedRuns = <S>(space: Space<S>, stack: Stack, region: S): ReadonlyMap<Run, Run | null> => {
  const unreached = new Map<Run, Run | null>()
  walk(space, stack, region, null, (run, left, last) => {
    if (space.algebra.isEmpty(left)) unreached.set(run, last)
  })
  return unreached
}

const walk = <S>(
  space: Space<S>,
  stack: Stack,
  region: S,
  isSought: ((run: Run) => boolean) | null,
  visit: (run: Run, left: S, last: Run | null) => void = () => {},
): Left<S> => {
  const { empty, union, intersect, subtract, isEmpty } = space.algebra
  let left = region
  let last: Run | null = null
  for (const tier of stack) {
    let passed = empty
    for (const group of tier) {
      const after: S[] = []
      for (const policy of group) {
        let own = left
        for (const run of policy) {
          if (isSought?.(run)) return { region: own, last }
          visit(run, own, last)
          if (isEmpty(own)) continue
          const taken = intersect(own, space.stepOf(run, 'strict').must)
          if (isEmpty(taken)) continue
          if (run.action === 'pass') passed = union(passed, taken)
          own = subtract(own, taken)
          last = run
        }
        after.push(own)
      }
      // Whichever of a group is asked first: what one of them takes is gone.
      left = after.reduce(intersect, left)
    }
    left = union(left, passed)
  }
  return { region: isSought === null ? left : empty, last }
}

/** The stack as it would be without one of its rules. */
export const without = (stack: Stack, item: Item): Stack =>
  stack.map(tier =>
    tier.map(group =>
      group.map(policy =>
        policy.map(run =>
          run.items.includes(item) ? { ...run, items: run.items.filter(other => other !== item) } : run,
        ),
      ),
    ),
  )
