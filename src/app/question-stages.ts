import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Entry } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import type { Stage } from '../model/answer.ts'
import type { Unknown, Verdict } from '../model/reach.ts'
import { joined, type StageReasons } from './because.ts'
import { NO_FABRIC } from './entry-writer.ts'

/** A region of a question, with its reasons. */
export interface Part {
  readonly subject: Subject
  readonly entry: Entry
  readonly reasons: StageReasons
}

/** What all say, or that they do not agree. */
export const agreed = <T>(values: readonly T[], mixed: T, none: T): T => {
  const [first, ...others] = new Set(values)
  return first === undefined ? none : others.length > 0 ? mixed : first
}

/** What each stage says by itself: those after a denial, too, so that one sees which other layer would have held. */
export const stagesOf = (engine: ClusterEngine, parts: readonly Part[], leaves: boolean): readonly Stage[] => {
  const egress = parts.map(part => part.reasons.egress)
  const ingress = parts.map(part => part.reasons.ingress)
  const toPods = parts.some(({ entry }) => entry.to.kind === 'workloads' || entry.to.kind === 'service')
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
        parts.map(part => endVerdict(engine, part, 'egress')),
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
              parts.map(part => endVerdict(engine, part, 'ingress')),
              'unknown',
              'unknown',
            ),
            joined(ingress).because,
          ),
        ]
      : []),
    stage('mesh', 'not-assessed'),
    stage('node', 'not-assessed'),
    ...(leaves ? [stage('fabric', 'not-assessed', [missing(NO_FABRIC)])] : []),
    stage('return', 'not-assessed'),
  ]
}

const missing = ({ why, settledBy }: Unknown): Stage['because'][number] => ({
  kind: 'missing',
  object: null,
  file: null,
  line: null,
  rule: null,
  says: `${why}; ${settledBy} would settle it`,
})

/** One end's own word on a region to pods; elsewhere there is only one end. */
const endVerdict = (engine: ClusterEngine, { subject, entry }: Part, end: 'egress' | 'ingress'): Verdict => {
  if (entry.to.kind !== 'workloads') return end === 'egress' ? entry.verdict : 'allowed'
  const { relations } = engine.spaces.pods
  const row = engine.rowOf(subject)
  const { must, may } = end === 'egress' ? row.toPods() : row.fromPods()
  const region = relations.ofBoxes([{ members: entry.to.members, id: entry.traffic }])
  return relations.isSubset(region, must)
    ? 'allowed'
    : relations.isEmpty(relations.intersect(region, may))
      ? 'denied'
      : 'unknown'
}
