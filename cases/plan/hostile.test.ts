import { test } from 'node:test'
import fc from 'fast-check'
import { planResult } from '../../src/app/plan.ts'
import { planDocument } from '../../src/app/plan-resources.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { RawDocument } from '../../src/sources/files/read.ts'
import { createEstateBuilder } from '../../src/sources/kubernetes/estate.ts'
import { terraformReading } from '../../src/sources/terraform/reading.ts'
import { isTerraformOutput } from '../../src/sources/terraform/recognise.ts'
import { NETWORK, planOf, type Resources, route } from './plans.ts'

// Plans that somebody cut, edited or made up: bad input is a value, whatever it is and wherever it stands.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** The value with another one somewhere in it, by steps that are taken as far as they lead. */
const withOther = (value: Json, steps: readonly number[], other: Json): Json => {
  const [step, ...rest] = steps
  if (step === undefined || typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return other
  if (Array.isArray(value)) return value.map((part, i) => (String(i) === key ? withOther(part, rest, other) : part))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === key ? withOther(part, rest, other) : part]),
  )
}

const AFTER: Resources = {
  ...NETWORK,
  'aws_route.out': route('rtb-1', '0.0.0.0/0', { gateway_id: 'igw-1' }),
  'aws_route.six': route('rtb-1', '64:ff9b::/96', { nat_gateway_id: 'nat-1' }),
  'aws_instance.a': { values: { subnet_id: 'subnet-1', associate_public_ip_address: true }, unknown: ['id'] },
  'aws_launch_template.a': {
    values: { network_interfaces: [{ associate_public_ip_address: 'true' }] },
    unknown: ['id'],
  },
  'aws_eip.a': { values: { instance: 'i-1' }, unknown: ['id'] },
  'aws_lb.a': { values: { subnets: ['subnet-2'], internal: false }, unknown: ['id'] },
  'aws_vpc_peering_connection.x': { values: { vpc_id: 'vpc-1', peer_vpc_id: 'vpc-2' }, unknown: ['id'] },
  'aws_ec2_transit_gateway.t': { values: { id: 'tgw-1' } },
  'aws_ec2_transit_gateway_vpc_attachment.a': {
    values: { transit_gateway_id: 'tgw-1', vpc_id: 'vpc-1', subnet_ids: ['subnet-1'] },
    unknown: ['id'],
  },
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '010.0.0.1/8',
    'igw-1',
    'vpc-1',
    'module.a["b"].aws_route.c[0]',
    'constructor',
    '__proto__',
    true,
    -1,
    [],
    {},
  ),
)

const judge = (body: JsonObject): void => {
  if (!isTerraformOutput(body)) return
  const document: RawDocument = {
    kind: 'document',
    body,
    origin: { file: 'plan.json', source: 0, start: 0, end: 1, line: 1, format: 'json', item: null },
    cluster: 'c',
  }
  if (terraformReading(document).kind === 'refused') return
  const read = (when: 'before' | 'after') => {
    const builder = createEstateBuilder(() => true, 'topmost', when)
    builder.add(document)
    return { estate: builder.finish() }
  }
  const plan = planDocument(document)
  planResult(read('before'), read('after'), plan === null ? [] : [plan], { now: '2026-11-20', baseline: new Set() })
}

test('no plan is a crash', () => {
  const base = planOf(NETWORK, AFTER) as Json
  const steps = fc.array(fc.nat(60), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(fc.array(fc.tuple(steps, odd), { minLength: 1, maxLength: 3 }), changes => {
      const body = changes.reduce((value, [path, other]) => withOther(value, path, other), base)
      if (typeof body === 'object' && body !== null && !Array.isArray(body)) judge(body)
    }),
    { numRuns: 300 },
  )
})
