import type { Stacks } from '../engine/verdict.ts'
import { exposedIn, mayAllPass } from '../findings/declared-view.ts'
import { type NodeGroup, nodeGroupsIn } from '../findings/node-groups.ts'
import type { PossibleView } from '../findings/possible-view.ts'
import { addressEntries, type Draft, type DraftEntry, nameEntries } from '../intent/draft.ts'
import { type Starter, starterFor } from '../intent/starters.ts'
import { platformOf } from '../inventory/platform.ts'
import type { Cluster } from '../model/cluster.ts'
import { inLists, nameOf, uncertain } from './draft-parts.ts'

/**
 * What certainly may leave nodes that a policy for hosts limits; where nothing certainly limits them, what nodes of the platform
 * need to start from.
 */
export const nodeDrafts = (view: PossibleView, reviewBy: string): readonly Draft[] => {
  const { cluster } = view.engine
  const starter = starterEntries(cluster, reviewBy)
  const held = heldEntries(view, reviewBy)
  const groups = nodeGroupsIn(view).map(group => ({
    ...group,
    allow: [
      ...(group.hold === 'policy' ? held(group.stacks) : []),
      ...(group.hold !== 'policy' || mayAllPass(view, group.stacks) ? starter : []),
    ],
  }))
  const bySame = [...Map.groupBy(groups, ({ hold, allow }) => JSON.stringify([hold === 'policy', allow])).values()]
  return bySame
    .flatMap(same => {
      const [{ hold, allow }] = same as [(typeof same)[number]]
      // Where nothing is limited and nothing is known to be needed, there is nothing to say.
      if (hold !== 'policy' && allow.length === 0) return []
      return inLists(bySame.length === 1 ? ['*'] : namesOf(same, groups)).map(nodePools => ({ nodePools, allow }))
    })
    .map(({ nodePools, allow }, i, all) => ({
      name: nameOf(`${cluster.name}-nodes${all.length === 1 ? '' : `-${i + 1}`}`),
      from: { clusters: [cluster.name], nodePools },
      allow,
    }))
}

/** A pool all of whose nodes are among these by its name, which outlives them; the others by their own. */
const namesOf = (some: readonly NodeGroup[], all: readonly NodeGroup[]): readonly string[] => [
  ...new Set(
    some.flatMap(({ pool, nodes }) =>
      pool !== null && all.every(other => other.pool !== pool || some.includes(other))
        ? [pool]
        : nodes.map(({ ref }) => ref.name),
    ),
  ),
]

const heldEntries = (view: PossibleView, reviewBy: string) => {
  const exposed = exposedIn(view)
  const made = new Map<Stacks, readonly DraftEntry[]>()
  return (stacks: Stacks): readonly DraftEntry[] => {
    const known = made.get(stacks)
    if (known !== undefined) return known
    const { addresses, names } = exposed([stacks])
    const entries = [
      ...addresses
        .filter(one => one.isCertain)
        .flatMap(one => addressEntries(one.addresses, one.traffic, { reviewBy, note: null })),
      ...names.flatMap(one => nameEntries(one.patterns, one.traffic, { reviewBy, note: uncertain(one.isCertain) })),
    ]
    made.set(stacks, entries)
    return entries
  }
}

const starterEntries = (cluster: Cluster, reviewBy: string): readonly DraftEntry[] => {
  const regions = new Set(cluster.nodes.flatMap(node => node.labels.get('topology.kubernetes.io/region') ?? []))
  const [region] = regions
  const starter = starterFor(platformOf(cluster).distribution, regions.size === 1 ? (region ?? null) : null)
  return starter === null ? [] : withSource(starter, reviewBy)
}

const withSource = ({ source, entries }: Starter, reviewBy: string): readonly DraftEntry[] =>
  entries.map((entry, i) => ({
    ...entry,
    reviewBy,
    note: i === 0 ? `what nodes of this platform need to start from, by ${source}` : null,
  }))
