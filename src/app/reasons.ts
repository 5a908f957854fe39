import { compareText } from '../model/order.ts'
import type { Because, Unknown } from '../model/reach.ts'

/** Why a region is as it is, and what would settle what is open. */
export interface Reasons {
  readonly because: readonly Because[]
  readonly unknowns: readonly Unknown[]
}

/** The same for each end. */
export interface StageReasons {
  readonly egress: Reasons
  readonly ingress: Reasons
}

export const NOTHING: Reasons = { because: [], unknowns: [] }

/** Each reason once, in the order in which they were found first. */
export const joined = (reasons: readonly Reasons[]): Reasons => {
  const [first, ...more] = reasons.filter(one => one.because.length + one.unknowns.length > 0)
  if (first === undefined) return NOTHING
  if (more.length === 0 && joinedAlready.has(first)) return first
  const all: Reasons = {
    because: distinct(
      [first, ...more].flatMap(one => one.because),
      becauseKey,
    ),
    unknowns: distinct(
      [first, ...more].flatMap(one => one.unknowns),
      unknownKey,
    ).sort((a, b) => compareText(a.stage, b.stage) || compareText(a.why, b.why)),
  }
  joinedAlready.add(all)
  return all
}

const joinedAlready = new WeakSet<Reasons>()

/** By these two reasons are one. The text of each is made once. */
const becauseKey = keeping((one: Because) => `${one.object}|${one.rule}|${one.says}|${one.kind}`)
export const unknownKey = keeping((one: Unknown) => `${one.stage}|${one.why}|${one.settledBy}`)

function keeping<T extends object>(make: (value: T) => string): (value: T) => string {
  const known = new WeakMap<T, string>()
  return value => {
    let text = known.get(value)
    if (text === undefined) {
      text = make(value)
      known.set(value, text)
    }
    return text
  }
}

/** The first value with a key stands for all of them: equal reasons of a cluster are one in memory. */
export const onePerKey = <T>(keyOf: (value: T) => string): ((value: T) => T) => {
  const known = new Map<string, T>()
  return value => {
    const key = keyOf(value)
    const before = known.get(key)
    if (before === undefined) known.set(key, value)
    return before ?? value
  }
}

/** The first value with a key, in the order of the values. */
export const distinct = <T>(values: readonly T[], keyOf: (value: T) => string): T[] => {
  if (values.length < 2) return [...values]
  const known = new Map<string, T>()
  for (const value of values) {
    const key = keyOf(value)
    if (!known.has(key)) known.set(key, value)
  }
  return [...known.values()]
}
