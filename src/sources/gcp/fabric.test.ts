import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json, JsonObject } from '../../model/json.ts'
import { supportPageBeside } from '../testing/support-page.ts'
import { gcpFabric } from './fabric.ts'
import { isGcpOutput } from './recognise.ts'
import { EVALUATED, KINDS, NOT_EVALUATED } from './schema.ts'
import { DEFAULT_ROUTE, effective, instance, network, subnet } from './testing/objects.ts'
import { documentsOf, readingOf } from './testing/reading-of.ts'

const WHOLE = [network(), subnet('s', '10.0.0.0/24'), DEFAULT_ROUTE, effective([]), instance('a', '10.0.0.2')]

test('objects count once each, and a document that stands twice is one', () => {
  const { counts, notes } = readingOf(...WHOLE, ...WHOLE)
  assert.deepEqual(notes, [])
  assert.deepEqual(counts, { understood: 5, ignorable: 0, partly: 0, notImplemented: 0, unrecognised: 0 })
})

test('documents that differ are partly understood, with a note each', () => {
  const { counts, notes } = readingOf(network(), network({ mtu: 1460 }))
  assert.equal(counts.partly, 1)
  assert.ok(
    notes.some(({ object, why }) => object === 'gcp:network/p/n' && why === 'documents say different things of it'),
  )
})

test('what changes by itself is no difference', () => {
  const { notes } = readingOf(...WHOLE, network({ fingerprint: 'x', creationTimestamp: 'y' }))
  assert.deepEqual(notes, [])
})

const WORDS = [
  'projects/p/global/networks/n',
  'projects/p/regions/r/subnetworks/s',
  'projects/p/regions/r/routers/a',
  'projects/p/zones/r-a/instances/i',
  'projects/p/locations/r/services/s',
  'projects/p/locations/r/connectors/c',
  '10.0.0.0/8',
  '10.0.0.1',
  '::/0',
  'ACTIVE',
  'EGRESS',
  'HIERARCHY',
  'allow',
  'deny',
  'all',
  'LIST_OF_SUBNETWORKS',
  'x',
]
const KEYS =
  'kind selfLink name network subnetwork peerings networkInterfaces networkIP aliasIpRanges ipCidrRange secondaryIpRanges destRange nextHopGateway nextHopIp nextHopIlb nextHopPeering nextHopInstance tags items priority direction allowed denied IPProtocol ports sourceRanges destinationRanges sourceTags targetTags effectiveFirewalls firewalls firewallPolicys type rules match layer4Configs ipProtocol destIpRanges action router status result bestRoutes bgpPeers nats natIps sourceSubnetworkIpRangesToNat subnetworks filter srcRange template vpcAccess connector egress networkInterfaces apiVersion metadata annotations subnet logConfig enable state importCustomRoutes exportCustomRoutes __proto__'.split(
    ' ',
  )
const { value, object } = fc.letrec<{ value: Json; object: JsonObject }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constantFrom<Json>(...WORDS, null, true, false, -1, 0, 80, 70000, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 7 })
    .map(pairs => Object.fromEntries(pairs) as JsonObject),
}))
const LINKS: Readonly<Record<string, string>> = {
  networks: 'global/networks/n',
  subnetworks: 'regions/r/subnetworks/s',
  routers: 'regions/r/routers/a',
  instances: 'zones/r-a/instances/i',
}
/** Objects that are likely to be taken for what they say they are. */
const output: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom(
      ...Object.entries(KINDS).flatMap(([kind, known]) => (known === null ? [] : [[kind, known.collection] as const])),
    ),
    fc.boolean(),
    object,
    value,
  )
  .map(([[kind, collection], isTied, body, extra]) => ({
    network: isTied ? 'projects/p/global/networks/n' : extra,
    ...body,
    kind,
    selfLink: `projects/p/${LINKS[collection] ?? `regions/r/${collection}/x`}`,
  }))

test('nothing throws, and the order of documents never counts', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(output, object), { maxLength: 6 }), bodies => {
      for (const body of bodies) isGcpOutput(body)
      const documents = documentsOf(...bodies)
      assert.deepEqual(gcpFabric(documents.toReversed()), gcpFabric(documents))
    }),
    { numRuns: 400 },
  )
})

test('every object is counted once, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(output, { maxLength: 6 }), all => {
      const bodies = all.map(({ apiVersion: _, ...body }): JsonObject => body)
      const { counts } = gcpFabric(documentsOf(...bodies))
      const ids = new Set(bodies.map(body => body['selfLink']))
      assert.equal(counts.understood + counts.partly, ids.size)
    }),
    { numRuns: 100 },
  )
})

test('the page tells of every kind', () => {
  const page = supportPageBeside(import.meta.url)
  page.checkTable('Evaluated', EVALUATED)
  page.checkTable('Not evaluated', NOT_EVALUATED)
})
