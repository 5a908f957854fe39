import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Doubt, Rule, RulePolicy } from '../model/rule.ts'
import { portRange } from '../sets/port-set.ts'
import { TCP } from '../sets/protocol.ts'
import { portTraffic, type Traffic, traffics, unionOfTraffics } from '../sets/traffic.ts'
import { trafficTable } from '../sets/traffic-table.ts'
import { hopTier } from './hop.ts'
import { pointSpace } from './node-space.ts'
import { certainly } from './reading.ts'
import type { Run, Stack } from './stack.ts'
import { passing } from './verdict.ts'

const PORTS = [1, 2, 3, 4]
const POLICY = { dialect: 'calico' } as RulePolicy
const DOUBT: Doubt = { level: 'unknown', why: '', settledBy: '' }

const trafficOf = (ports: readonly number[]): Traffic =>
  unionOfTraffics([
    traffics.empty,
    ...ports.flatMap(port => {
      const read = portRange(port)
      return read.kind === 'read' ? [portTraffic(TCP, read.value)] : []
    }),
  ])

interface Made {
  readonly action: Rule['action']
  readonly ports: readonly number[]
  readonly isOpen: boolean
}

const runOf = ({ action, ports, isOpen }: Made): Run => ({
  action,
  items: [
    {
      policy: POLICY,
      rule: {
        action,
        peers: [{ kind: 'everything' }],
        traffic: { exact: trafficOf(ports), named: [], maybe: traffics.empty },
        limit: null,
        at: ['spec'],
        doubt: null,
      },
      kind: 'rule',
      doubts: isOpen ? [DOUBT] : [],
    },
  ],
})

/** Each rule a policy of its own, one after the other. */
const stackOf = (tiers: readonly (readonly Made[])[]): Stack => tiers.map(tier => tier.map(made => [[runOf(made)]]))

const made = (isOpen: fc.Arbitrary<boolean>): fc.Arbitrary<readonly (readonly Made[])[]> =>
  fc.array(
    fc.array(
      fc.record({
        action: fc.constantFrom('allow', 'deny', 'pass'),
        ports: fc.subarray(PORTS, { minLength: 1 }),
        isOpen,
      }),
      { maxLength: 4 },
    ),
    { maxLength: 3 },
  )

const readings = (stack: Stack) => {
  const table = trafficTable()
  const space = pointSpace(table, () => () => certainly(true))
  const { must, may } = passing(space, { counting: stack, written: stack, others: [] })
  const has = (id: number, port: number): boolean =>
    !traffics.isEmpty(traffics.intersect(table.trafficOf(id), trafficOf([port])))
  return PORTS.map(port => (has(must, port) ? 'yes' : has(may, port) ? 'open' : 'no'))
}

const both = (a: string, b: string): string =>
  a === 'no' || b === 'no' ? 'no' : a === 'open' || b === 'open' ? 'open' : 'yes'

test('what passes a hop and its subject passes both, exactly', () => {
  const certain = made(fc.constant(false))
  fc.assert(
    fc.property(certain, certain, (hop, own) => {
      const [front, back] = [stackOf(hop), stackOf(own)]
      const joined = [hopTier(front), ...back].filter(tier => tier.length > 0)
      const alone = readings(back)
      assert.deepEqual(
        readings(joined),
        readings(front).map((word, i) => both(word, alone[i] as string)),
      )
    }),
    { numRuns: 500 },
  )
})

test('where rules are open, never wrongly', () => {
  fc.assert(
    fc.property(made(fc.boolean()), made(fc.constant(false)), (hop, own) => {
      const [front, back] = [stackOf(hop), stackOf(own)]
      const joined = readings([hopTier(front), ...back].filter(tier => tier.length > 0))
      const alone = readings(back)
      for (const [i, word] of readings(front).entries()) {
        const right = both(word, alone[i] as string)
        assert.ok(joined[i] === right || joined[i] === 'open', `${joined[i]} for ${right}`)
      }
    }),
    { numRuns: 500 },
  )
})
