import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathText } from '../model/provenance.ts'
import { readingOfClusters } from '../sources/kubernetes/testing/estate-of.ts'
import { missingPlaces } from './declared-missing.ts'

const pod = (name: string, namespace = 'a'): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: registry.example.com/c}]}
`

const service = (name: string, namespace = 'a'): string => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: db}, ports: [{port: 80}]}
`

const rollout = (name: string): string => `---
apiVersion: example.com/v1
kind: Rollout
metadata: {name: ${name}, namespace: a}
spec: {}
`

const intent = (to: string, from = '{namespaces: [a]}', more = ''): string => `---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: {name: web}
spec: {from: ${from}, allow: [{to: ${to}${more}}]}
`

const check = (what: string, clusters: Readonly<Record<string, string>>, expected: readonly string[]): void => {
  test(what, () => {
    const files = Object.fromEntries(Object.entries(clusters).map(([name, yaml]) => [name, { 'x.yaml': yaml }]))
    const { estate } = readingOfClusters(files)
    assert.deepEqual(
      missingPlaces(estate, '2026-11-20').map(({ at }) => pathText(at)),
      expected,
    )
  })
}

const HERE = pod('web') + service('store')

check('a Service by each of its names', { c: HERE + intent('{services: [store, a/store, c/a/store, "*/a/st*"]}') }, [])
check(
  'a Service of another namespace, by its name alone',
  { c: HERE + service('x', 'b') + intent('{services: [x]}') },
  ['spec.allow[0].to.services[0]'],
)
check('misspelt, beside one that is there', { c: HERE + intent('{services: [a/store, a/stroe]}') }, [
  'spec.allow[0].to.services[1]',
])
check('no Service was read', { c: pod('web') + intent('{services: [a/store]}') }, [])
check('in one of two clusters', { c: HERE, d: pod('web') + service('other') + intent('{services: [a/store]}') }, [])
check('in none of two clusters', { c: HERE, d: HERE + intent('{services: [a/other]}') }, [
  'spec.allow[0].to.services[0]',
])
check(
  'not where the intent speaks',
  { c: HERE, d: pod('db') + service('x') + intent('{services: [a/store]}', '{clusters: [d], namespaces: [a]}') },
  ['spec.allow[0].to.services[0]'],
)
check('in a cluster that was not read', { c: HERE + intent('{services: [d/a/store]}') }, [])
check('for a cluster that was not read', { c: HERE + intent('{services: [a/x]}', '{clusters: [c, d]}') }, [])
check('not in the cluster that it names', { c: HERE, d: pod('x') + service('x') + intent('{services: [d/a/store]}') }, [
  'spec.allow[0].to.services[0]',
])
check('of the platform', { c: HERE + intent('{services: [default/kubernetes, kube-system/kube-dns]}') }, [])
check('ended', { c: HERE + intent('{services: [a/x]}', '{namespaces: [a]}', ', expires: 2026-11-19') }, [])
check('for nobody', { c: HERE + intent('{services: [a/x]}', '{namespaces: [z]}') }, [])
check(
  'a workload by each of its names',
  { c: HERE + intent('{workloads: [a/web, a/Pod/web, c/a/web, c/a/Pod/web, "a/*", "*/a/*"]}') },
  [],
)
check('a workload of another kind', { c: HERE + intent('{workloads: [a/Deployment/web, c/a/wbe]}') }, [
  'spec.allow[0].to.workloads[0]',
  'spec.allow[0].to.workloads[1]',
])
check('a workload of a kind that is only counted', { c: HERE + rollout('api') + intent('{workloads: [a/api]}') }, [])
check('a kind or a cluster', { c: HERE + intent('{workloads: ["a/*/x"]}') }, [])
