import type { Doubt, Rule } from '../model/rule.ts'
import { traffics } from '../sets/traffic.ts'
import { sharedBy } from './shared-by.ts'
import type { Item, Run, Stack } from './stack.ts'

/**
 * A hop's own tiers as one tier in front of the subject's: what the hop denies is denied there, and whatever it lets pass goes on
 * with the subject's policies. A rule that passes on inside the hop becomes the later tiers of the hop, for what it takes.
 */
export const hopTier = (stack: Stack): Tier => shared(stack, () => leaving(stack))

type Tier = Stack[number]
type Group = Tier[number]

const shared = sharedBy<Tier, Tier>()

const leaving = ([first, ...later]: Stack): Tier => {
  if (first === undefined) return []
  const rest = leaving(later)
  const runsOf = (run: Run): readonly Run[] =>
    run.action === 'pass' ? passedOn(run, rest) : run.action === 'allow' ? [{ ...run, action: 'pass' }] : [run]
  return [...first.map(group => group.map(policy => policy.flatMap(runsOf))), ...rest]
}

/** What a rule passes on meets the later tiers at once; what they leave alone goes on behind the hop. */
const passedOn = (run: Run, rest: Tier): readonly Run[] => {
  if (rest.length === 0) return [run]
  if (!rest.every(isInOrder)) return [{ action: 'deny', items: run.items.map(open) }, run]
  const runs = rest.flatMap(group => group.flat())
  return [...runs.map(later => limitedTo(run.items, later)), run]
}

const isInOrder = (group: Group): boolean => group.length === 1

const limitedTo = (items: readonly Item[], { action, items: later }: Run): Run => ({
  action,
  items: items.flatMap(of =>
    later.map(
      (item): Item => ({
        ...item,
        kind: item.kind === 'aside' ? 'aside' : 'rule',
        rule: bothMatch(of.rule, item.rule),
        doubts: [...of.doubts, ...item.doubts],
      }),
    ),
  ),
})

const bothMatch = (a: Rule, b: Rule): Rule => ({
  ...b,
  peers: [
    {
      kind: 'all',
      of: [
        { kind: 'any', of: a.peers },
        { kind: 'any', of: b.peers },
      ],
    },
  ],
  traffic: trafficOfBoth(a.traffic, b.traffic),
})

/** Where only one of the two has ports by name the other is asked for all it may cover. */
const trafficOfBoth = (a: Rule['traffic'], b: Rule['traffic']): Rule['traffic'] => {
  if (isEverything(a)) return b
  if (isEverything(b)) return a
  const exact = traffics.intersect(a.exact, b.exact)
  const isPlain = [a, b].every(({ named, maybe }) => named.length === 0 && traffics.isEmpty(maybe))
  return { exact, named: [], maybe: isPlain ? traffics.empty : traffics.full }
}

const isEverything = ({ exact, named }: Rule['traffic']): boolean =>
  named.length === 0 && traffics.equals(exact, traffics.full)

const open = (item: Item): Item => ({ ...item, doubts: [...item.doubts, ORDER_OPEN] })

const ORDER_OPEN: Doubt = {
  level: 'unknown',
  why: 'the order of the policies to which this rule passes on is open',
  settledBy: 'the Tier documents of the cluster, with an `order` each',
}
