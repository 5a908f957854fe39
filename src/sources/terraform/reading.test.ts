import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../../model/json.ts'
import { awsFabric } from '../aws/fabric.ts'
import { supportPageBeside } from '../testing/support-page.ts'
import { terraformReading } from './reading.ts'
import { isTerraformOutput } from './recognise.ts'
import { EVALUATED } from './support.ts'
import {
  afterOf,
  beforeOf,
  documentOf,
  made,
  madeVpc,
  planOf,
  readingOf,
  refs,
  stateOf,
  there,
  type Written,
} from './testing/plan-of.ts'

const VPC = there({ id: 'vpc-1', cidr_block: '10.0.0.0/16' })
const networksOf = ({ fabric }: { readonly fabric: { readonly networks: readonly { readonly id: string }[] } }) =>
  fabric.networks.map(({ id }) => id.replace('aws:vpc/', ''))

describe('what is refused', () => {
  const check = (more: JsonObject, word: string): void => {
    const reading = terraformReading(documentOf(planOf({ 'aws_vpc.v': VPC }, {}, {}, more)))
    if (reading.kind !== 'refused') assert.fail(reading.kind)
    assert.ok(reading.why.includes(word), reading.why)
    assert.equal(reading.diagnostic.severity, 'error')
    assert.equal(reading.diagnostic.file, 'plan.json')
  }
  test('a plan that failed', () => check({ errored: true }, '`errored`'))
  test('a plan that is not complete', () => check({ complete: false }, '`complete`'))
  test('a plan of which a part is put off', () => check({ deferred_changes: [{}] }, '`deferred_changes`'))
  test('another version of the format', () => {
    check({ format_version: '2.0' }, '`2.0`')
    check({ format_version: '0.2' }, '`0.2`')
  })
  test('a plan without what comes of it', () => check({ planned_values: null }, '`planned_values`'))
  test('nothing that is merely not said', () => {
    assert.equal(readingOf(planOf({}, {}, {}, { errored: false, complete: true, deferred_changes: [] })).kind, 'plan')
  })
})

describe('before and after', () => {
  test('what is deleted, made and replaced', () => {
    const plan = planOf(
      {
        'aws_vpc.new': { ...madeVpc(), actions: ['create'] },
        'aws_vpc.other': { ...madeVpc(), actions: ['delete', 'create'] },
        'aws_vpc.same': { ...VPC, actions: ['no-op'] },
      },
      {},
      { 'aws_vpc.same': VPC, 'aws_vpc.other': there({ id: 'vpc-2' }), 'aws_vpc.gone': there({ id: 'vpc-3' }) },
    )
    assert.deepEqual(networksOf(beforeOf(plan)), ['vpc-1', 'vpc-2', 'vpc-3'])
    assert.deepEqual(networksOf(afterOf(plan)), ['aws_vpc.new', 'aws_vpc.other', 'vpc-1'])
    const reading = readingOf(plan)
    assert.deepEqual(reading.kind === 'plan' && reading.changes, [
      { address: 'aws_vpc.new', actions: ['create'] },
      { address: 'aws_vpc.other', actions: ['delete', 'create'] },
    ])
  })
  test('what Terraform forgets stays', () => {
    const more = { resource_changes: [{ address: 'aws_vpc.v', change: { actions: ['forget'] } }] }
    assert.deepEqual(networksOf(afterOf(planOf({}, {}, { 'aws_vpc.v': VPC }, more))), ['vpc-1'])
  })
  test('a state is what is there', () => {
    assert.deepEqual(networksOf(afterOf(stateOf({ 'module.a.aws_vpc.v': VPC }))), ['vpc-1'])
    assert.equal(readingOf({ format_version: '1.0' }).kind, 'state')
  })
})

