import type { Cluster } from '../src/model/cluster.ts'
import { inMemory } from '../src/sources/files/bytes.ts'
import { readFile } from '../src/sources/files/read.ts'
import { createEstateBuilder } from '../src/sources/kubernetes/estate.ts'

/** A small generator of its own: the same numbers on every machine. */
export const numbers = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export interface Size {
  readonly workloads: number
  readonly policies: number
  /** Pods of each workload; none: its template counts as one. */
  readonly pods?: number
  /** Blocks of each of `widePolicies` policies, which select everything in the first namespaces. */
  readonly widePolicies?: number
  readonly blocks?: number
  /** Another seed gives other policies. */
  readonly seed?: number
}

/**
 * A cluster in which every workload is different: labels of its own, and policies that select by several of them, so that
 * no two subjects share a signature unless they must.
 */
export const documentsOf = (size: Size): readonly object[] => {
  const pick = numbers(7 + (size.seed ?? 0))
  const namespaces = Math.max(4, Math.round(size.workloads / 80))
  const objects: object[] = []
  for (let n = 0; n < namespaces; n++)
    objects.push({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `ns-${n}`, labels: { team: `team-${n % 20}`, stage: n % 3 === 0 ? 'prod' : 'dev' } },
    })
  for (let n = 0; n < size.workloads; n++) {
    const labels = {
      app: `app-${n}`,
      tier: ['web', 'api', 'db', 'job'][n % 4],
      shard: `s${n % 64}`,
      group: `g${Math.floor(n / 10)}`,
    }
    const spec = {
      containers: [
        { name: 'c', image: 'example.test/app:1', ports: [{ name: 'http', containerPort: [8080, 3000, 9000][n % 3] }] },
      ],
    }
    const namespace = `ns-${n % namespaces}`
    objects.push({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `app-${n}`, namespace },
      spec: { selector: { matchLabels: { app: `app-${n}` } }, template: { metadata: { labels }, spec } },
    })
    for (let p = 0; p < (size.pods ?? 0); p++)
      objects.push({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `app-${n}-5d4f-${p}`,
          namespace,
          labels: { ...labels, 'pod-template-hash': '5d4f' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `app-${n}-5d4f`, controller: true }],
        },
        spec: { ...spec, nodeName: `node-${(n + p) % 50}` },
        status: { phase: 'Running', podIP: `10.${100 + Math.floor(p / 200)}.${Math.floor(n / 250) % 250}.${n % 250}` },
      })
  }
  for (let p = 0; p < size.policies; p++) objects.push(policy(p, size, namespaces, pick))
  for (let w = 0; w < (size.widePolicies ?? 0); w++) objects.push(widePolicy(w, size.blocks ?? 0))
  return objects
}

const policy = (p: number, size: Size, namespaces: number, pick: (below: number) => number): object => {
  const n = pick(size.workloads)
  // One in four selects a shard of a namespace, the others one workload by its name.
  const namespace = `ns-${n % namespaces}`
  const podSelector =
    p % 4 === 0 ? { matchLabels: { tier: ['web', 'api', 'db', 'job'][n % 4] } } : { matchLabels: { app: `app-${n}` } }
  const peer = (): object => {
    const other = pick(size.workloads)
    return [
      { podSelector: { matchLabels: { app: `app-${other - (other % namespaces) + (n % namespaces)}` } } },
      {
        namespaceSelector: { matchLabels: { team: `team-${other % 20}` } },
        podSelector: { matchLabels: { tier: 'db' } },
      },
      { ipBlock: { cidr: `${20 + (other % 200)}.${pick(256)}.0.0/16`, except: [] } },
      {
        namespaceSelector: { matchLabels: { stage: 'prod' } },
        podSelector: { matchLabels: { shard: `s${other % 64}` } },
      },
    ][pick(4)] as object
  }
  const ports = (): object => ({ protocol: 'TCP', port: [443, 5432, 8080, 9090, 'http'][pick(5)] })
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `p-${p}`, namespace },
    spec: {
      podSelector,
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [peer(), peer()], ports: [ports()] },
        { to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] },
      ],
      ingress: [
        {
          from: [peer(), peer()].filter(one => !('ipBlock' in one)),
          ports: [ports(), { protocol: 'TCP', port: 8000 + pick(50) }],
        },
      ],
    },
  }
}

/** A policy of the policy API that selects every namespace and lists many blocks. */
const widePolicy = (w: number, blocks: number): object => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: `wide-${w}` },
  spec: {
    tier: 'Admin',
    priority: w,
    subject: { namespaces: {} },
    egress: Array.from({ length: Math.ceil(blocks / 1000) }, (_, r) => ({
      action: 'Deny',
      to: [{ networks: Array.from({ length: Math.min(1000, blocks) }, (_, b) => block(w * blocks + r * 1000 + b)) }],
    })),
  },
})

/** Blocks that touch nothing of each other, spread over IPv4. */
export const block = (n: number): string => {
  const spread = Math.imul(n, 2654435761) >>> 0
  return `${1 + ((spread >>> 24) % 223)}.${(spread >>> 16) & 255}.${(spread >>> 8) & 255}.${spread & 254}/31`
}

/** The documents as the program reads them, of one cluster. */
export const clusterOf = (objects: readonly object[]): Cluster => {
  const builder = createEstateBuilder(() => true)
  const bytes = inMemory(Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })))
  for (const event of readFile({ path: '/bench.json', shown: 'bench.json', cluster: 'bench' }, 0, bytes))
    if (event.kind === 'document') builder.add(event)
  const [cluster] = builder.finish().clusters
  if (cluster === undefined) throw new Error('no cluster was made')
  return cluster
}
