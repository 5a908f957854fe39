import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { afterOf, made, madeVpc, type Planned, planOf, refs, there, type Written } from './testing/plan-of.ts'

const OPEN = { vpc_id: true }
const subnet = (n = 0): Planned => made({ cidr_block: `10.0.${n}.0/24` }, OPEN)
const vpc = madeVpc({ cidr_block: '10.0.0.0/16' })
const ID = 'aws_vpc.a.id'

/** The network of each subnet, by address; null: not told. */
const check = (
  resources: Readonly<Record<string, Planned>>,
  written: Written,
  expected: Readonly<Record<string, string | null>>,
): void => {
  const { fabric } = afterOf(planOf(resources, written))
  const found = new Map(fabric.subnets.map(({ id, network }) => [id.replace('aws:subnet/', ''), network]))
  for (const [address, network] of Object.entries(expected))
    assert.equal(found.get(address) ?? null, network === null ? null : `aws:vpc/${network}`, address)
}

const writes = (vpcId: JsonObject): Written => ({ resources: { 'aws_subnet.s': { vpc_id: vpcId } } })

describe('an id that is not known is that of what its expression names', () => {
  test('a resource of the same module', () => {
    check({ 'aws_vpc.a': vpc, 'aws_subnet.s': subnet() }, writes(refs(ID, 'aws_vpc.a')), {
      'aws_subnet.s': 'aws_vpc.a',
    })
  })
  test('one that is there has its own', () => {
    check(
      { 'aws_vpc.a': there({ id: 'vpc-1' }), 'aws_subnet.s': made({ vpc_id: 'vpc-1' }) },
      writes(refs(ID, 'aws_vpc.a')),
      { 'aws_subnet.s': 'vpc-1' },
    )
  })
  test('one that is replaced has none', () => {
    check(
      { 'aws_vpc.a': { ...vpc, actions: ['delete', 'create'] }, 'aws_subnet.s': subnet() },
      writes(refs(ID, 'aws_vpc.a')),
      { 'aws_subnet.s': 'aws_vpc.a' },
    )
  })
  test('through the attribute of another resource', () => {
    check(
      { 'aws_vpc.a': vpc, 'aws_internet_gateway.g': made({}, OPEN), 'aws_subnet.s': subnet() },
      {
        resources: {
          'aws_subnet.s': { vpc_id: refs('aws_internet_gateway.g.vpc_id', 'aws_internet_gateway.g') },
          'aws_internet_gateway.g': { vpc_id: refs(ID, 'aws_vpc.a') },
        },
      },
      { 'aws_subnet.s': 'aws_vpc.a' },
    )
  })
  test('through inputs and outputs of modules', () => {
    check(
      { 'module.v.aws_vpc.a': vpc, 'module.s.aws_subnet.s': subnet() },
      {
        calls: {
          v: { module: { resources: { 'aws_vpc.a': {} }, outputs: { id: refs(ID, 'aws_vpc.a') } } },
          s: { expressions: { net: refs('module.v.id', 'module.v') }, module: writes(refs('var.net')) },
        },
      },
      { 'module.s.aws_subnet.s': 'module.v.aws_vpc.a' },
    )
  })
})

describe('count and for_each', () => {
  const both = (reference: JsonObject, keys: readonly string[], own: readonly string[]) =>
    [
      Object.fromEntries([
        ...keys.map(key => [`aws_vpc.a[${key}]`, vpc]),
        ...own.map((key, n) => [`aws_subnet.s[${key}]`, subnet(n)]),
      ]) as Record<string, Planned>,
      writes(reference),
    ] as const
  test('an instance that is named', () => {
    check(...both(refs('aws_vpc.a[1].id', 'aws_vpc.a[1]', 'aws_vpc.a'), ['0', '1'], ['0']), {
      'aws_subnet.s[0]': 'aws_vpc.a[1]',
    })
  })
  test('the same index, where there are as many', () => {
    check(...both(refs('aws_vpc.a', 'count.index'), ['0', '1'], ['0', '1']), {
      'aws_subnet.s[0]': 'aws_vpc.a[0]',
      'aws_subnet.s[1]': 'aws_vpc.a[1]',
    })
  })
  test('the only one there is', () => {
    check(...both(refs('aws_vpc.a', 'count.index'), ['0'], ['0', '1']), { 'aws_subnet.s[1]': 'aws_vpc.a[0]' })
  })
  test('another number of them, or no index: which one is not told', () => {
    check(...both(refs('aws_vpc.a', 'count.index'), ['0', '1'], ['0', '1', '2']), { 'aws_subnet.s[0]': null })
    check(...both(refs('aws_vpc.a'), ['0', '1'], ['0', '1']), { 'aws_subnet.s[0]': null })
  })
  test('the same key', () => {
    check(...both(refs('aws_vpc.a', 'each.key'), ['"x"', '"y"'], ['"x"']), { 'aws_subnet.s["x"]': 'aws_vpc.a["x"]' })
    check(...both(refs('aws_vpc.a', 'each.key'), ['"x"', '"y"'], ['"z"']), { 'aws_subnet.s["z"]': null })
  })
  test('what for_each runs over', () => {
    const resources = { 'aws_vpc.a["x"]': vpc, 'aws_vpc.a["y"]': vpc, 'aws_subnet.s["y"]': subnet() }
    const written: Written = {
      ...writes(refs('each.value.id', 'each.value')),
      forEach: { 'aws_subnet.s': refs('aws_vpc.a') },
    }
    check(resources, written, { 'aws_subnet.s["y"]': 'aws_vpc.a["y"]' })
  })
  test('a key that is looked up is another one', () => {
    check(...both(refs('aws_vpc.a', 'each.value.net', 'each.value'), ['"x"', '"y"'], ['"x"']), {
      'aws_subnet.s["x"]': null,
    })
  })
  test('instances of a module have their own', () => {
    const module: Written = { resources: { 'aws_vpc.a': {}, 'aws_subnet.s': { vpc_id: refs(ID, 'aws_vpc.a') } } }
    check(
      {
        'module.m["x"].aws_vpc.a': vpc,
        'module.m["x"].aws_subnet.s': subnet(),
        'module.m["y"].aws_vpc.a': vpc,
        'module.m["y"].aws_subnet.s': subnet(),
      },
      { calls: { m: { module } } },
      {
        'module.m["x"].aws_subnet.s': 'module.m["x"].aws_vpc.a',
        'module.m["y"].aws_subnet.s': 'module.m["y"].aws_vpc.a',
      },
    )
  })
})

