import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { isGcpOutput } from './recognise.ts'
import { readingOf, whysOf } from './testing/reading-of.ts'

const check = (body: JsonObject, expected: boolean): void =>
  assert.equal(isGcpOutput(body), expected, JSON.stringify(body))

const KNATIVE = { apiVersion: 'serving.knative.dev/v1', kind: 'Service' }

test('objects of Compute Engine, by the kind that they say they are', () => {
  check(
    { kind: 'compute#network', selfLink: 'https://www.googleapis.com/compute/v1/projects/p/global/networks/n' },
    true,
  )
  check({ kind: 'compute#disk' }, true)
  check({ kind: 'networkconnectivity#policyBasedRoute', name: 'projects/p/locations/global/policyBasedRoutes/a' }, true)
})

test('clusters by their link, younger services by their name, projects by their number', () => {
  check({ selfLink: 'https://container.googleapis.com/v1/projects/p/zones/z/clusters/c', nodePools: [] }, true)
  check({ name: 'projects/p/locations/europe-west1/services/s' }, true)
  check({ name: 'projects/p/locations/europe-west1/functions/f' }, true)
  check({ projectId: 'p', projectNumber: '1', lifecycleState: 'ACTIVE' }, true)
})

test('a Knative service is one of Cloud Run where it says so', () => {
  check({ ...KNATIVE, metadata: { name: 's', labels: { 'cloud.googleapis.com/location': 'europe-west1' } } }, true)
  check({ ...KNATIVE, metadata: { name: 's', annotations: { 'run.googleapis.com/ingress': 'all' } } }, true)
  check({ ...KNATIVE, metadata: { name: 's', namespace: 'shop' } }, false)
  check({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }, false)
})

test('wrapped outputs', () => {
  check({ network: 'projects/p/global/networks/n', effectiveFirewalls: {} }, true)
  check({ router: 'projects/p/regions/r/routers/a', status: {} }, true)
})

test('nothing else', () => {
  check({}, false)
  check({ kind: 'Pod', apiVersion: 'v1' }, false)
  check({ kind: 'constructor#prototype' }, true)
  check({ name: 'projects/p' }, false)
  check({ router: 'a', status: { phase: 'Running' } }, false)
  check({ router: 'a', status: 1 }, false)
  check({ Vpcs: [] }, false)
  check({ nodePools: [] }, false)
  check(JSON.parse('{"__proto__": {"kind": "compute#network"}}') as JsonObject, false)
})

test('what is not evaluated is named', () => {
  const reading = readingOf({ kind: 'compute#disk' }, { firewalls: [], firewallPolicys: [] }, { a: 1 })
  assert.deepEqual(whysOf(reading), [
    'compute#disk: not evaluated',
    'firewalls of a network that is not named: wrap them as `{"network": "…", "effectiveFirewalls": {…}}`',
    'not an output of gcloud that is known',
  ])
  assert.deepEqual([reading.counts.notImplemented, reading.counts.unrecognised], [2, 1])
})
