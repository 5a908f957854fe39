import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { CalicoPlace, Doubt, Rule, RulePolicy } from '../model/rule.ts'
import { NONE } from '../model/rule.ts'
import { calicoIptables } from '../profiles/calico-iptables.ts'
import { bitSets } from '../sets/bit-set.ts'
import { traffics } from '../sets/traffic.ts'
import { foldTiers, type Step } from './fold.ts'
import type { Run, Selecting, Stack } from './stack.ts'
import { calicoStackOf } from './stack-calico.ts'

/** Packets are the numbers below eight; a rule matches those of its mask. */
const bits = bitSets(8)
const masks = new WeakMap<Rule, number>()
const membersOf = (mask: number): readonly number[] => [0, 1, 2, 3, 4, 5, 6, 7].filter(bit => (mask >> bit) & 1)
const EVERYTHING = 255

interface Made {
  readonly name: string
  readonly tier: string
  readonly order: number
  /** What another version compares. */
  readonly other: string
  readonly isDoubtful: boolean
  readonly rules: readonly (readonly [Rule['action'], number])[]
}

const LAST = Number.POSITIVE_INFINITY
const doubt: Doubt = { level: 'unknown', why: '', settledBy: '' }
const anywhere = (name: string): (typeof TIERS)[string] => ({
  name,
  tierOrder: LAST,
  end: 'deny',
  lacksTier: true,
  earlier: { tierOrder: null, doubt },
})
const TIERS: Readonly<Record<string, Omit<CalicoPlace, 'tier' | 'order' | 'names'>>> = {
  first: { name: 'first', tierOrder: 1, end: 'deny' },
  second: { name: 'second', tierOrder: 2, end: 'pass' },
  third: { name: 'third', tierOrder: LAST, end: 'deny' },
  // Before `second` in one version, after it in another.
  moved: { name: 'moved', tierOrder: LAST, end: 'deny', earlier: { tierOrder: 2, doubt } },
  passing: { name: 'passing', tierOrder: LAST, end: 'pass', earlier: { tierOrder: 2, doubt } },
  lost: anywhere('lost'),
  away: anywhere('away'),
}
const IN_ORDER = ['first', 'second', 'third'] as const

const ruleOf = ([action, mask]: readonly [Rule['action'], number], i: number): Rule => {
  const rule: Rule = {
    action,
    peers: [],
    traffic: { exact: traffics.full, named: [], maybe: traffics.empty },
    limit: null,
    at: ['spec', 'egress', i],
    doubt: null,
  }
  masks.set(rule, mask)
  return rule
}

const selectingOf = (made: Made): Selecting => {
  const tier = TIERS[made.tier] as (typeof TIERS)[string]
  const policy: RulePolicy = {
    ref: { cluster: 'c', group: 'projectcalico.org', kind: 'GlobalNetworkPolicy', namespace: null, name: made.name },
    origin: { file: '', source: 0, start: 0, end: 0, line: null, format: 'json', item: null },
    labels: new Map(),
    annotations: new Map(),
    dialect: 'calico',
    place: { tier: 'calico', ...tier, order: made.order, names: [made.name, made.other] },
    selects: 'pods',
    subject: NONE,
    egress: {
      rules: made.rules.map(ruleOf),
      isolates: tier.earlier?.tierOrder === null ? 'unknown' : tier.end === 'deny',
      isolatesAt: ['spec'],
    },
    ingress: { rules: [], isolates: false, isolatesAt: ['spec'] },
    inert: null,
  }
  return { policy, alternative: null, doubts: made.isDoubtful ? [doubt] : [] }
}

const stepOf = ({ action, items }: Run): Step<Uint32Array> => {
  const union = (some: Run['items']): Uint32Array =>
    bits.of(some.flatMap(({ rule, kind }) => membersOf(kind === 'default' ? EVERYTHING : (masks.get(rule) ?? 0))))
  return { action, must: union(items.filter(item => item.doubts.length === 0)), may: union(items) }
}

const foldOf = (stack: Stack) =>
  foldTiers({ algebra: bits, stepOf }, stack, { must: bits.full, may: bits.full }, 'strict')

/** Tiers in an order, each with its end. */
type Arrangement = readonly (readonly [tier: string, end: CalicoPlace['end']])[]

const inOrder = (...names: readonly string[]): Arrangement =>
  names.map(name => [name, TIERS[name]?.end ?? 'deny'] as const)

/** One packet through policies that all count, in the order that a version gives them. */
const passes = (
  packet: number,
  policies: readonly Made[],
  version: 'name' | 'other',
  arrangement: Arrangement,
): boolean => {
  for (const [tier, end] of arrangement) {
    const own = policies
      .filter(policy => policy.tier === tier)
      .sort((a, b) => a.order - b.order || (a[version] < b[version] ? -1 : 1))
    if (own.length === 0) continue
    const taken = own.flatMap(policy => policy.rules).find(([, mask]) => (mask >> packet) & 1)
    const action = taken?.[0] ?? end
    if (action !== 'pass') return action === 'allow'
  }
  return true
}

