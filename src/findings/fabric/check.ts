import type { CloudObject } from '../../model/fabric.ts'
import { type CheckTexts, type HitOf, hit, type MoreOf } from '../check.ts'
import type { FabricView } from './view.ts'

/**
 * A check of the network under the clusters, which belongs to none of them. As pure as one of a cluster, and as silent about
 * what was not read.
 */
export interface FabricCheck extends CheckTexts {
  readonly run: (view: FabricView) => Iterable<FabricHit>
}

/** Steps lead into the document of the object, down to what shows it. */
export type FabricHit = HitOf<CloudObject>

/** A hit with the usual silences filled in; the place is the object's own where no other is told. */
export const hitOn = (object: CloudObject, says: string, remedy: string, more: MoreOf<CloudObject> = {}): FabricHit =>
  hit(object, says, remedy, { ...more, at: more.at ?? object.at })
