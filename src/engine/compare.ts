import { idOf } from '../model/identity.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import { namesOf } from './compare-names.ts'
import { knowsApiserver, type Other, ownBeyond } from './compare-own.ts'
import { podsBeyond, workloadIdsOf } from './compare-pods.ts'
import { servicesBeyond } from './compare-services.ts'
import { type Side, type Stand, type Standing, standingOn, standOf } from './compare-sides.ts'
import type { Entry } from './entries.ts'
import { type Subject, senderOf } from './population.ts'
import { sceneOf } from './scene.ts'
import { isConcerned } from './service-index.ts'

/** A region of a subject that its workload does not have on the other side. */
export interface Change {
  readonly subject: Subject
  readonly entry: Entry
  /** The workloads that a region toward workloads leads to: of its members, those that are meant. */
  readonly ids: readonly string[]
}

export interface Changes {
  /** Regions of the side after, and of its subjects. */
  readonly gained: readonly Change[]
  /** Regions of the side before. */
  readonly lost: readonly Change[]
}

/**
 * What may pass after and might not before, and the other way round. Both questions read `may`: what was open before and is
 * certain now is no gain. A side that is missing lets nothing pass.
 */
export const compareClusters = (
  before: Side | null,
  after: Side | null,
  wants: (subject: Subject) => boolean = () => true,
): Changes => {
  const ids = workloadIdsOf([before, after].flatMap(side => side?.engine ?? []))
  const [old, now] = [standOf(before, after, ids), standOf(after, before, ids)]
  const scene = before === null || after === null ? null : sceneOf(before, after)
  const gained: Change[] = []
  const lost: Change[] = []
  for (const pairs of Map.groupBy(pairsOf(before?.engine, after?.engine, wants), keyOf).values()) {
    const [first] = pairs
    if (first === undefined || scene?.isSame(first.before, first.after)) continue
    const changes = changesOf(old, now, first)
    gained.push(...pairs.flatMap(pair => named(pair.after, changes.gained)))
    lost.push(...pairs.flatMap(pair => named(pair.before, changes.lost)))
  }
  return { gained, lost }
}

/** The subjects of a workload, or one variant of it where both sides have the same ones. */
interface Pair {
  readonly before: readonly Subject[]
  readonly after: readonly Subject[]
}

const pairsOf = (
  before: ClusterEngine | undefined,
  after: ClusterEngine | undefined,
  wants: (subject: Subject) => boolean,
): readonly Pair[] => {
  const of = (engine: ClusterEngine | undefined) =>
    Map.groupBy(engine?.population.subjects.filter(wants) ?? [], ({ workload }) => idOf(workload.ref))
  const [old, now] = [of(before), of(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id): readonly Pair[] => {
    const [left, right] = [old.get(id) ?? [], now.get(id) ?? []]
    const variants = new Map(left.map(subject => [subject.variant, subject]))
    const isPaired =
      left.length === right.length &&
      variants.size === left.length &&
      new Set(right.map(subject => subject.variant)).size === right.length &&
      right.every(subject => variants.has(subject.variant))
    return isPaired
      ? right.map(subject => ({ before: [variants.get(subject.variant) as Subject], after: [subject] }))
      : [{ before: left, after: right }]
  })
}

/** Subjects of one identity have one row, so pairs of one key have one answer. */
const keyOf = ({ before, after }: Pair): string =>
  [before, after].map(subjects => subjects.map(subject => senderOf(subject) ?? 'host').join()).join('|')

/** The regions of each subject of the first pair, told of the one that stands in its place. */
const named = (subjects: readonly Subject[], regions: readonly (readonly Omit<Change, 'subject'>[])[]) =>
  subjects.flatMap((subject, i) => (regions[i] ?? []).map((region): Change => ({ ...region, subject })))

const changesOf = (old: Stand | null, now: Stand | null, { before, after }: Pair) => {
  const left = before.flatMap(standingOn(old, now))
  const right = after.flatMap(standingOn(now, old))
  const differing = differingIn(left, right)
  return {
    gained: right.map(one => beyond(one, left, differing)),
    lost: left.map(one => beyond(one, right, differing)),
  }
}

/** null: there is no single row on each side, and everything may differ. */
const differingIn = ([before, ...more]: readonly Standing[], [after, ...others]: readonly Standing[]) => {
  if (before === undefined || after === undefined || more.length + others.length > 0) return null
  const { v4, v6 } = after.stand.engine.spaces
  const { away, awayColumn } = before
  const { row, column } = after
  return {
    workload: (workload: number): boolean => awayColumn[workload] !== column[workload],
    workloads: awayColumn.some((id, workload) => id !== column[workload]),
    nodes: away.ownNode !== row.ownNode.may || away.otherNode !== row.otherNode.may,
    outside: !v4.algebra.equals(away.v4, row.v4.may) || !v6.algebra.equals(away.v6, row.v6.may),
  }
}

const beyond = (
  one: Standing,
  others: readonly Standing[],
  differing: ReturnType<typeof differingIn>,
): readonly Omit<Change, 'subject'>[] => {
  const { stand, row, column } = one
  const pods =
    differing?.workloads === false
      ? []
      : podsBeyond(
          stand.destinations,
          row,
          column,
          others.map(other => other.awayColumn),
        )
  const services = servicesBeyond(
    { engine: stand.engine, row },
    others.map(other => ({ engine: other.stand.engine, row: other.row, translated: other.stand.away.id })),
    id =>
      differing === null ||
      others.some(other => isConcerned(other.stand.needs().get(id), stand.needs().get(id), differing)),
  )
  return [...ownOf(one, others), ...services].map((entry): Omit<Change, 'subject'> => ({ entry, ids: [] })).concat(pods)
}

/** What the sender's own policies decide is the same for all that share them, on both sides. */
const ownOf = ({ stand, subject, row, stacks }: Standing, others: readonly Standing[]): readonly Entry[] => {
  const key = [stand.numberOf(stacks), ...others.map(other => other.stand.numberOf(other.stacks))].join()
  const known = stand.ownBeyond.get(key)
  if (known !== undefined) return known
  const made = ownBeyond(
    stand.engine,
    subject,
    row,
    others.map(
      ({
        stand: {
          engine,
          zones,
          away: { id },
        },
        stacks: theirs,
        away,
      }): Other => ({
        ...away,
        names: namesOf(engine, theirs, zones.internet, id),
        knowsApiserver: knowsApiserver(engine),
      }),
    ),
    stand.zones,
  )
  stand.ownBeyond.set(key, made)
  return made
}
