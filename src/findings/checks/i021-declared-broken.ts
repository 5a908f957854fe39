import { type Check, several } from '../check.ts'
import { brokenForNodes } from '../declared-nodes.ts'
import { unmetHits } from '../unmet-hits.ts'

export const declaredBroken: Check = {
  id: 'PST-I021',
  title: 'Declared egress that policy stops',
  severity: 'medium',
  why: 'Its owners say that the workload needs it, and no policy lets it out. The dependency is broken already, or breaks with the next connection.',
  remedy: 'Allow it by policy, or remove the declaration if nothing needs it any more.',
  references: ['docs/intents.md'],
  *run(view) {
    yield* unmetHits(view, 'broken', (places, workloads, through) => ({
      says: `policy stops ${several(workloads)} from reaching ${several(places)}${through.length === 0 ? '' : ` through ${several(through)}`}`,
      remedy: name => `allow it by policy, or remove it from EgressIntent \`${name}\``,
    }))
    yield* brokenForNodes(view)
  },
}
