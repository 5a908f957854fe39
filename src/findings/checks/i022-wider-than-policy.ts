import { type Check, several } from '../check.ts'
import { unmetHits } from '../unmet-hits.ts'

export const widerThanPolicy: Check = {
  id: 'PST-I022',
  title: 'Declaration wider than policy',
  severity: 'low',
  why: 'Part of what is declared is stopped by policy. Either the workload does not need that part, and the declaration should say so, or it will miss it.',
  remedy: 'Narrow the declaration to what is needed, or open the rest by policy.',
  references: ['docs/intents.md'],
  *run(view) {
    yield* unmetHits(view, 'partly', (places, workloads) => ({
      says: `policy lets ${several(workloads)} reach only a part of ${several(places)}`,
      remedy: name => `narrow EgressIntent \`${name}\` to what is needed, or open the rest by policy`,
    }))
  },
}
