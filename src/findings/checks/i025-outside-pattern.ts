import { addressesOfTexts } from '../../engine/ground.ts'
import { matchesOne } from '../../intent/subjects.ts'
import type { EgressGatewayPolicy } from '../../model/dialects.ts'
import { idOf } from '../../model/identity.ts'
import type { ApprovedExit, EgressPattern, IntentDocuments } from '../../model/intent.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type Check, type ClusterView, type Hit, hit, several } from '../check.ts'
import { relaysBesides } from '../declared-besides.ts'

export const outsidePattern: Check = {
  id: 'PST-I025',
  title: 'Way out that the egress pattern does not name',
  severity: 'medium',
  why: 'Somebody decided by which exits these clusters leave, and wrote down why. A gateway or a proxy besides them is a way out that the decision does not know: whoever watches, limits or trusts the named exits sees nothing of it.',
  remedy: 'Route through the exits that the pattern names, or approve this one and add it.',
  references: ['docs/intents.md', 'https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/'],
  *run(view) {
    const {
      cluster,
      estate: { intents },
    } = view
    for (const pattern of intents.patterns) {
      if (pattern.faults.length > 0 || !isAbout(pattern, cluster.name, intents)) continue
      const exits = pattern.via.flatMap(name => intents.exits.find(({ ref }) => ref.name === name) ?? [])
      // What names no exit, or one that is not there, decides nothing about gateways.
      if (exits.length === 0 || exits.length < pattern.via.length) continue
      yield* forwardersBesides(view, pattern, exits)
      for (const gateway of cluster.egressGateways) {
        if (exits.some(exit => mayBe(exit, gateway))) continue
        yield hit(
          gateway,
          `sends packets out by a gateway of the cluster, and EgressPattern \`${pattern.ref.name}\` names ${several(pattern.via)} alone`,
          `route through ${several(pattern.via)}, or approve \`${gateway.ref.name}\` and add it to EgressPattern \`${pattern.ref.name}\``,
          { at: ['spec', 'egressGateway'], key: pattern.ref.name, owner: pattern.owner },
        )
      }
    }
  },
}

function* forwardersBesides(
  { estate, inventory, possible }: ClusterView,
  pattern: EgressPattern,
  exits: readonly ApprovedExit[],
): Iterable<Hit> {
  const hasIpv6 = inventory.dataplane.ipFamilies.includes('IPv6')
  for (const { of, senders } of relaysBesides(possible(), exits, estate.intents, hasIpv6)) {
    const { name } = of.ref
    yield hit(
      of,
      `takes ${several(senders)} further on the internet than policy lets them go directly, and EgressPattern \`${pattern.ref.name}\` names ${several(pattern.via)} alone`,
      `close \`${name}\` to them by policy, or approve it and add it to EgressPattern \`${pattern.ref.name}\``,
      { key: pattern.ref.name, owner: pattern.owner },
    )
  }
}

const isAbout = (pattern: EgressPattern, cluster: string, { environments }: IntentDocuments): boolean =>
  matchesOne(pattern.clusters, cluster) &&
  (pattern.environment === null ||
    environments.some(({ ref, clusters }) => ref.name === pattern.environment && matchesOne(clusters, cluster)))

/** Tags, and addresses where the gateway takes those of its node, could be anybody's: then it is not told. */
const mayBe = ({ ids, names, tags, addresses }: ApprovedExit, gateway: EgressGatewayPolicy): boolean =>
  matchesOne(ids, idOf(gateway.ref)) ||
  matchesOne(names, gateway.ref.name) ||
  tags.size > 0 ||
  (!bothFamilies.isEmpty(addresses) &&
    (gateway.egressAddresses.length === 0 ||
      !bothFamilies.isEmpty(bothFamilies.intersect(addresses, addressesOfTexts(gateway.egressAddresses)))))
