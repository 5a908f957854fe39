import type { CloudObject } from '../../model/fabric.ts'
import type { Hop, Severity } from '../../model/finding.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { CheckTexts } from '../check.ts'
import type { FabricView } from './view.ts'

/**
 * A check of the network under the clusters, which belongs to none of them. As pure as one of a cluster, and as silent about
 * what was not read.
 */
export interface FabricCheck extends CheckTexts {
  readonly run: (view: FabricView) => Iterable<FabricHit>
}

export interface FabricHit {
  readonly object: CloudObject
  /** Steps into the document of the object, down to what shows it. */
  readonly at: DocumentPath
  /** Tells hits of one check on one object apart; free of positions and order. */
  readonly key: string
  readonly severity: Severity | null
  /** What is so here: one sentence or two. */
  readonly says: string
  readonly remedy: string
  readonly witness: string | null
  readonly path: readonly Hop[]
  /** Null: whoever answers for the object. */
  readonly owner: string | null
}

/** A hit with the usual silences filled in. */
export const hitOn = (
  object: CloudObject,
  says: string,
  remedy: string,
  more: Partial<Omit<FabricHit, 'object' | 'says' | 'remedy'>> = {},
): FabricHit => ({
  object,
  says,
  remedy,
  at: more.at ?? object.at,
  key: more.key ?? '',
  severity: more.severity ?? null,
  witness: more.witness ?? null,
  path: more.path ?? [],
  owner: more.owner ?? null,
})
