import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calicoDocuments, istioDocuments } from './dialect-estate.ts'
import { documentsOf, numbers } from './engine-estate.ts'
import { pod } from './generate.ts'

export interface FleetSize {
  readonly clusters: number
  readonly workloads: number
  readonly podsEach: number
  readonly policies: number
  /** Whether each cluster shows what enforces its policies; without it what the specification leaves open stays open. */
  readonly plugin: boolean
  /** 500 policies in 8 tiers of Calico and 300 objects of Istio in each cluster, and a sidecar in each pod. */
  readonly dialects: boolean
}

/**
 * A fleet as files, one folder a cluster: pods as an API server gives them, and the policies of `engine-estate.ts` over them.
 * Gives the number of bytes.
 */
export const writeFleet = (root: string, size: FleetSize): number => {
  let bytes = 0
  const put = (path: string, items: readonly object[]): void => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    bytes += text.length
    writeFileSync(path, text)
  }
  for (let c = 0; c < size.clusters; c++) {
    const folder = join(root, 'clusters', `c-${String(c).padStart(3, '0')}`)
    mkdirSync(folder, { recursive: true })
    const documents = documentsOf({ workloads: size.workloads, policies: size.policies, seed: c }) as readonly {
      readonly kind: string
    }[]
    const deployments = documents.filter(one => one.kind === 'Deployment')
    put(
      join(folder, 'pods.json'),
      deployments.flatMap((deployment, n) => podsOf(deployment, n, size.podsEach, c, size.dialects ? [SIDECAR] : [])),
    )
    put(join(folder, 'policies.json'), [
      ...(size.plugin ? [NETWORK_PLUGIN] : []),
      ...documents.filter(one => one.kind !== 'Deployment' && !(size.dialects && one.kind === 'Namespace')),
      ...(size.dialects ? [...calicoDocuments(500, 8), ...istioDocuments(300, 40)] : []),
    ])
  }
  return bytes
}

/** What a cluster with Calico shows of it. */
const NETWORK_PLUGIN = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'calico-node' } },
    template: {
      metadata: { labels: { 'k8s-app': 'calico-node' } },
      spec: { hostNetwork: true, containers: [{ name: 'calico-node', image: 'docker.io/calico/node:v3.30.0' }] },
    },
  },
}

const SIDECAR = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.24.0', securityContext: { runAsUser: 1337 } }

/** Full pods with the labels, names and ports of a deployment's template. */
const podsOf = (deployment: object, n: number, each: number, c: number, more: readonly object[]): readonly object[] => {
  const { metadata, spec } = deployment as {
    readonly metadata: { readonly name: string; readonly namespace: string }
    readonly spec: {
      readonly template: {
        readonly metadata: { readonly labels: object }
        readonly spec: { readonly containers: readonly object[] }
      }
    }
  }
  const pick = numbers(n + 1)
  return Array.from({ length: each }, (_, p) => {
    const whole = pod(n * each + p) as {
      readonly metadata: object
      readonly spec: { readonly containers: readonly object[] }
      readonly status: object
    }
    const ip = `10.${c}.${Math.floor((n * each + p) / 250)}.${1 + ((n * each + p) % 250)}`
    return {
      ...whole,
      metadata: {
        ...whole.metadata,
        name: `${metadata.name}-5d4f-${p}${pick(36).toString(36)}`,
        namespace: metadata.namespace,
        labels: { ...spec.template.metadata.labels, 'pod-template-hash': '5d4f' },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${metadata.name}-5d4f`, controller: true },
        ],
      },
      spec: {
        ...whole.spec,
        containers: [
          ...whole.spec.containers.map((container, i) => ({
            ...container,
            ...(i === 0 ? { ports: (spec.template.spec.containers[0] as { readonly ports: object }).ports } : {}),
          })),
          ...more,
        ],
      },
      status: { ...whole.status, phase: 'Running', podIP: ip, podIPs: [{ ip }] },
    }
  })
}
