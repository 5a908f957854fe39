import { type FabricCheck, hitOn } from '../check.ts'
import { watchedIn } from '../flow-logs.ts'
import { nodeHop, severalOf, shortOf } from '../words.ts'

export const noFlowLog: FabricCheck = {
  id: 'PST-T007',
  title: 'Network of nodes that keeps no flow log',
  severity: 'medium',
  why: 'What leaves past policy, by a host or by a tunnel, shows in the log of the network and nowhere else. Without one nobody can say after an incident what left, or that nothing did.',
  remedy: 'Log all traffic of the network, or at least of the subnets of nodes.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html',
  ],
  *run(view) {
    for (const { network, unwatched } of watchedIn(view)) {
      const [first] = unwatched
      const [node] = first?.nodes ?? []
      if (first === undefined || node === undefined) continue
      const subnets = severalOf(unwatched.map(({ subnet }) => subnet))
      yield hitOn(
        network,
        `no flow log watches subnets of nodes there (${subnets})`,
        `make a flow log of \`${shortOf(network.id)}\` that keeps all traffic`,
        { path: [nodeHop(node), { hop: 'subnet', id: first.subnet.id }] },
      )
    }
  },
}
