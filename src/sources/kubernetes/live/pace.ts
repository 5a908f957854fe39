import { setTimeout } from 'node:timers/promises'
import type { Pace } from './retry.ts'

/** Waiting as it is outside of tests. */
export const realPace: Pace = {
  sleep: async milliseconds => {
    await setTimeout(milliseconds)
  },
  random: Math.random,
}
