import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Service } from '../model/service.ts'
import { exposuresOf, loadBalancerScheme } from './services.ts'

const service = (more: Partial<Service> & { annotation?: readonly [string, string] } = {}): Service => {
  const { annotation, ...rest } = more
  return {
    ref: { cluster: 'c', group: '', kind: 'Service', namespace: 'shop', name: 's' },
    origin: { file: 'f', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
    labels: new Map(),
    annotations: new Map(annotation ? [annotation] : []),
    namespace: 'shop',
    type: 'LoadBalancer',
    headless: false,
    clusterIPs: [],
    externalName: null,
    externalIPs: [],
    selector: new Map([['app', 'shop']]),
    ports: [],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    loadBalancerClass: null,
    loadBalancerSourceRanges: [],
    loadBalancerAddresses: [],
    endpoints: [],
    ...rest,
  }
}

const check = (more: Parameters<typeof service>[0], scheme: string, intended = false): void => {
  const found = loadBalancerScheme(service(more))
  assert.deepEqual([found.scheme, found.intended], [scheme, intended])
}

test('a load balancer is internal where its cloud is told so', () => {
  check({ annotation: ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'] }, 'internal')
  check({ annotation: ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true'] }, 'internal')
  check({ annotation: ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true'] }, 'internal')
  check({ annotation: ['networking.gke.io/load-balancer-type', 'Internal'] }, 'internal')
  check({ annotation: ['cloud.google.com/load-balancer-type', 'Internal'] }, 'internal')
})

test('what was meant is told from what the default did', () => {
  check({ annotation: ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internet-facing'] }, 'public', true)
  check({ annotation: ['service.beta.kubernetes.io/azure-load-balancer-internal', 'false'] }, 'public', true)
  check({ loadBalancerAddresses: ['203.0.113.9'] }, 'public')
  check({ loadBalancerAddresses: ['2001:db8::9'] }, 'public')
})

test('an address or a name of its own says internal, too', () => {
  check({ loadBalancerAddresses: ['10.1.2.3'] }, 'internal')
  check({ loadBalancerAddresses: ['fd00::9'] }, 'internal')
  check({ loadBalancerAddresses: ['internal-k8s-shop-1.eu-west-1.elb.amazonaws.com'] }, 'internal')
})

test('without annotation and address nobody knows', () => {
  check({}, 'unknown')
})

test('the API server’s own Service is no selector-less one', () => {
  const own = service({ type: 'ClusterIP', selector: null, namespace: 'default' })
  assert.deepEqual(exposuresOf({ ...own, ref: { ...own.ref, name: 'kubernetes' } }), [])
  assert.deepEqual(exposuresOf(service({ type: 'ClusterIP', selector: null })), ['selector-less'])
})

test('one Service may open several doors', () => {
  assert.deepEqual(exposuresOf(service({ type: 'NodePort', externalIPs: ['198.51.100.7'] })), [
    'node-port',
    'external-ips',
  ])
})