test('what is sensitive is not known, and stands in no output', () => {
  const secret = { values: { id: 'vpc-1', cidr_block: '10.99.0.0/16' }, secret: { cidr_block: true } }
  const group = {
    values: { id: 'sg-1', egress: [{ protocol: 'tcp', from_port: 1, to_port: 1, cidr_blocks: ['10.98.0.0/16'] }] },
    secret: { egress: [{ cidr_blocks: [true] }] },
  }
  for (const body of [
    stateOf({ 'aws_vpc.v': secret, 'aws_security_group.g': group }),
    planOf({
      'aws_vpc.v': { ...secret, actions: ['update'] },
      'aws_security_group.g': { ...group, actions: ['no-op'] },
    }),
  ]) {
    const reading = readingOf(body)
    const lowered = awsFabric([], [reading.after])
    for (const shown of [JSON.stringify(reading.after.items), JSON.stringify(lowered)])
      assert.ok(!shown.includes('10.99') && !shown.includes('10.98'))
    assert.deepEqual(lowered.fabric.networks[0]?.ranges, [])
    assert.equal(lowered.fabric.filters.find(({ stateful }) => stateful)?.doubts.length, 1)
  }
})

test('what is not read is counted, with a note for each type', () => {
  const resources = {
    'aws_customer_gateway.c': made(),
    'google_compute_network.n': made(),
    'google_compute_network.m': made(),
  }
  const reading = afterOf(planOf(resources))
  assert.deepEqual(
    reading.notes.map(({ state, why }) => `${state}: ${why}`),
    [
      'notImplemented: aws_customer_gateway (1): not evaluated',
      'ignorable: google_compute_network (2): nothing of it is about networks of AWS',
    ],
  )
  assert.deepEqual([reading.counts.notImplemented, reading.counts.ignorable], [1, 2])
})

test('each object is at its place in the plan', () => {
  const { after } = readingOf(planOf({ 'aws_vpc.v': VPC, 'module.a.aws_vpc.v': there({ id: 'vpc-2' }) }))
  assert.deepEqual(
    after.items.filter(({ key }) => key === 'Vpcs').map(({ item }) => item.at),
    [
      ['planned_values', 'root_module', 'resources', 0],
      ['planned_values', 'root_module', 'child_modules', 0, 'resources', 0],
    ],
  )
})

test('a document is told by its top-level keys', () => {
  assert.ok(isTerraformOutput(planOf({})))
  assert.ok(isTerraformOutput(stateOf({})))
  assert.ok(isTerraformOutput({ format_version: '1.0', terraform_version: '1.9.0' }))
  assert.ok(isTerraformOutput({ format_version: '1.0', resource_changes: [] }))
  for (const other of [
    {},
    { values: {} },
    { format_version: '1.0', provider_schemas: {} },
    { format_version: 1, values: {} },
  ])
    assert.ok(!isTerraformOutput(other as JsonObject))
})

/** Words that plans are made of, so that random ones come near to real ones. */
const TYPES = EVALUATED.flatMap(type => [
  `${type}.a`,
  `${type}.b[0]`,
  `module.m.${type}.a`,
  `module.m["x"].${type}.c["x"]`,
])
const WORDS = ['a', 'local', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'igw-1', '-1', 'all', 'Gateway', '__proto__', 'egress']
const ATTRIBUTES = [
  ...'id vpc_id subnet_id subnet_ids route_table_id route_table_ids route gateway_id nat_gateway_id cidr_block'.split(
    ' ',
  ),
  ...'ipv6_cidr_block egress ingress security_group_id self cidr_blocks security_groups network_acl_id rule_number'.split(
    ' ',
  ),
  ...'propagating_vgws vpc_endpoint_type prefix_list_id entry cidr private_ip private_ips public_ip type protocol'.split(
    ' ',
  ),
  ...'default_route_table_id main_route_table_id destination_cidr_block transit_gateway_id constructor'.split(' '),
]
const REFERENCES = [
  ...TYPES.map(one => one.replace(/\[.*\]$/, '')),
  'local.x',
  'var.x',
  'module.m.o',
  'module.m',
  'each.value',
  'count.index',
  '',
]
const value: fc.Arbitrary<Json> = fc.oneof(
  { depthSize: 'small' },
  fc.constantFrom<Json>(...WORDS, null, true, 0, 443),
  fc.array(fc.constantFrom<Json>(...WORDS, null), { maxLength: 3 }),
  fc.array(
    fc.dictionary(
      fc.constantFrom(...ATTRIBUTES),
      fc.constantFrom<Json>(...WORDS, 0, true, null, ['10.0.0.0/8']),
    ) as fc.Arbitrary<JsonObject>,
    { maxLength: 2 },
  ),
)
const attributes = fc.dictionary(fc.constantFrom(...ATTRIBUTES), value, { maxKeys: 5 }) as fc.Arbitrary<JsonObject>
const masks = fc.dictionary(
  fc.constantFrom(...ATTRIBUTES),
  fc.constantFrom<Json>(true, false, [true], [{ gateway_id: true }]),
  {
    maxKeys: 5,
  },
) as fc.Arbitrary<JsonObject>
const planned = fc.record({
  values: attributes,
  unknown: masks,
  actions: fc.constantFrom(['create'], ['no-op'], ['forget'], ['delete', 'create']),
})
const expressions = fc.dictionary(
  fc.constantFrom(...ATTRIBUTES),
  fc.array(fc.constantFrom(...REFERENCES), { maxLength: 3 }).map(all => refs(...all)),
  { maxKeys: 4 },
) as fc.Arbitrary<JsonObject>
const resources = fc.dictionary(fc.constantFrom(...TYPES), planned, { maxKeys: 12 })
const written = fc.dictionary(fc.constantFrom(...EVALUATED.map(type => `${type}.a`)), expressions, { maxKeys: 12 })

