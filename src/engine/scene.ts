import { idOf } from '../model/identity.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { columnOf } from './pairs.ts'
import type { Subject } from './population.ts'
import { plainText, stackContents } from './stack-content.ts'
import { translation } from './translate.ts'
import { passing, type Stacks } from './verdict.ts'

/** Two times of one cluster between which only policies changed. */
export interface Scene {
  /** Certainly the same rows; `false` says nothing. */
  readonly isSame: (before: readonly Subject[], after: readonly Subject[]) => boolean
}

interface Side {
  readonly engine: ClusterEngine
  readonly zones: { readonly internet: Addresses }
}

/**
 * Between most revisions one policy changes and nothing else. Then a row can only change where its own policies did, or at
 * an end whose policies did, and only for senders that these ends now treat otherwise. null: more than policies changed.
 */
export const sceneOf = (before: Side, after: Side): Scene | null => {
  if (!bothFamilies.equals(before.zones.internet, after.zones.internet)) return null
  if (surroundings(before.engine) !== surroundings(after.engine)) return null
  const contentOf = stackContents()
  const touched = touchedSenders(before.engine, after.engine, contentOf)
  return {
    isSame: (left, right) =>
      left.length === right.length &&
      left.every((subject, i) => {
        const other = right[i] as Subject
        return (
          subject.identity === other.identity &&
          !touched(subject.identity) &&
          contentOf(before.engine.stacksOf(subject, 'egress')) === contentOf(after.engine.stacksOf(other, 'egress'))
        )
      }),
  }
}

/** Everything but policies that rows are made from; what runs inside a container is no part of it. */
const surroundings = ({ cluster, population, profile }: ClusterEngine): string =>
  plainText(
    {
      profile,
      name: cluster.policyClusterName,
      namespaces: cluster.namespaces,
      nodes: cluster.nodes,
      services: cluster.services,
      subjects: population.subjects.map(({ workload, identity, runsOn, variant }) => [
        idOf(workload.ref),
        identity,
        runsOn,
        variant,
      ]),
      workloads: cluster.workloads,
    },
    ASIDE,
  )

const ASIDE: ReadonlySet<string> = new Set([
  'origin',
  'annotations',
  'image',
  'command',
  'args',
  'hooks',
  'env',
  'envFrom',
  'mounts',
  'volumes',
  'shapePath',
  'uid',
])

/** Past this, looking at each end costs more than working out the rows. */
const MOST_ENDS = 100

/** The senders that some end treats otherwise than before; the same identities stand on both sides. */
const touchedSenders = (
  before: ClusterEngine,
  after: ClusterEngine,
  contentOf: (stacks: Stacks) => number,
): ((sender: number | null) => boolean) => {
  const ends = new Map<string, readonly [Stacks, Stacks]>()
  for (const { number } of before.population.identities) {
    const [old, now] = [before.ingressOf(number), after.ingressOf(number)]
    const contents = [contentOf(old), contentOf(now)] as const
    if (contents[0] !== contents[1]) ends.set(contents.join(), [old, now])
  }
  if (ends.size > MOST_ENDS) return () => true
  const touched = new Set<number>()
  const { id } = translation(before.table, after.table)
  const size = before.population.identities.length
  for (const [old, now] of ends.values()) {
    const left = columnOf(passing(before.spaces.pods, old).may, size)
    const right = columnOf(passing(after.spaces.pods, now).may, size)
    for (let sender = 0; sender < size; sender++)
      if (id(left[sender] as TrafficId) !== right[sender]) touched.add(sender)
  }
  // What ends let in from nodes is not looked at: every change of an end may be about them.
  return sender => (sender === null ? ends.size > 0 : touched.has(sender))
}
