import { exampleAddress, exampleOf, packetTo } from '../../engine/witness.ts'
import type { Declaration } from '../../intent/declared.ts'
import type { Node } from '../../model/cluster.ts'
import { compareText } from '../../model/order.ts'
import { type Check, type ClusterView, type Hit, hit } from '../check.ts'
import { undeclaredNodesIn } from '../declared-nodes.ts'
import { groupsIn, type Opening, undeclaredIn } from '../declared-view.ts'
import { hostPolicyOf } from '../host-holds.ts'
import { metadataAddresses } from '../metadata.ts'
import { nodesText } from '../node-groups.ts'
import { type ToldOpening, toldOpenings } from '../openings.ts'
import type { PossibleView } from '../possible-view.ts'
import { packetOf } from '../rule-reach.ts'

/** How many openings one finding tells. */
const MOST_TOLD = 3

export const undeclaredEgress: Check = {
  id: 'PST-I020',
  title: 'Egress that is possible and nobody declared',
  severity: 'high',
  why: 'Policy lets this workload, or these nodes, reach places that no EgressIntent speaks of. Nobody said that they are needed, so nobody would miss them, and whoever takes it over has them.',
  remedy:
    'Close it with a policy, or declare it with an owner and a reason; `postern intent init` drafts what is open.',
  references: ['docs/intents.md'],
  *run(view) {
    // Where nothing is declared at all, everything would be a finding and none would say anything.
    if (view.estate.intents.intents.length === 0) return
    const possible = view.possible()
    const tell = tellerOf(view, possible)
    yield* ofWorkloads(view, possible, tell)
    yield* ofNodes(view, possible, tell)
  },
}

interface Told {
  readonly worst: ToldOpening
  /** The worst of them, in words. */
  readonly places: string
}

type Tell = (openings: readonly Opening[]) => Told | null

const tellerOf = ({ inventory }: ClusterView, { engine, zones }: PossibleView): Tell => {
  const around = {
    zones,
    own: engine.ground.own,
    metadata: metadataAddresses(inventory),
    hasIpv6: inventory.dataplane.ipFamilies.includes('IPv6'),
  }
  return openings => {
    const told = toldOpenings(openings, around)
    const [worst] = told
    if (worst === undefined) return null
    const more = told.length - MOST_TOLD
    const places = told.slice(0, MOST_TOLD).map(one => one.says)
    return { worst, places: `${places.join('; ')}${more > 0 ? `; and ${more} more` : ''}` }
  }
}

const lackOf = (declarations: readonly Declaration[], whom: string): string =>
  declarations.length === 0 ? `nothing is declared for ${whom}` : 'that is not declared'

function* ofWorkloads({ estate, today }: ClusterView, possible: PossibleView, tell: Tell): Iterable<Hit> {
  for (const { subjects, declarations, openings } of undeclaredIn(possible, groupsIn(estate, possible, today))) {
    const told = tell(openings)
    if (told === null) continue
    const { worst, places } = told
    const { to, traffic } = worst.opening
    for (const subject of subjects)
      yield hit(
        subject.workload,
        `it may reach ${places}: ${lackOf(declarations, 'it')}`,
        `close it with a policy for \`${subject.workload.ref.name}\`, or declare it in an EgressIntent with owner and justification`,
        {
          severity: worst.severity,
          witness: to.kind === 'addresses' ? packetOf({ subjects: [subject] }, to.addresses, traffic) : null,
        },
      )
  }
}

/** One for all nodes of a pool of which the same is told, at the first of them by name. */
function* ofNodes({ estate, today, cluster }: ClusterView, possible: PossibleView, tell: Tell): Iterable<Hit> {
  const found = undeclaredNodesIn(estate, possible, today).flatMap(group => {
    const told = tell(group.openings)
    return told === null ? [] : [{ group, ...told, lack: lackOf(group.declared.declarations, 'them') }]
  })
  for (const same of Map.groupBy(found, ({ group, places, lack }) =>
    JSON.stringify([group.pool, places, lack]),
  ).values()) {
    const [{ worst, places, lack }] = same as [(typeof same)[number]]
    const groups = same.map(({ group }) => group)
    const [first] = groups.flatMap(({ nodes }) => nodes).sort((a, b) => compareText(a.ref.name, b.ref.name)) as [Node]
    const close = hostPolicyOf(cluster) ?? 'a policy for hosts'
    yield hit(
      first,
      `${nodesText(groups)} may reach ${places}: ${lack}`,
      `close it for \`${first.ref.name}\` and those like it with ${close}, or declare it in an EgressIntent with \`nodePools\`, owner and justification`,
      { at: ['metadata'], severity: worst.severity, witness: packetFrom(first, worst.opening) },
    )
  }
}

const packetFrom = ({ ref, internalAddresses }: Node, { to, traffic }: Opening): string | null => {
  const [destination, example] = [to.kind === 'addresses' ? exampleAddress(to.addresses) : null, exampleOf(traffic)]
  return destination === null || example === null
    ? null
    : `${internalAddresses[0] ?? ref.name} -> ${packetTo(destination, example)}`
}
