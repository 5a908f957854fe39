import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { clearImports } from './mesh-exclusions.ts'

const istiod = (image: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec: { containers: [{ name: discovery, image: "${image}" }] }
`
const OLD = istiod('docker.io/istio/pilot:1.30.4')
const NEW = istiod('docker.io/istio/pilot:1.31.0-distroless')
const UNKNOWN = istiod('registry.example.com/istio/pilot:stable')

/** The hosts that are left, and how many doubts; `refused`: the document may not count. */
const check = (
  what: string,
  controlPlanes: string,
  hosts: readonly string[],
  left: readonly string[] | 'refused',
  doubts = 0,
): void => {
  test(`${what}: ${hosts.join(', ')}`, () => {
    const found = clearImports([{ hosts, port: null }], clusterOf(controlPlanes))
    assert.equal(found.mayBeRefused, left === 'refused')
    assert.deepEqual(found.imports, left === 'refused' ? [] : [{ hosts: left, port: null }])
    assert.equal(found.doubts.length, doubts)
    for (const { settledBy } of found.doubts) assert.ok(settledBy.length > 0)
  })
}

for (const [what, controlPlane] of [
  ['1.30', OLD],
  ['1.31', NEW],
  ['no version', UNKNOWN],
] as const) {
  check(what, controlPlane, ['./*', 'other/a.example.com'], ['./*', 'other/a.example.com'])
  check(what, controlPlane, ['*/*', '~*/a.example.com'], 'refused', 1)
  check(what, controlPlane, ['*/*', '~./a.example.com'], 'refused', 1)
}
check('1.31', NEW, ['*/*', '~other/*', '~/a.example.com'], ['*/*', '~other/*', '~/a.example.com'])
check('1.30', OLD, ['*/*', '~other/*'], 'refused', 1)
check('no version', UNKNOWN, ['*/*', '~other/*'], 'refused', 1)
check('1.30', OLD, ['*/*', '~/a.example.com'], ['*/*'])
check('no version', UNKNOWN, ['*/*', '~/a.example.com'], ['*/*', '~/a.example.com'], 1)
check('1.30', OLD, ['~/*'], [])
check('1.31', NEW, ['~/*'], ['~/*'])
check('no version', UNKNOWN, ['~/*'], ['~/*'])
check('1.30', OLD, ['~/*', './*'], ['./*'])
check('1.31', NEW, ['~/*', './*'], [], 1)
check('no version', UNKNOWN, ['~/*', './*'], [], 1)
check(
  'two control planes of which one is older',
  NEW + OLD.replace('name: istiod', 'name: istiod-old'),
  ['*/*', '~a/*'],
  'refused',
  1,
)
