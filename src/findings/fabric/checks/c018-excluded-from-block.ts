import { type FabricCheck, hitOn } from '../check.ts'
import { nodeHop, severalOf, shortOf } from '../words.ts'

export const excludedFromBlock: FabricCheck = {
  id: 'PST-C018',
  title: 'Nodes excluded from the block on public access',
  severity: 'medium',
  why: 'Somebody blocked public access for the whole account, and an exclusion lets a network or a subnet of nodes through. What is written down as closed is open there, in both directions where the exclusion says so.',
  remedy: 'Remove the exclusion, or narrow it to the subnets of gateways and load balancers.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html'],
  *run({ fabric, nodeSubnets, places }) {
    for (const exclusion of fabric.exclusions) {
      const concerned = nodeSubnets.filter(
        ({ subnet }) => exclusion.of === subnet.id || exclusion.of === subnet.network,
      )
      const [first] = concerned
      const network = first === undefined ? undefined : places.networks.get(first.subnet.network)
      // An exclusion may be there before the block is.
      const isOn = fabric.networks.some(
        one => one.internetDoubts.length > 0 && (network === undefined || one.account === network.account),
      )
      const [node] = first?.nodes ?? []
      if (first === undefined || node === undefined || !isOn) continue
      yield hitOn(
        exclusion,
        `it lets ${exclusion.lets === 'both' ? 'packets in and out' : 'packets out'} of \`${shortOf(exclusion.of)}\`, where nodes stand (${severalOf(concerned.map(({ subnet }) => subnet))})`,
        `remove \`${shortOf(exclusion.id)}\`, or exclude the subnets of gateways and load balancers alone`,
        {
          severity: exclusion.lets === 'both' ? null : 'low',
          witness: exclusion.lets === 'both' ? 'allow-bidirectional' : 'allow-egress',
          path: [nodeHop(node), { hop: 'subnet', id: first.subnet.id }],
        },
      )
    }
  },
}
