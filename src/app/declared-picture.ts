import type { Subject } from '../engine/population.ts'
import { type DeclaredGroup, groupsIn, openingsIn } from '../findings/declared-view.ts'
import { metadataAddresses } from '../findings/metadata.ts'
import { type Surroundings, toldOpenings } from '../findings/openings.ts'
import { type PossibleView, possibleView } from '../findings/possible-view.ts'
import { type Meeting, unmetIn } from '../findings/unmet.ts'
import { placesOf } from '../intent/declared.ts'
import { hostUseOf } from '../inventory/host-privilege.ts'
import { clusterInventory } from '../inventory/inventory.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import {
  type DeclaredPicture,
  type PictureGroup,
  type PictureNamespace,
  type PictureWay,
  WAY_STATES,
} from '../model/declared-picture.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { dayOf } from './intent.ts'

/** Declared beside Possible for every namespace; of workloads that checks keep silent about nothing is said here either. */
export const declaredPicture = (estate: Estate, now: string): DeclaredPicture => ({
  intents: estate.intents.intents.length,
  namespaces: estate.clusters.flatMap(cluster => namespacesIn(estate, cluster, dayOf(now))),
})

const namespacesIn = (estate: Estate, cluster: Cluster, today: string): readonly PictureNamespace[] => {
  const view = possibleView(cluster)
  const groups = groupsIn(estate, view, today)
  const ways = waysIn(estate, cluster, view)
  const found = groups.flatMap(group =>
    ways(group).flatMap(told =>
      [...Map.groupBy(told.subjects, ({ workload }) => workload.namespace)].map(([namespace, subjects]) => ({
        namespace,
        group: {
          workloads: [...new Set(subjects.map(({ workload }) => idOf(workload.ref)))].sort(compareText),
          ways: told.ways,
        } satisfies PictureGroup,
      })),
    ),
  )
  return [...Map.groupBy(found, ({ namespace }) => namespace)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([namespace, all]) => ({
      cluster: cluster.name,
      namespace,
      groups: all.map(({ group }) => group).sort((a, b) => compareText(a.workloads[0] ?? '', b.workloads[0] ?? '')),
    }))
}

const waysIn = (estate: Estate, cluster: Cluster, view: PossibleView) => {
  const inventory = clusterInventory(cluster, cluster.workloads.map(hostUseOf), estate)
  const around: Surroundings = {
    zones: view.zones,
    own: view.engine.ground.own,
    metadata: metadataAddresses(inventory),
    hasIpv6: inventory.dataplane.ipFamilies.includes('IPv6'),
  }
  const openings = openingsIn(view)
  const unmet = unmetIn(view, estate.intents)
  const told = ({ declared, stacks }: DeclaredGroup, subject: Subject): readonly PictureWay[] =>
    declared.declarations.map(({ intent, allowance }) => ({
      state: STATE_OF[unmet.meetingOf(subject, stacks, allowance)],
      place: placesOf(allowance).join(', '),
      traffic: trafficElements(allowance.traffic),
      severity: null,
      intent: idOf(intent.ref).replace(/^-\//, ''),
      owner: allowance.owner,
      via: allowance.via,
      until: allowance.expires ?? allowance.reviewBy,
    }))
  return (group: DeclaredGroup): readonly ToldWays[] => {
    const undeclared = toldOpenings(openings(group.stacks, group.declared), around).map(
      ({ place, severity, opening }): PictureWay => ({
        state: 'undeclared',
        place: place.replaceAll('`', ''),
        traffic: trafficElements(opening.traffic),
        severity,
        intent: null,
        owner: null,
        via: null,
        until: null,
      }),
    )
    // What relays and the other ends let through may differ where policy of the sender does not.
    const all = group.subjects.map(subject => ({ subject, ways: told(group, subject) }))
    return [...Map.groupBy(all, ({ ways }) => ways.map(({ state }) => state).join()).values()].map(same => ({
      subjects: same.map(({ subject }) => subject),
      ways: [...undeclared, ...(same[0]?.ways ?? [])].sort(
        (a, b) => WAY_STATES.indexOf(a.state) - WAY_STATES.indexOf(b.state),
      ),
    }))
  }
}

/** Subjects of a group for whom the same is said. */
interface ToldWays {
  readonly subjects: readonly Subject[]
  readonly ways: readonly PictureWay[]
}

const STATE_OF: Readonly<Record<Meeting, PictureWay['state']>> = {
  met: 'met',
  broken: 'broken',
  partly: 'partly',
  open: 'open',
}
