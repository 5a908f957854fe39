import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Entry } from '../engine/entries.ts'
import type { Return } from '../engine/fabric/returns.ts'
import type { Subject } from '../engine/population.ts'
import type { Passing } from '../engine/verdict.ts'
import type { Stage } from '../model/answer.ts'
import type { Enforcement, ReachEntry, Unknown, Verdict } from '../model/reach.ts'
import type { Direction } from '../model/rule.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { NO_FABRIC } from './entry-writer.ts'
import { isOutcome, type WayTold, worded } from './fabric-cut.ts'
import type { LoadedEstate } from './load.ts'
import type { MeshTold } from './mesh-stage.ts'
import { joined, type StageReasons } from './reasons.ts'

/** A region of a question, with its reasons and what each end says by itself. */
export interface Part {
  readonly subject: Subject
  readonly verdict: Verdict
  readonly enforcement: Enforcement
  readonly reasons: StageReasons
  /** What a mesh makes of it; null or absent: none is asked. */
  readonly mesh?: MeshTold | null
  readonly ends: Readonly<Record<Direction, Verdict>>
  /** Whether policies stand at the other end. */
  readonly toPods: boolean
  readonly results: readonly PartResult[]
}

/** A region as it is written, from the pods that `variant` names, and what the network makes of it. */
export interface PartResult {
  readonly entry: ReachEntry
  readonly variant: string | null
  readonly way: WayTold
}

/** What all say, or that they do not agree. */
export const agreed = <T>(values: readonly T[], mixed: T, none: T): T => {
  const [first, ...others] = new Set(values)
  return first === undefined ? none : others.length > 0 ? mixed : first
}

/** What each stage says by itself: those after a denial, too, so that one sees which other layer would have held. */
export const stagesOf = (parts: readonly Part[], leaves: boolean, lineOf: LoadedEstate['lineOf']): readonly Stage[] => {
  const egress = parts.map(part => part.reasons.egress)
  const ingress = parts.map(part => part.reasons.ingress)
  const toPods = parts.some(part => part.toPods)
  const stage = (name: Stage['stage'], verdict: Stage['verdict'], because: Stage['because'] = []): Stage => ({
    stage: name,
    verdict,
    because,
    hops: [],
  })
  return [
    stage(
      'pod-policy',
      agreed<Verdict>(
        parts.map(part => part.ends.egress),
        'unknown',
        'unknown',
      ),
      joined(egress).because,
    ),
    ...(toPods
      ? [
          stage(
            'peer-policy',
            agreed<Verdict>(
              parts.map(part => part.ends.ingress),
              'unknown',
              'unknown',
            ),
            joined(ingress).because,
          ),
        ]
      : []),
    meshStage(parts),
    stage('node', 'not-assessed'),
    ...(leaves ? [fabricStage(parts, lineOf)] : []),
    returnStage(returnsOf(parts), lineOf),
  ]
}

/** What the network says by itself, where it says something of all that leaves. */
const fabricStage = (parts: readonly Part[], lineOf: LoadedEstate['lineOf']): Stage => {
  const leaving = parts.flatMap(({ results }) => results.filter(leavesCluster))
  const ways = leaving.flatMap(({ way, entry }) =>
    isOutcome(way) && entry.exit.kind !== 'egress-gateway' ? [way] : [],
  )
  const [first] = ways
  if (first === undefined || ways.length < leaving.length) {
    const unsaid = leaving.flatMap(({ way }) => (way === null || isOutcome(way) ? [] : [way.unsaid]))
    return { stage: 'fabric', verdict: 'not-assessed', because: [missing(unsaid[0] ?? NO_FABRIC)], hops: [] }
  }
  return {
    stage: 'fabric',
    verdict: agreed<Verdict>(
      ways.map(({ verdict }) => verdict),
      'unknown',
      'unknown',
    ),
    because: joined(
      ways.map(({ because }) => ({ because: because().map(reason => worded(reason, lineOf)), unknowns: [] })),
    ).because,
    hops: first.hops,
  }
}

/** Where the network says nothing of some packets, nor does it of their replies. */
const returnsOf = (parts: readonly Part[]): readonly Return[] => {
  const leaving = parts.flatMap(({ results }) => results.filter(leavesCluster))
  const told = leaving.flatMap(({ way }) => (isOutcome(way) ? way.back() : []))
  const isWhole = leaving.every(({ way }) => isOutcome(way))
  return isWhole ? told : told.filter(({ verdict }) => verdict === 'asymmetric')
}

/** The worst of them, where the network says anything of replies at all. */
export const returnStage = (all: readonly Return[], lineOf: LoadedEstate['lineOf']): Stage => {
  const verdict = RETURNS.find(one => all.some(part => part.verdict === one)) ?? 'not-assessed'
  const same = all.filter(part => part.verdict === verdict)
  const told = joined(
    same.map(({ because, unknowns }) => ({ because: because.map(reason => worded(reason, lineOf)), unknowns })),
  )
  return {
    stage: 'return',
    verdict,
    because: [...told.because, ...told.unknowns.map(missing)],
    hops: same[0]?.hops ?? [],
  }
}

const RETURNS = ['asymmetric', 'unknown', 'symmetric'] as const

/** To addresses or names, or to another cluster. */
const leavesCluster = ({ entry: { to }, way }: PartResult): boolean => LEAVING.includes(to.kind) || way !== null

const LEAVING: readonly ReachEntry['to']['kind'][] = ['addresses', 'names']

/** Pods are reached by other means of the mesh, which are not looked at: then it says nothing. */
const meshStage = (parts: readonly Part[]): Stage => {
  const told = parts.flatMap(part => part.mesh ?? [])
  if (told.length === 0 || told.length < parts.length)
    return { stage: 'mesh', verdict: 'not-assessed', because: [], hops: [] }
  const verdict = agreed<Verdict>(
    told.map(({ word }) => MESH_VERDICT[word]),
    'unknown',
    'unknown',
  )
  const hops = [
    ...new Map(told.flatMap(({ through }) => (through === null ? [] : [[through.id, through] as const]))).values(),
  ]
  const { because, unknowns } = joined(told.map(({ reasons }) => reasons))
  return { stage: 'mesh', verdict, because: [...because, ...unknowns.map(missing)], hops }
}

const MESH_VERDICT = { refused: 'denied', open: 'unknown', passed: 'allowed' } as const

const missing = ({ why, settledBy }: Unknown): Stage['because'][number] => ({
  kind: 'missing',
  object: null,
  file: null,
  line: null,
  rule: null,
  says: `${why}; ${settledBy} would settle it`,
})

/** One end's own word on a region to pods; elsewhere there is only one end. */
export const endsOf = (engine: ClusterEngine, subject: Subject, { to, traffic, verdict }: Entry): Part['ends'] => {
  if (to.kind !== 'workloads') return { egress: verdict, ingress: 'allowed' }
  const { relations } = engine.spaces.pods
  const row = engine.rowOf(subject)
  const region = relations.ofBoxes([{ members: to.members, id: traffic }])
  const word = ({ must, may }: Passing<Relation<TrafficId>>): Verdict =>
    relations.isSubset(region, must)
      ? 'allowed'
      : relations.isEmpty(relations.intersect(region, may))
        ? 'denied'
        : 'unknown'
  return { egress: word(row.toPods()), ingress: word(row.fromPods()) }
}
