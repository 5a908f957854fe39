import { matchesOne } from '../../../intent/subjects.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import { OTHER_PROTOCOLS, traffics } from '../../../sets/traffic.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { filtersOfNodes } from '../filters-of-nodes.ts'
import { letEverythingOut } from '../open-filters.ts'
import { isMost } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { addressText, nodeHop, shortOf } from '../words.ts'

export const groupLetsAllOut: FabricCheck = {
  id: 'PST-C019',
  title: 'Filter of nodes that lets everything out',
  severity: 'info',
  why: 'A group lets everything out unless somebody takes that rule away, so that the only thing between a node and the internet is the route. Where it is declared what nodes need, or that they leave by a hub, nothing at the node holds them to it.',
  remedy: 'Replace the rule by what nodes need: the cluster, its registries, and the exits that are approved.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  *run(view) {
    for (const { filter, nodes } of filtersOfNodes(view)) {
      // A rule before it may take most of it away.
      const isOpen = ([4, 6] as const).some(family => letEverythingOut(view, [filter], bothFamilies.full, family))
      if (!isOpen) continue
      const open = filter.egress.filter(
        ({ action, peers, traffic }) =>
          action === 'allow' &&
          traffics.isSubset(OTHER_PROTOCOLS, traffic) &&
          peers.kind === 'addresses' &&
          (isMost(peers.addresses.v4, view.outward.internet(4)) ||
            isMost(peers.addresses.v6, view.outward.internet(6))),
      )
      const [rule] = open
      const [first] = nodes
      if (rule === undefined || first === undefined) continue
      const reason = nodes.flatMap(({ node }) => reliedOnBy(view, node.cluster) ?? [])[0]
      yield hitOn(
        filter,
        `it lets ${nodes.length === 1 ? 'a node' : `${nodes.length} nodes`} send everything everywhere${reason === undefined ? '' : `, and ${reason}`}`,
        `in \`${shortOf(filter.id)}\`: let out what the nodes need, and nothing else`,
        {
          at: rule.at,
          severity: reason === undefined ? null : 'low',
          witness:
            addressText(first.one.addresses, 4) === null
              ? null
              : `${addressText(first.one.addresses, 4)} -> 1.1.1.1:443/TCP`,
          path: [nodeHop(first.node), { hop: 'interface', id: first.one.id }],
        },
      )
    }
  },
}

/** Who counts on nodes leaving nowhere else, in words. */
const reliedOnBy = ({ estate: { intents } }: FabricView, cluster: string): string | null => {
  const pattern = intents.patterns.find(
    ({ pattern: kind, clusters, environment }) =>
      kind === 'centralised' && environment === null && clusters !== null && matchesOne(clusters, cluster),
  )
  if (pattern !== undefined) return `EgressPattern \`${pattern.ref.name}\` says that they leave by a hub`
  const intent = intents.intents.find(({ from }) => from?.kind === 'nodes' && matchesOne(from.clusters, cluster))
  return intent === undefined ? null : `EgressIntent \`${intent.ref.name}\` says what they need`
}
