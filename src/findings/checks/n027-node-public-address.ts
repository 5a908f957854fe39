import { placeOf } from '../../inventory/address.ts'
import { type Check, hit } from '../check.ts'

export const nodePublicAddress: Check = {
  id: 'PST-N027',
  title: 'Node with a public address',
  severity: 'medium',
  why: 'A node with an address of its own leaves directly, past NAT gateways and central firewalls, and so does every pod that is masqueraded to it. NodePorts and host ports on it face the internet unless a filter stops them.',
  remedy: 'Move the nodes to private subnets and let them leave by NAT or a firewall.',
  references: ['https://kubernetes.io/docs/reference/node/node-status/#addresses'],
  *run({ cluster }) {
    for (const node of cluster.nodes) {
      const seen = node.externalAddresses.filter(address => placeOf(address) === 'public')
      if (seen.length === 0) continue
      yield hit(
        node,
        `the world sees ${seen.join(', ')}: what leaves by this node needs no NAT`,
        `replace node \`${node.ref.name}\` by one without a public address`,
        {
          at: ['status', 'addresses'],
          witness: seen[0] ?? null,
        },
      )
    }
  },
}
