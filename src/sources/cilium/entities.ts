import type { DocumentPath } from '../../model/provenance.ts'
import { EVERY, type Peer } from '../../model/rule.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { mayBeInMesh, ownCluster } from './cluster-scope.ts'
import { type CiliumContext, since } from './context.ts'
import { type Fault, fault, perhapsFault } from './fault.ts'
import { NOWHERE, nowhereBecause, perhaps, type Reached, surely, together } from './reached.ts'

export const ENTITIES = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'cluster-mesh',
  'host',
  'remote-node',
  'kube-apiserver',
  'init',
  'health',
  'ingress',
  'unmanaged',
  'none',
] as const
export type Entity = (typeof ENTITIES)[number]

export const isEntity = (name: string): name is Entity => (ENTITIES as readonly string[]).includes(name)

const IPV4: Addresses = { ...bothFamilies.empty, v4: bothFamilies.full.v4 }
const IPV6: Addresses = { ...bothFamilies.empty, v6: bothFamilies.full.v6 }
const OWN_NODE: Peer = { kind: 'nodes', which: 'own', selector: EVERY }
const OTHER_NODES: Peer = { kind: 'nodes', which: 'other', selector: EVERY }
const EVERY_NODE: Peer = { kind: 'nodes', which: 'every', selector: EVERY }
const APISERVER: Peer = { kind: 'apiserver' }
const outside = (addresses: Addresses): Peer => ({ kind: 'outside', addresses })

/**
 * `toEntities`, `fromEntities`. `world` is both families even where the cluster has one. `cluster` are the pods of the own
 * cluster, every node of the mesh, the API server, and what has no pod's labels.
 * Source: docs.cilium.io, "Entities Based"; pkg/policy/api, EntitySelectorMapping and InitEntities.
 */
export const entityPeers = (entity: Entity, at: DocumentPath, context: CiliumContext): Reached => {
  switch (entity) {
    case 'all':
      return surely({ kind: 'everything' })
    case 'world':
      return surely(outside(bothFamilies.full))
    case 'world-ipv4':
      return surely(outside(IPV4))
    case 'world-ipv6':
      return surely(outside(IPV6))
    case 'cluster':
      return surely(
        { kind: 'pods', selector: mayBeInMesh(context) ? ownCluster(context) : EVERY },
        EVERY_NODE,
        APISERVER,
      )
    case 'cluster-mesh':
      return ofMesh()
    case 'host':
      return surely(OWN_NODE)
    case 'remote-node':
      return surely(OTHER_NODES)
    case 'kube-apiserver':
      return surely(APISERVER)
    // Pods that ran before the agent did have no identity of their own; which they are, only the agents know.
    case 'unmanaged':
      return perhaps([{ kind: 'pods', selector: EVERY }], {
        level: 'unknown',
        why: 'which pods run without Cilium is not in their documents',
        settledBy: 'the CiliumEndpoint objects of the cluster: a pod without one is unmanaged',
      })
    case 'init':
      return nowhereBecause(at, '`init` means endpoints whose labels are not known yet: no lasting pod is one')
    case 'health':
      return nowhereBecause(at, '`health` means the probe endpoint that each agent runs: no pod of the estate is one')
    case 'ingress':
      return nowhereBecause(
        at,
        '`ingress` means the proxy that serves Ingress on each node: no pod of the estate is one',
      )
    case 'none':
      return NOWHERE
  }
}

/**
 * Every endpoint of every cluster of a mesh. Whether nodes and the API server are endpoints here is not said.
 * Source: cilium/cilium pull request 46813.
 */
const ofMesh = (): Reached =>
  together([
    surely({ kind: 'pods', selector: EVERY }),
    perhaps([EVERY_NODE, APISERVER], {
      level: 'unknown',
      why: 'whether `cluster-mesh` has nodes and the API server is not documented',
      settledBy: 'the entities `host`, `remote-node` and `kube-apiserver` in its place or beside it',
    }),
  ])

/** Versions turn away an entity that they do not know, and the policy with it. */
export const entityFaults = (name: string, at: DocumentPath, context: CiliumContext): readonly Fault[] => {
  if (!isEntity(name)) return [fault(at, 'is no entity')]
  if (name !== 'cluster-mesh') return []
  const why = 'is an entity from 1.20 on'
  const taken = since(context, 20)
  return taken === 'yes' ? [] : taken === 'no' ? [fault(at, why)] : [perhapsFault(at, why)]
}
