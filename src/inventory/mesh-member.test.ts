import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { memberOf } from './mesh-member.ts'

const NAMESPACE = (metadata = ''): string => `
---
apiVersion: v1
kind: Namespace
metadata: {name: shop${metadata === '' ? '' : `, ${metadata}`}}
`
const deployment = (metadata: string, spec = ''): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {${metadata}}, spec: {containers: [{name: web, image: x}]${spec}}}}
`
const kindOf = (yaml: string): string => {
  const cluster = clusterOf(yaml)
  const [workload] = cluster.workloads
  assert.ok(workload)
  const member = memberOf(cluster, { workload, shape: workload.pods[0]?.shape ?? workload.shape, pods: workload.pods })
  return member.kind === 'sidecar' ? member.product : member.kind
}
const check = (purpose: string, yaml: string, expected: string): void => {
  test(`${purpose}: ${expected}`, () => assert.equal(kindOf(yaml), expected))
}

// Source: istio.io, "Installing the Sidecar"; linkerd.io, "Automatic Proxy Injection".
const INJECTED = NAMESPACE('labels: {istio-injection: enabled}')
check('the namespace asks', INJECTED + deployment(''), 'istio')
check('the pod refuses by label', INJECTED + deployment('labels: {sidecar.istio.io/inject: "false"}'), 'none')
check('by annotation', INJECTED + deployment('annotations: {sidecar.istio.io/inject: "false"}'), 'none')
check(
  'the label wins over the annotation',
  INJECTED + deployment('labels: {sidecar.istio.io/inject: "true"}, annotations: {sidecar.istio.io/inject: "false"}'),
  'istio',
)
check('the host network is left alone', INJECTED + deployment('', ', hostNetwork: true'), 'none')
check('nobody asks', NAMESPACE() + deployment(''), 'none')
check('Linkerd by namespace', NAMESPACE('annotations: {linkerd.io/inject: enabled}') + deployment(''), 'linkerd')
check(
  'the pod refuses it',
  NAMESPACE('annotations: {linkerd.io/inject: enabled}') + deployment('annotations: {linkerd.io/inject: disabled}'),
  'none',
)
check('Linkerd for an ingress', NAMESPACE() + deployment('annotations: {linkerd.io/inject: ingress}'), 'linkerd')
check('ambient by namespace', NAMESPACE('labels: {istio.io/dataplane-mode: ambient}') + deployment(''), 'ambient')
check(
  'the pod leaves it',
  NAMESPACE('labels: {istio.io/dataplane-mode: ambient}') + deployment('labels: {istio.io/dataplane-mode: none}'),
  'none',
)
const gateway = 'annotations: {inject.istio.io/templates: gateway}'
check(
  'a gateway is filled in by injection',
  INJECTED + deployment(gateway).replace('name: web, image: x', 'name: istio-proxy, image: auto'),
  'gateway',
)

const pod = (name: string, containers: string): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, controller: true, uid: u}]}
spec: {containers: [{name: web, image: x}${containers}]}
`
const PROXY = ', {name: istio-proxy, image: istio/proxyv2, args: [proxy, sidecar]}'
check('what runs decides', INJECTED + pod('web-0', ''), 'none')
check('whatever labels say now', NAMESPACE() + pod('web-0', PROXY), 'istio')
check('pods that differ', INJECTED + pod('web-0', PROXY) + pod('web-1', ''), 'unknown')
