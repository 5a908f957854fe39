import { isUserWorkload } from '../../inventory/identity.ts'
import { selectorMatches } from '../../model/selector.ts'
import { printAddresses } from '../../sets/address-text.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { membersOf } from '../../sets/bit-set.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { type Check, hit, several } from '../check.ts'

export const aroundTheGateway: Check = {
  id: 'PST-P024',
  title: 'Packets that go around the egress gateway',
  severity: 'medium',
  why: 'An egress gateway takes only what its policy names. What it leaves out leaves with the node’s own address, past whatever trusts or inspects the gateway’s; and a gateway of one node drops everything while that node is away.',
  remedy:
    'Name every destination of both families, select the whole namespace, and let more than one node be the gateway.',
  references: ['https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/'],
  *run(view) {
    const { cluster, inventory } = view
    if (cluster.egressGateways.length === 0) return
    const { gatewaysAreOn, engine, zones } = view.possible()
    if (gatewaysAreOn !== 'yes') return
    const { selection, population } = engine
    const hasIPv6 = inventory.dataplane.ipFamilies.includes('IPv6')
    for (const policy of cluster.egressGateways) {
      const name = policy.ref.name
      const written = addressesOfCidrs(policy.destinations.flatMap(blockOf))
      const isWide = bothFamilies.isSubset({ ...zones.internet, v6: bothFamilies.empty.v6 }, written)
      if (hasIPv6 && isWide && bothFamilies.isEmpty({ ...written, v4: bothFamilies.empty.v4 }))
        yield hit(
          policy,
          'it takes every IPv4 destination and no IPv6 one, and pods here have both: IPv6 leaves with the node’s address',
          `add \`::/0\` to the destinations of \`${name}\`, or close IPv6 egress for its pods`,
          { at: ['spec', 'destinationCIDRs'], key: 'ipv6', witness: '::/0' },
        )
      const left = bothFamilies.intersect(bothFamilies.subtract(written, policy.routes), zones.internet)
      if (!bothFamilies.isEmpty(left))
        yield hit(
          policy,
          `it excludes ${several(printAddresses(left))} of the internet: they leave with the node’s address`,
          `take public ranges out of \`excludedCIDRs\` of \`${name}\``,
          { at: ['spec', 'excludedCIDRs'], key: 'excluded', witness: printAddresses(left)[0] ?? null },
        )
      const { may } = selection.of(policy.subject)
      const taken = new Set(membersOf(may))
      const namespaces = new Set([...taken].map(number => population.identities[number]?.namespace))
      const missed = population.subjects.filter(
        ({ workload, identity }) =>
          identity !== null && !taken.has(identity) && namespaces.has(workload.namespace) && isUserWorkload(workload),
      )
      if (missed.length > 0)
        yield hit(
          policy,
          `in the namespaces that it takes pods of it misses ${several(missed.map(({ workload }) => workload.ref.name))}: they leave with the node’s address`,
          `select the namespace in \`${name}\`, or give these workloads the labels that it asks for`,
          { at: ['spec', 'selectors'], key: 'pods', severity: 'low' },
        )
      const nodes = cluster.nodes.filter(node =>
        policy.nodeSelectors.some(selector => selectorMatches(selector, node.labels)),
      )
      if (nodes.length === 1 && taken.size > 0)
        yield hit(
          policy,
          `only node \`${nodes[0]?.ref.name}\` is its gateway: while it is away, everything that the policy takes is dropped`,
          `let more nodes match the gateway of \`${name}\``,
          { at: ['spec', 'egressGateway', 'nodeSelector'], key: 'fallback', severity: 'low' },
        )
    }
  },
}

const blockOf = (written: string): readonly AnyCidr[] => {
  const read = readCidr(written)
  return read.kind === 'read' ? [read.value] : []
}