describe('a local value', () => {
  test('stands for the only one of its kind in the module', () => {
    check({ 'aws_vpc.a': vpc, 'aws_subnet.s': subnet() }, writes(refs('local.id')), { 'aws_subnet.s': 'aws_vpc.a' })
  })
  test('of several nobody can tell which', () => {
    check({ 'aws_vpc.a': vpc, 'aws_vpc.b': vpc, 'aws_subnet.s': subnet() }, writes(refs('local.id')), {
      'aws_subnet.s': null,
    })
  })
  test('what is given to the module counts', () => {
    const resources = { 'aws_vpc.a': vpc, 'module.m.aws_subnet.s': subnet() }
    const call = { expressions: { net: refs(ID, 'aws_vpc.a') }, module: writes(refs('local.id')) }
    check(resources, { calls: { m: call } }, { 'module.m.aws_subnet.s': 'aws_vpc.a' })
    check({ ...resources, 'module.m.aws_vpc.b': vpc }, { calls: { m: call } }, { 'module.m.aws_subnet.s': null })
  })
  test('where nothing is nearer, locals of the caller are asked', () => {
    const call = { expressions: { net: refs('local.net') }, module: writes(refs('local.id')) }
    check(
      { 'aws_vpc.a': vpc, 'module.m.aws_subnet.s': subnet() },
      { calls: { m: call } },
      {
        'module.m.aws_subnet.s': 'aws_vpc.a',
      },
    )
  })
})

test('what is known is not where something unknown comes from', () => {
  check(
    { 'aws_vpc.a': vpc, 'aws_vpc.b': there({ id: 'vpc-1' }), 'aws_subnet.s': subnet() },
    writes(refs(ID, 'aws_vpc.a', 'aws_vpc.b.id', 'aws_vpc.b', 'var.which')),
    { 'aws_subnet.s': 'aws_vpc.a' },
  )
})

test('a data source that is read later may be anything', () => {
  const resources = { 'aws_vpc.a': vpc, 'aws_subnet.s': subnet() }
  const reference = refs(ID, 'aws_vpc.a', 'data.aws_vpc.d.id', 'data.aws_vpc.d')
  check(resources, writes(reference), { 'aws_subnet.s': null })
  const read = planOf(resources, writes(reference), { 'data.aws_vpc.d': there({ id: 'vpc-9' }) })
  assert.equal(afterOf(read).fabric.subnets[0]?.network, 'aws:vpc/aws_vpc.a')
})

test('what cannot be followed is named', () => {
  const two = planOf(
    { 'aws_vpc.a': vpc, 'aws_vpc.b': vpc, 'aws_subnet.s': subnet() },
    writes(refs(ID, 'aws_vpc.a', 'aws_vpc.b.id', 'aws_vpc.b', 'var.which')),
  )
  assert.ok(
    afterOf(two).notes.some(
      ({ object, why }) =>
        object === 'aws:subnet/aws_subnet.s' &&
        why === '`vpc_id` of `aws_subnet.s` is one of `aws_vpc.a`, `aws_vpc.b`: the plan does not tell which',
    ),
  )
})

test('a configuration that leads in a circle', () => {
  const circle = (a: string, b: string): Written => ({
    resources: {
      'aws_subnet.s': { vpc_id: refs(a) },
      'aws_internet_gateway.g': { vpc_id: refs(b) },
    },
  })
  check(
    { 'aws_subnet.s': subnet(), 'aws_internet_gateway.g': made({}, OPEN) },
    circle('aws_internet_gateway.g.vpc_id', 'aws_subnet.s.vpc_id'),
    { 'aws_subnet.s': null },
  )
  check(
    { 'module.m.aws_subnet.s': subnet() },
    {
      calls: {
        m: {
          expressions: { v: refs('module.m.o', 'module.m') },
          module: { ...writes(refs('var.v')), outputs: { o: refs('var.v') } },
        },
      },
    },
    { 'module.m.aws_subnet.s': null },
  )
})
