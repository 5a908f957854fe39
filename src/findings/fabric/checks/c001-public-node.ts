import type { NetworkInterface } from '../../../model/fabric.ts'
import { printAddress } from '../../../sets/cidr.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import type { NodeThere } from '../nodes.ts'
import type { FabricView } from '../view.ts'
import { addressText, named, nodeHop, shortOf } from '../words.ts'

export const publicNode: FabricCheck = {
  id: 'PST-C001',
  title: 'Node that leaves by an internet gateway with an address of its own',
  severity: 'high',
  why: 'What a node with a public address sends reaches the internet past every NAT gateway and firewall, and so does what its pods send. The same address is one that the internet can knock at.',
  remedy: 'Run nodes in subnets that give no public addresses, and let them leave by NAT or a firewall.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
    'https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html',
  ],
  *run(view) {
    for (const node of view.nodes)
      for (const one of node.interfaces) {
        const found = hitAt(view, node, one)
        if (found !== null) yield found
      }
  },
}

const hitAt = (view: FabricView, node: NodeThere, one: NetworkInterface): FabricHit | null => {
  if (one.publicAddresses.length === 0 || isKeptOff(view, one.subnet)) return null
  const found = view.outward
    .from({ kind: 'interface', of: one }, 4)
    .find(({ way }) => way.exit.kind === 'internet-gateway' && way.verdict !== 'denied')
  if (found === undefined) return null
  const { way, packet } = found
  const seen = one.publicAddresses.map(({ seenAs }) => printAddress(seenAs))
  const gateway = shortOf(way.exit.id ?? '')
  return hitOn(
    one,
    `node \`${shortOf(node.name)}\` sends by ${named(one)} straight to \`${gateway}\`, and the world sees it as ${seen.join(', ')}`,
    `take the public address from \`${shortOf(one.id)}\`, or replace the node by one in a subnet without public addresses and a route to NAT`,
    {
      witness: `${addressText(one.addresses, 4) ?? seen[0]} -> ${packet}`,
      path: [nodeHop(node), ...way.hops],
    },
  )
}
