import type { Rule } from '../model/rule.ts'
import type { Item, Stack } from './stack.ts'
import type { Stacks, World } from './verdict.ts'

/**
 * What stacks say, as a number: stacks with one number decide the same wherever what their selectors choose from is the same.
 * Where a rule stands in its document, and what its policy is called, decides nothing.
 */
export const stackContents = (): ((stacks: Stacks) => number) => {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const rules = new WeakMap<Rule, number>()
  const ruleOf = (rule: Rule): number => {
    const known = rules.get(rule)
    if (known !== undefined) return known
    const number = numberOf(plainText({ ...rule, at: null }))
    rules.set(rule, number)
    return number
  }
  const itemOf = ({ policy, rule, kind, doubts }: Item): readonly unknown[] => [
    kind,
    policy.dialect,
    policy.place.tier,
    ruleOf(rule),
    ...doubts,
  ]
  const textOf = (stack: Stack): readonly unknown[] =>
    stack.map(tier => tier.map(group => group.map(runs => runs.map(run => [run.action, ...run.items.map(itemOf)]))))
  const worldOf = ({ counting, written }: World): readonly unknown[] =>
    counting === written ? [textOf(counting)] : [textOf(counting), textOf(written)]
  const known = new WeakMap<Stacks, number>()
  return stacks => {
    const before = known.get(stacks)
    if (before !== undefined) return before
    const number = numberOf(JSON.stringify([stacks, ...stacks.others].map(worldOf)))
    known.set(stacks, number)
    return number
  }
}

/** JSON that tells maps, sets and arrays of numbers, too; `without` names keys that are left out. */
export const plainText = (value: unknown, without: ReadonlySet<string> = new Set()): string =>
  JSON.stringify(value, (key, part: unknown) => {
    if (without.has(key)) return undefined
    if (part instanceof Map) return [...part].sort(byText)
    if (part instanceof Set) return [...part].sort()
    return ArrayBuffer.isView(part) ? (part as Uint32Array).join() : part
  })

const byText = ([a]: readonly unknown[], [b]: readonly unknown[]): number =>
  String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
