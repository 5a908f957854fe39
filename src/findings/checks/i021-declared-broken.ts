import { type Check, several } from '../check.ts'
import { unmetHits } from '../unmet-hits.ts'

export const declaredBroken: Check = {
  id: 'PST-I021',
  title: 'Declared egress that policy stops',
  severity: 'medium',
  why: 'Its owners say that the workload needs it, and no policy lets it out. The dependency is broken already, or breaks with the next connection.',
  remedy: 'Allow it by policy, or remove the declaration if nothing needs it any more.',
  references: ['docs/intents.md'],
  *run(view) {
    yield* unmetHits(view, 'broken', (places, workloads) => ({
      says: `policy stops ${several(workloads)} from reaching ${several(places)}`,
      remedy: name => `allow it by policy, or remove it from EgressIntent \`${name}\``,
    }))
  },
}
