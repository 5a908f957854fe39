import { type Possible, type PossibleOptions, possibleOf } from '../findings/possible.ts'
import type { Estate } from '../model/cluster.ts'

/** A cluster’s Possible that is worked out when it is asked for. */
export interface PossibleInTurn extends Possible {
  /** Nothing of it is kept. Whoever asks again has it worked out again. */
  readonly letGo: () => void
}

/** Of a fleet that is written cluster by cluster no more than one has to be in memory. */
export const possibleInTurn = ({ clusters }: Estate, options: PossibleOptions): readonly PossibleInTurn[] =>
  clusters.map(cluster => {
    let made: Possible | null = null
    const asked = (): Possible => {
      made ??= possibleOf(cluster, options)
      return made
    }
    return {
      get engine() {
        return asked().engine
      },
      get zones() {
        return asked().zones
      },
      get gatewaysAreOn() {
        return asked().gatewaysAreOn
      },
      letGo: () => {
        made = null
      },
    }
  })
