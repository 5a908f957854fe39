import type { Tri } from '../../model/profile.ts'
import type { Selector } from '../../model/rule.ts'
import { type CiliumContext, since } from './context.ts'
import { anyOf } from './expressions.ts'

/** Pods of the policy's own cluster, by the name that Cilium gives it. */
export const ownCluster = (context: CiliumContext): Selector => ({
  kind: 'label',
  of: 'cluster',
  requirement: { key: '', operator: 'In', values: [context.clusterName] },
})

/** A cluster without an id of its own cannot join a mesh. Source: docs.cilium.io, "Setting up Cluster Mesh". */
export const mayBeInMesh = (context: CiliumContext): boolean =>
  context.settings === null || !['', '0'].includes(context.settings.get('cluster-id') ?? '')

/**
 * Which clusters of a mesh a peer selector without a cluster label speaks of; null: of all. Until 1.18 of all; from 1.19 of
 * the own one. The setting `policy-default-local-cluster` exists since 1.18.
 * Source: docs.cilium.io, Upgrade Guide, "Preparing for a policy-default-local-cluster change".
 */
export const clusterScope = (context: CiliumContext): Selector | null => {
  if (!mayBeInMesh(context)) return null
  switch (onlyOwn(context)) {
    case 'yes':
      return ownCluster(context)
    case 'no':
      return null
    case 'unknown':
      return anyOf([
        ownCluster(context),
        {
          kind: 'unknown',
          why: 'whether it means pods of other clusters of a mesh, too, is decided by policy-default-local-cluster in cilium-config and by the version',
        },
      ])
  }
}

const onlyOwn = (context: CiliumContext): Tri => {
  if (since(context, 18) === 'no') return 'no'
  const written = context.settings?.get('policy-default-local-cluster') ?? ''
  if (context.settings === null || !['', 'true', 'false'].includes(written)) return 'unknown'
  return written === 'true' ? 'yes' : written === 'false' ? 'no' : since(context, 19)
}
