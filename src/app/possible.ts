import { type Possible, type PossibleOptions, possibleOf } from '../findings/possible.ts'
import type { Estate } from '../model/cluster.ts'

export type { Possible, PossibleOptions } from '../findings/possible.ts'

export const possibleIn = (estate: Estate, options: PossibleOptions): readonly Possible[] =>
  estate.clusters.map(cluster => possibleOf(cluster, options))
