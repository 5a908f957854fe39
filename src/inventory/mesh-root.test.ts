import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tri } from '../model/profile.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { isRootNamespace } from './mesh-root.ts'

const settings = (namespace: string, mesh: string, name = 'istio'): string => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: ${namespace} }
data: { mesh: ${JSON.stringify(mesh)} }
`
const istiod = (namespace: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec: { containers: [{ name: discovery, image: "docker.io/istio/pilot:1.27.1" }] }
`

/** Of three namespaces: the default, where the control plane of the tests runs, and another one. */
const check = (purpose: string, text: string, expected: readonly [Tri, Tri, Tri]): void => {
  test(purpose, () => {
    const cluster = clusterOf(text)
    assert.deepEqual(
      ['istio-system', 'mesh-system', 'config'].map(namespace => isRootNamespace(cluster, namespace)),
      expected,
    )
  })
}

check('the settings name it', settings('istio-system', 'rootNamespace: config'), ['no', 'no', 'yes'])
check('they name none, where the default is', settings('istio-system', 'accessLogFile: ""'), ['yes', 'no', 'no'])
check('they name none, elsewhere', istiod('mesh-system') + settings('mesh-system', ''), ['unknown', 'unknown', 'no'])
check('they name it, elsewhere', istiod('mesh-system') + settings('mesh-system', 'rootNamespace: mesh-system'), [
  'no',
  'yes',
  'no',
])
check('they cannot be read', settings('istio-system', 'a: ['), ['unknown', 'unknown', 'unknown'])
check('there are none, and a control plane', istiod('mesh-system'), ['unknown', 'unknown', 'no'])
check('there are none at all', istiod('other').replace('istio/pilot', 'istio/examples'), ['unknown', 'no', 'no'])
check('somebody’s namespace configures no mesh', settings('training', 'rootNamespace: config'), ['unknown', 'no', 'no'])
check(
  'of two control planes each has its own',
  istiod('mesh-system') +
    settings('istio-system', 'rootNamespace: istio-system') +
    settings('mesh-system', 'rootNamespace: config', 'istio-canary'),
  ['yes', 'no', 'yes'],
)
