import { type Check, hit } from '../check.ts'
import { groupsIn, undeclaredIn } from '../declared-view.ts'
import { metadataAddresses } from '../metadata.ts'
import { toldOpenings } from '../openings.ts'
import { packetOf } from '../rule-reach.ts'

/** How many openings one finding tells. */
const MOST_TOLD = 3

export const undeclaredEgress: Check = {
  id: 'PST-I020',
  title: 'Egress that is possible and nobody declared',
  severity: 'high',
  why: 'Policy lets this workload reach places that no EgressIntent speaks of. Nobody said that it needs them, so nobody would miss them, and whoever takes the workload over has them.',
  remedy:
    'Close it with a policy, or declare it with an owner and a reason; `postern intent init` drafts what is open.',
  references: ['docs/intents.md'],
  *run(view) {
    // Where nothing is declared at all, everything would be a finding and none would say anything.
    if (view.estate.intents.intents.length === 0) return
    const possible = view.possible()
    const around = {
      zones: possible.zones,
      own: possible.engine.ground.own,
      metadata: metadataAddresses(view.inventory),
      hasIpv6: view.inventory.dataplane.ipFamilies.includes('IPv6'),
    }
    for (const { subjects, declarations, openings } of undeclaredIn(
      possible,
      groupsIn(view.estate, possible, view.today),
    )) {
      const told = toldOpenings(openings, around)
      const [worst] = told
      if (worst === undefined) continue
      const more = told.length - MOST_TOLD
      const places = told.slice(0, MOST_TOLD).map(one => one.says)
      const known = declarations.length === 0 ? 'nothing is declared for it' : 'that is not declared'
      for (const subject of subjects) {
        const { to, traffic } = worst.opening
        yield hit(
          subject.workload,
          `it may reach ${places.join('; ')}${more > 0 ? `; and ${more} more` : ''}: ${known}`,
          `close it with a policy for \`${subject.workload.ref.name}\`, or declare it in an EgressIntent with owner and justification`,
          {
            severity: worst.severity,
            witness: to.kind === 'addresses' ? packetOf({ subjects: [subject] }, to.addresses, traffic) : null,
          },
        )
      }
    }
  },
}
