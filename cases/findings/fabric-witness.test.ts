import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { scan } from '../../src/app/scan.ts'
import type { Finding } from '../../src/model/finding.ts'
import { allOf, type Bodies } from '../oracle/fabric/documents.ts'
import { generateNetwork } from '../oracle/fabric/generate.ts'
import { packetWay } from '../oracle/fabric/way.ts'
import { at, text } from '../oracle/json.ts'
import type { Json } from '../oracle/types.ts'
import { loaded } from '../reach/estate.ts'
import { NOW } from './golden-case.ts'

// Findings about networks on networks that nobody wrote: their packets go where they say, and nothing crashes.

const SEEDS = 400

/** Every machine as a node of a cluster, and one NAT gateway that is approved. */
const asFleet = (bodies: Bodies): Readonly<Record<string, string>> => {
  const machines = new Set(
    allOf(bodies, 'NetworkInterfaces').flatMap(one => text(at(one, 'Attachment', 'InstanceId')) ?? []),
  )
  const Instances = [...machines].map(InstanceId => ({
    InstanceId,
    Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned' }],
  }))
  const [nat] = allOf(bodies, 'NatGateways')
  const exit = {
    apiVersion: 'postern.dev/v1alpha1',
    kind: 'ApprovedExit',
    metadata: { name: 'nat' },
    spec: { ids: [text(at(nat ?? null, 'NatGatewayId')) ?? 'nat-none'] },
  }
  return Object.fromEntries(
    [...bodies, { Reservations: [{ OwnerId: '111111111111', Instances }] }, exit].map((body, i) => [
      `${i}.json`,
      JSON.stringify(body),
    ]),
  )
}

const findingsIn = (files: Readonly<Record<string, string>>): readonly Finding[] =>
  scan(loaded(files), { now: NOW, baseline: new Set() }).findings.findings

/** Where a packet leaves, by the id of the check that tells of it. */
const EXITS: Readonly<Record<string, readonly string[]>> = {
  'PST-C001': ['internet-gateway'],
  'PST-C003': ['internet-gateway', 'egress-only-gateway'],
  'PST-C006': ['internet-gateway', 'egress-only-gateway', 'nat'],
  'PST-C007': ['internet-gateway', 'egress-only-gateway', 'nat'],
  'PST-C008': ['nat'],
}

const lastOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

test('packets of findings go where they say', () => {
  const seen = new Map<string, number>()
  for (let seed = 0; seed < SEEDS; seed++) {
    const { bodies } = generateNetwork(seed, 0)
    for (const { id, object, witness, path } of findingsIn(asFleet(bodies))) {
      const sender = path.find(({ hop }) => hop === 'interface')
      const [, destination = ''] = / -> \[?([0-9a-f.:]+?)\]?:443\/TCP$/.exec(witness ?? '') ?? []
      if (sender === undefined || destination === '' || !(id in EXITS || id === 'PST-C005')) continue
      const way = packetWay(
        bodies,
        { kind: 'interface', id: lastOf(sender.id) },
        { destination, protocol: 6, port: 443 },
      )
      const where = `seed ${seed}: ${id} of ${object}, ${witness}: ${JSON.stringify(way)}`
      seen.set(id, (seen.get(id) ?? 0) + 1)
      if (id === 'PST-C005') assert.notEqual(way.verdict, 'allowed', where)
      else {
        const end = way.ends.find(({ exit }) => EXITS[id]?.includes(exit.kind))
        assert.ok(end !== undefined && end.verdict !== 'denied', where)
        if (id !== 'PST-C001' && id !== 'PST-C003' && id !== 'PST-C006')
          assert.equal(lastOf(end.exit.id ?? ''), lastOf(object), where)
      }
    }
  }
  for (const id of [...Object.keys(EXITS), 'PST-C005']) assert.ok((seen.get(id) ?? 0) > 0, `${id} fires somewhere`)
})

/** The value with another one somewhere in it, by steps that are taken as far as they lead. */
const withOther = (value: Json, steps: readonly number[], other: Json): Json => {
  const [step, ...rest] = steps
  if (step === undefined || typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  const chosen = keys[step % Math.max(1, keys.length)]
  if (chosen === undefined) return other
  if (Array.isArray(value))
    return value.map((part: Json, i) => (String(i) === chosen ? withOther(part, rest, other) : part))
  return Object.fromEntries(
    Object.entries(value as { readonly [key: string]: Json }).map(([name, part]) => [
      name,
      name === chosen ? withOther(part, rest, other) : part,
    ]),
  )
}

test('documents with anything anywhere are judged without a crash', () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>('0.0.0.0/0', '::/0', '010.0.0.1/8', 'igw-1', 'blackhole', 'default', '__proto__', -1, [], {}),
  )
  fc.assert(
    fc.property(
      fc.nat({ max: 40 }),
      fc.array(fc.tuple(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 }), odd), {
        minLength: 1,
        maxLength: 4,
      }),
      (seed, changes) => {
        const files = asFleet(generateNetwork(seed, 0).bodies)
        const whole = Object.fromEntries(Object.entries(files).map(([name, body]) => [name, JSON.parse(body) as Json]))
        const changed = changes.reduce<Json>((all, [steps, other]) => withOther(all, steps, other), whole)
        const written = Object.entries(typeof changed === 'object' && changed !== null ? changed : {})
        findingsIn(Object.fromEntries(written.map(([name, body]) => [name, JSON.stringify(body)])))
      },
    ),
    { numRuns: 200 },
  )
})
