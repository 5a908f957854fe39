import type { Subject } from '../engine/population.ts'
import { type DeclaredGroup, groupsIn, openingsIn } from '../findings/declared-view.ts'
import { possibleView } from '../findings/possible-view.ts'
import { unmetIn } from '../findings/unmet.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type {
  DeclaredPicture,
  PictureGroup,
  PictureNamespace,
  PictureNodes,
  PictureWay,
} from '../model/declared-picture.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Profile } from '../model/profile.ts'
import { poolsIn } from './declared-picture-nodes.ts'
import { declaredWay, type Scene, sceneOf, undeclaredWays, worstFirst } from './declared-picture-ways.ts'
import { dayOf } from './intent.ts'

/** Declared beside Possible for every namespace; of workloads that checks keep silent about nothing is said here either. */
export const declaredPicture = (estate: Estate, now: string, profile: Profile | null = null): DeclaredPicture => {
  const drawn = estate.clusters.map(cluster => drawnOf(estate, cluster, dayOf(now), profile))
  return {
    intents: estate.intents.intents.length,
    namespaces: drawn.flatMap(({ namespaces }) => namespaces),
    nodes: drawn.flatMap(({ nodes }) => nodes).sort((a, b) => compareText(a.cluster, b.cluster)),
  }
}

const drawnOf = (
  estate: Estate,
  cluster: Cluster,
  today: string,
  profile: Profile | null,
): { readonly namespaces: readonly PictureNamespace[]; readonly nodes: readonly PictureNodes[] } => {
  const scene = sceneOf(estate, cluster, possibleView(cluster, profile), today)
  const pools = poolsIn(scene)
  return {
    namespaces: namespacesIn(scene),
    nodes: pools.length === 0 ? [] : [{ cluster: cluster.name, pools }],
  }
}

const namespacesIn = (scene: Scene): readonly PictureNamespace[] => {
  const { estate, cluster, view, today } = scene
  const groups = groupsIn(estate, view, today)
  const ways = waysIn(scene)
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

const waysIn = (scene: Scene) => {
  const { estate, view } = scene
  const openings = openingsIn(view)
  const unmet = unmetIn(view, estate.intents)
  const told = ({ declared, stacks }: DeclaredGroup, subject: Subject): readonly PictureWay[] =>
    declared.declarations.map(one => declaredWay(one, unmet.meetingOf(subject, stacks, one.allowance)))
  return (group: DeclaredGroup): readonly ToldWays[] => {
    const undeclared = undeclaredWays(scene, openings(group.stacks, group.declared))
    // What relays and the other ends let through may differ where policy of the sender does not.
    const all = group.subjects.map(subject => ({ subject, ways: told(group, subject) }))
    return [...Map.groupBy(all, ({ ways }) => ways.map(({ state }) => state).join()).values()].map(same => ({
      subjects: same.map(({ subject }) => subject),
      ways: worstFirst([...undeclared, ...(same[0]?.ways ?? [])]),
    }))
  }
}

/** Subjects of a group for whom the same is said. */
interface ToldWays {
  readonly subjects: readonly Subject[]
  readonly ways: readonly PictureWay[]
}