/** Every choice of the policies that may count. */
const worldsOf = ([first, ...others]: readonly Made[]): readonly (readonly Made[])[] => {
  if (first === undefined) return [[]]
  const rest = worldsOf(others)
  const counting = rest.map(world => [first, ...world])
  return first.isDoubtful ? [...rest, ...counting] : counting
}

const made = (
  isDoubtful: fc.Arbitrary<boolean>,
  namesDiffer: boolean,
  tiers: readonly string[] = IN_ORDER,
): fc.Arbitrary<readonly Made[]> =>
  fc
    .array(
      fc.record({
        tier: fc.constantFrom(...tiers),
        order: fc.constantFrom(1, 1, 2),
        swap: fc.nat(9),
        isDoubtful,
        rules: fc.array(
          fc.tuple(fc.constantFrom<Rule['action']>('allow', 'deny', 'pass'), fc.integer({ min: 0, max: 255 })),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 5 },
    )
    .map(all =>
      all.map(({ swap, ...one }, i) => ({
        ...one,
        name: `${i}`,
        other: namesDiffer ? `${swap}${i}` : `${i}`,
      })),
    )

const check = (
  policies: readonly Made[],
  isExact: boolean,
  arrangements: readonly Arrangement[] = [inOrder(...IN_ORDER)],
): void => {
  const { must, may } = foldOf(calicoStackOf(policies.map(selectingOf), 'egress', calicoIptables))
  for (const packet of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const truths = worldsOf(policies).flatMap(world =>
      arrangements.flatMap(one => [passes(packet, world, 'name', one), passes(packet, world, 'other', one)]),
    )
    const told = `packet ${packet} of ${JSON.stringify(policies)}`
    if (bits.has(must, packet)) assert.ok(!truths.includes(false), `${told}: not certain to pass`)
    if (!bits.has(may, packet)) assert.ok(!truths.includes(true), `${told}: not certain to stop`)
    if (!isExact) continue
    assert.equal(bits.has(must, packet), !truths.includes(false), told)
    assert.equal(bits.has(may, packet), truths.includes(true), told)
  }
}

describe('the tiers of Calico, folded', () => {
  test('exactly, where every policy counts and the order is known', () => {
    fc.assert(
      fc.property(made(fc.constant(false), false), policies => check(policies, true)),
      { seed: 1, numRuns: 500 },
    )
  })
  test('a policy alone that may count, exactly, where its rules agree', () => {
    const alone = made(fc.constant(true), false).map(policies =>
      policies
        .slice(0, 1)
        .map(one => ({ ...one, rules: one.rules.filter(([action]) => action === one.rules[0]?.[0]) })),
    )
    fc.assert(
      fc.property(alone, policies => check(policies, true)),
      { seed: 2, numRuns: 500 },
    )
  })
  test('policies that may count, never wrongly', () => {
    fc.assert(
      fc.property(made(fc.boolean(), false), policies => check(policies, false)),
      { seed: 3, numRuns: 500 },
    )
  })
  test('an order that versions make differently, never wrongly', () => {
    fc.assert(
      fc.property(made(fc.boolean(), true), policies => check(policies, false)),
      { seed: 4, numRuns: 500 },
    )
  })
  for (const tier of ['moved', 'passing'] as const)
    test(`a tier that versions put before others or after them, exactly: ${tier}`, () => {
      const two = [inOrder('first', tier, 'second', 'third'), inOrder('first', 'second', tier, 'third')]
      fc.assert(
        fc.property(made(fc.constant(false), false, ['first', 'second', 'third', tier]), policies =>
          check(policies, true, two),
        ),
        { seed: 5, numRuns: 500 },
      )
    })
  test('two such tiers, with policies that may count, never wrongly', () => {
    const two = [
      inOrder('first', 'moved', 'passing', 'second', 'third'),
      inOrder('first', 'second', 'moved', 'passing', 'third'),
    ]
    fc.assert(
      fc.property(made(fc.boolean(), true, ['first', 'second', 'third', 'moved', 'passing']), policies =>
        check(policies, false, two),
      ),
      { seed: 6, numRuns: 500 },
    )
  })
  const withLost = (names: readonly string[], [lost, ...others]: readonly string[]): readonly Arrangement[] =>
    lost === undefined
      ? [inOrder(...names)]
      : withLost(names, others).flatMap(all =>
          Array.from({ length: all.length + 1 }, (_, i) => i).flatMap(i =>
            (['deny', 'pass'] as const).map(end => all.toSpliced(i, 0, [lost, end])),
          ),
        )
  test('a tier that may stand anywhere and end either way, exactly', () => {
    fc.assert(
      fc.property(made(fc.constant(false), false, ['first', 'second', 'lost']), policies =>
        check(policies, true, withLost(['first', 'second'], ['lost'])),
      ),
      { seed: 7, numRuns: 500 },
    )
  })
  test('two such tiers, with policies that may count, never wrongly', () => {
    fc.assert(
      fc.property(made(fc.boolean(), true, ['first', 'second', 'lost', 'away']), policies =>
        check(policies, false, withLost(['first', 'second'], ['lost', 'away'])),
      ),
      { seed: 8, numRuns: 500 },
    )
  })
})
