import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idIn, readLink, regionOf } from './links.ts'

const NEAR = readLink('projects/p/zones/europe-west1-b/instances/a', 'instances')

const check = (written: string, collection: string, expected: string | null): void =>
  assert.equal(idIn(written, collection, NEAR), expected, written)

test('the forms of one link', () => {
  for (const written of [
    'https://www.googleapis.com/compute/v1/projects/q/global/networks/n',
    'https://compute.googleapis.com/compute/beta/projects/q/global/networks/n',
    '//compute.googleapis.com/projects/q/global/networks/n',
    'projects/q/global/networks/n',
  ])
    check(written, 'networks', 'gcp:network/q/n')
})

test('what is left out is that of the object around', () => {
  check('global/networks/n', 'networks', 'gcp:network/p/n')
  check('n', 'networks', 'gcp:network/p/n')
  check('regions/europe-west1/subnetworks/s', 'subnetworks', 'gcp:subnet/p/europe-west1/s')
  check('zones/europe-west1-c/instances/b', 'instances', 'gcp:instance/p/europe-west1-c/b')
})

test('a link to something else, and what is none', () => {
  check('projects/q/global/networks/n', 'subnetworks', null)
  check('projects/q/regions/r', 'networks', null)
  check('', 'networks', null)
  check('https://example.com/', 'networks', null)
})

test('projects of a domain, and the region of a zone', () => {
  check('projects/example.com:q/global/networks/n', 'networks', 'gcp:network/example.com:q/n')
  assert.deepEqual(
    [regionOf('europe-west1-b'), regionOf('europe-west1'), regionOf(null)],
    ['europe-west1', 'europe-west1', null],
  )
})