test('nothing throws, whatever stands in a plan', () => {
  fc.assert(
    fc.property(resources, resources, written, expressions, written, (after, before, root, inner, module) => {
      const call = {
        expressions: inner,
        module: { resources: module, outputs: { o: refs(...REFERENCES.slice(0, 20)) } },
      }
      const body = planOf(after, { resources: root, calls: { m: call } }, before)
      isTerraformOutput(body)
      const reading = readingOf(body)
      awsFabric([], reading.kind === 'plan' ? [reading.before, reading.after] : [])
    }),
    { numRuns: 400 },
  )
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom('values', 'planned_values', 'prior_state', 'configuration', 'resource_changes'),
      (odd, key) => {
        const body = { ...planOf({ 'aws_vpc.v': VPC }), [key]: odd } as JsonObject
        isTerraformOutput(body)
        terraformReading(documentOf(body))
      },
    ),
  )
})

test('a plan of many resources is read in linear time', () => {
  const many = (n: number): JsonObject => {
    const subnets = Array.from({ length: n }, (_, i) => [`aws_subnet.s[${i}]`, made({}, { vpc_id: true })] as const)
    const links = Array.from(
      { length: n },
      (_, i) => [`aws_route_table_association.x[${i}]`, made({}, { subnet_id: true, route_table_id: true })] as const,
    )
    const tables = Array.from(
      { length: n },
      (_, i) => [`aws_route_table.t[${i}]`, made({}, { vpc_id: true, route: true })] as const,
    )
    const vpc = { vpc_id: refs('local.vpc') }
    return planOf(Object.fromEntries([['aws_vpc.v', madeVpc()], ...subnets, ...links, ...tables]), {
      resources: {
        'aws_subnet.s': vpc,
        'aws_route_table.t': vpc,
        'aws_route_table_association.x': {
          subnet_id: refs('aws_subnet.s', 'count.index'),
          route_table_id: refs('aws_route_table.t', 'count.index'),
        },
      },
    })
  }
  const start = performance.now()
  assert.equal(afterOf(many(4000)).fabric.subnets.length, 4000)
  assert.ok(performance.now() - start < 10_000)
})

test('modules that hand much down are followed once', () => {
  const names = Array.from({ length: 8 }, (_, n) => `v${n}`)
  const all = Object.fromEntries(names.map(name => [name, refs(...names.map(one => `var.${one}`))]))
  const nested = (depth: number): Written => {
    const own = { 'aws_route_table.t': { route: refs('var.v0'), vpc_id: refs('var.v1') } }
    return depth === 0 ? { resources: own } : { calls: { m: { expressions: all, module: nested(depth - 1) } } }
  }
  const address = `${'module.m.'.repeat(30)}aws_route_table.t`
  assert.equal(
    afterOf(planOf({ [address]: made({}, { route: true, vpc_id: true }) }, nested(30))).fabric.tables.length,
    1,
  )
})

test('the page tells of every type that is evaluated', () => {
  supportPageBeside(import.meta.url).checkTable('Evaluated', EVALUATED)
})
