import type { Node } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { TrafficTable } from '../sets/traffic-table.ts'
import type { Ground } from './ground.ts'
import type { ClusterName } from './label-holds.ts'
import { apiserverSpace, nodeSpace, type PointSpace } from './node-space.ts'
import { type OutsideSpace, outsideSpace } from './outside.ts'
import { type PodSpace, podSpace } from './pod-space.ts'
import type { Identity } from './population.ts'
import type { Selection } from './selection.ts'

/** The kinds of destination there are. */
export interface Spaces {
  readonly v4: OutsideSpace<4>
  readonly v6: OutsideSpace<6>
  readonly pods: PodSpace
  readonly ownNode: PointSpace
  readonly otherNode: PointSpace
  readonly apiserver: PointSpace
}

export const spacesOf = (
  nodes: readonly Node[],
  identities: readonly Identity[],
  selection: Selection,
  table: TrafficTable,
  ground: Ground,
  profile: Profile,
  clusterName: ClusterName,
): Spaces => ({
  v4: outsideSpace(4, table, ground),
  v6: outsideSpace(6, table, ground),
  pods: podSpace(identities, selection, table, ground, profile),
  ownNode: nodeSpace('own', nodes, table, ground, profile, clusterName),
  otherNode: nodeSpace('other', nodes, table, ground, profile, clusterName),
  apiserver: apiserverSpace(table, ground, profile),
})
