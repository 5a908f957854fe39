import { addressesOfTexts } from '../../engine/ground.ts'
import { matchesOne } from '../../intent/subjects.ts'
import type { EgressGatewayPolicy } from '../../model/dialects.ts'
import { idOf } from '../../model/identity.ts'
import type { ApprovedExit, EgressPattern, IntentDocuments } from '../../model/intent.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type Check, hit, several } from '../check.ts'

export const outsidePattern: Check = {
  id: 'PST-I025',
  title: 'Way out that the egress pattern does not name',
  severity: 'medium',
  why: 'Somebody decided by which exits these clusters leave, and wrote down why. A gateway besides them is a way out that the decision does not know: whoever watches, limits or trusts the named exits sees nothing of it.',
  remedy: 'Route through the exits that the pattern names, or approve this one and add it.',
  references: ['docs/intents.md', 'https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/'],
  *run({ cluster, estate: { intents } }) {
    for (const pattern of intents.patterns) {
      if (pattern.faults.length > 0 || !isAbout(pattern, cluster.name, intents)) continue
      const exits = pattern.via.map(name => intents.exits.find(({ ref }) => ref.name === name))
      // What names no exit, or one that is not there, decides nothing about gateways.
      if (exits.length === 0 || exits.includes(undefined)) continue
      for (const gateway of cluster.egressGateways) {
        if (exits.some(exit => exit !== undefined && mayBe(exit, gateway))) continue
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
