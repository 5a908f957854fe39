import type { Endpoint } from '../../../model/fabric.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import type { NodeSubnet } from '../nodes.ts'
import type { FabricView } from '../view.ts'
import { nodeHop, severalOf, shortOf } from '../words.ts'

export const openEndpoint: FabricCheck = {
  id: 'PST-C013',
  title: 'Endpoint that takes data to everybody’s accounts',
  severity: 'medium',
  why: 'A private way to a storage service is taken for a safe one, and the policy that it comes with lets everybody reach every bucket or table, those of strangers too. Whoever has credentials of an account of his own carries data out by it, past every firewall.',
  remedy: 'Limit the policy of the endpoint to the organisation’s own accounts or buckets.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
    'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html',
  ],
  *run(view) {
    for (const endpoint of view.fabric.endpoints ?? []) {
      const { policy, service, id } = endpoint
      if (policy?.isOpen !== true || !HOLDS_DATA.test(service)) continue
      const users = usersOf(view, endpoint)
      const [first] = users
      if (first === undefined) continue
      yield hitOn(
        endpoint,
        `subnets of nodes (${severalOf(users.map(({ subnet }) => subnet))}) reach \`${service}\` by it, and its policy lets everybody do everything with whatever is there`,
        `in the policy of \`${shortOf(id)}\`: allow the organisation’s own resources alone (\`aws:ResourceOrgID\`, or their names)`,
        {
          at: policy.at,
          witness: 'Principal: *, Action: *, Resource: *',
          path: [
            nodeHop(first.nodes[0] as NodeSubnet['nodes'][number]),
            { hop: 'subnet', id: first.subnet.id },
            { hop: 'gateway', id },
          ],
        },
      )
    }
  },
}

/** Services where anybody may have an account with a place to put things. */
const HOLDS_DATA = /\.(s3|dynamodb)$/

/** Who goes by it: of one that routes lead to, the subnets with such a route; of the others, everybody in the network. */
const usersOf = (view: FabricView, { id, network, by }: Endpoint): readonly NodeSubnet[] =>
  view.nodeSubnets.filter(({ subnet }) => {
    if (subnet.network !== network) return false
    if (by === 'interface') return true
    return view.tableOf(subnet)?.routes.some(({ next }) => next.kind === 'gateway' && next.id === id) === true
  })
