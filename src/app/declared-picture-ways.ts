import type { Opening } from '../findings/declared-view.ts'
import { metadataAddresses } from '../findings/metadata.ts'
import { type Surroundings, toldOpenings } from '../findings/openings.ts'
import type { PossibleView } from '../findings/possible-view.ts'
import { type Declaration, placesOf } from '../intent/declared.ts'
import { hostUseOf } from '../inventory/host-privilege.ts'
import { clusterInventory } from '../inventory/inventory.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import { type PictureWay, WAY_STATES, type WayState } from '../model/declared-picture.ts'
import { idOf } from '../model/identity.ts'
import { trafficElements } from '../sets/traffic-text.ts'

/** One cluster, with all that its ways are told by. */
export interface Scene {
  readonly estate: Estate
  readonly cluster: Cluster
  readonly view: PossibleView
  readonly today: string
  readonly around: Surroundings
}

export const sceneOf = (estate: Estate, cluster: Cluster, view: PossibleView, today: string): Scene => {
  const inventory = clusterInventory(cluster, cluster.workloads.map(hostUseOf), estate)
  return {
    estate,
    cluster,
    view,
    today,
    around: {
      zones: view.zones,
      own: view.engine.ground.own,
      metadata: metadataAddresses(inventory),
      hasIpv6: inventory.dataplane.ipFamilies.includes('IPv6'),
    },
  }
}

export const undeclaredWays = ({ around }: Scene, openings: readonly Opening[]): readonly PictureWay[] =>
  toldOpenings(openings, around).map(({ place, severity, opening }) => ({
    ...NOBODYS,
    state: 'undeclared',
    place: place.replaceAll('`', ''),
    traffic: trafficElements(opening.traffic),
    severity,
  }))

export const declaredWay = ({ intent, allowance }: Declaration, state: WayState): PictureWay => ({
  state,
  place: placesOf(allowance).join(', '),
  traffic: trafficElements(allowance.traffic),
  severity: null,
  intent: idOf(intent.ref).replace(/^-\//, ''),
  owner: allowance.owner,
  via: allowance.via,
  until: allowance.expires ?? allowance.reviewBy,
})

/** What no intent says. */
export const NOBODYS = { intent: null, owner: null, via: null, until: null } as const

export const worstFirst = (ways: readonly PictureWay[]): readonly PictureWay[] =>
  ways.toSorted((a, b) => WAY_STATES.indexOf(a.state) - WAY_STATES.indexOf(b.state))
