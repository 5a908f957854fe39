import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../model/json.ts'
import { type NamedConfigMaps, noteConfigMaps } from './config-maps.ts'

const check = (body: JsonObject, expected: Record<string, 'whole' | 'environment'>): void => {
  const named: NamedConfigMaps = new Map()
  noteConfigMaps(body, named)
  assert.deepEqual(Object.fromEntries(named), expected)
}

const spec = (image: string): JsonObject => ({
  volumes: [
    { name: 'conf', configMap: { name: 'conf' } },
    {
      name: 'mixed',
      projected: { sources: [{ configMap: { name: 'part' } }, { configMap: { name: 'kube-root-ca.crt' } }] },
    },
    { name: 'unmounted', configMap: { name: 'other' } },
  ],
  containers: [
    {
      image,
      envFrom: [{ configMapRef: { name: 'env' } }, { prefix: 'X_', secretRef: { name: 'hidden' } }],
      env: [
        { name: 'HTTPS_PROXY', valueFrom: { configMapKeyRef: { name: 'proxy', key: 'url' } } },
        { name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'words', key: 'hello' } } },
      ],
      volumeMounts: [{ name: 'conf' }, { name: 'mixed' }],
    },
  ],
})
const pod = (image: string): JsonObject => ({ kind: 'Pod', metadata: { namespace: 'a', name: 'p' }, spec: spec(image) })

test('an ordinary workload names what becomes its environment', () =>
  check(pod('registry.example/shop/web:1'), { 'a/env': 'environment', 'a/proxy': 'environment' }))
test('a forwarder names all that it mounts and reads', () => {
  const all = {
    'a/env': 'whole',
    'a/proxy': 'whole',
    'a/words': 'whole',
    'a/conf': 'whole',
    'a/part': 'whole',
  } as const
  for (const image of [
    'squid:6',
    'registry.example/proxy/envoy-distroless:v1.30@sha256:0123',
    'k8s-dns-node-cache',
    'REG.example/HAProxy',
  ]) {
    check(pod(image), all)
  }
})
test('a word inside a word is no forwarder', () =>
  check(pod('registry.example/envoyance:1'), { 'a/env': 'environment', 'a/proxy': 'environment' }))
test('templates are read like pods', () => {
  const expected = { 'default/env': 'environment', 'default/proxy': 'environment' } as const
  check({ kind: 'Deployment', metadata: { name: 'd' }, spec: { template: { spec: spec('web') } } }, expected)
  check(
    { kind: 'CronJob', metadata: { name: 'd' }, spec: { jobTemplate: { spec: { template: { spec: spec('web') } } } } },
    expected,
  )
})
test('names that are asked for anyway are not noted, a revision’s copy is', () => {
  const istiod = (name: string): JsonObject => ({
    kind: 'Pod',
    metadata: { namespace: 'istio-system', name: 'istiod' },
    spec: {
      volumes: [{ name: 'v', configMap: { name } }],
      containers: [{ image: 'docker.example/istio/pilot:1.24', volumeMounts: [{ name: 'v' }] }],
    },
  })
  check(istiod('istio'), {})
  check(istiod('istio-canary'), { 'istio-system/istio-canary': 'whole' })
})
test('odd shapes name nothing', () => {
  for (const odd of [null, 1, 'x', [], {}, [null]]) {
    check({ kind: 'Pod', metadata: odd, spec: odd }, {})
    check({ kind: 'Pod', metadata: {}, spec: { containers: odd, volumes: odd } }, {})
    check(
      { kind: 'Pod', metadata: {}, spec: { containers: [{ image: odd, env: odd, envFrom: odd, volumeMounts: odd }] } },
      {},
    )
  }
})
