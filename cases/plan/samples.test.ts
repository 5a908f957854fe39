import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { plan } from '../../src/app/plan.ts'
import type { PlanResult } from '../../src/model/plan.ts'
import { faultsOf, outward } from './plans.ts'

/**
 * Plans of published examples of modules. They are not part of the repository: where they are absent this suite says so. What each of
 * them must say follows from its own arguments: which subnets it makes, and which gateways it gives them.
 */
const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'terraform-plans')
const skip = existsSync(SAMPLES) ? false : 'the sample plans are not beside this repository'

const sample = (name: string): PlanResult => {
  const result = plan([{ path: join(SAMPLES, `${name}.json`), cluster: null }], {
    now: '2026-11-20',
    baseline: new Set(),
  })
  assert.ok(result !== null)
  return result
}

describe('sample plans', { skip }, () => {
  test('private subnets alone open nothing outward', () => {
    const result = sample('vpc-5.21.0-simple')
    assert.deepEqual([faultsOf(result), outward(result.gained), result.lost], [[], [], []])
  })
  test('one NAT gateway for all private subnets; public subnets without it lead to the internet gateway', () => {
    const faults = faultsOf(sample('vpc-5.21.0-complete')).filter(one => one.startsWith('PST-G001'))
    assert.deepEqual(faults, [
      'PST-G001 broken module.vpc.aws_route.private_nat_gateway[0]',
      'PST-G001 broken module.vpc.aws_route.public_internet_gateway[0]',
    ])
  })
  test('egress-only gateways and NAT gateways that nobody approved, and tables that the plan does not tell', () => {
    const faults = faultsOf(sample('vpc-5.21.0-ipv6-dualstack'))
    for (const zone of [0, 1, 2]) {
      assert.ok(faults.includes(`PST-G001 broken module.vpc.aws_route.private_ipv6_egress[${zone}]`))
      assert.ok(faults.includes(`PST-G001 broken module.vpc.aws_route.private_nat_gateway[${zone}]`))
      assert.ok(faults.includes(`PST-G001 unresolved module.vpc.aws_route_table_association.database[${zone}]`))
    }
  })
  test('a plan that failed is refused', () => {
    const { plans, diagnostics } = sample('vpc-5.21.0-ipam')
    assert.deepEqual([plans, diagnostics.length], [[], 1])
  })
  test('the others are judged', () => {
    for (const name of ['tgw-2.13.1-complete', 'vpc-5.21.0-block-public-access'])
      assert.ok(sample(name).guardrails.length > 0, name)
  })
})
