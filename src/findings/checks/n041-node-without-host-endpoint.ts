import { isUserWorkload } from '../../inventory/identity.ts'
import { shortIdOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { endpointsByNode, hostEndpointsAreKnown, hostPoliciesIn, isWholeNode } from '../host-policies.ts'

export const nodeWithoutHostEndpoint: Check = {
  id: 'PST-N041',
  title: 'Node that the policies for hosts do not reach',
  severity: 'medium',
  why: 'Calico applies policy to a host by its host endpoints. A node without one is left as it is, and so is an interface that no endpoint is for: what runs there on the host network leaves past the policies that close the other nodes.',
  remedy:
    'Let Calico make a host endpoint for every node, or write one with `interfaceName: "*"` for those that have none.',
  references: [
    'https://docs.tigera.io/calico/latest/network-policy/hosts/kubernetes-nodes',
    'https://docs.tigera.io/calico/latest/reference/resources/hostendpoint',
  ],
  *run(view) {
    const { cluster } = view
    if (cluster.calico.hostEndpoints.length === 0 || !hostEndpointsAreKnown(cluster)) return
    const policies = hostPoliciesIn(cluster)
    if (policies.length === 0) return
    const names = [...new Set(policies.map(({ policy }) => policy.ref.name))].sort()
    const byNode = endpointsByNode(cluster)
    for (const node of cluster.nodes) {
      const { name } = node.ref
      const endpoints = (byNode.get(name) ?? []).toSorted((a, b) => compareText(a.ref.name, b.ref.name))
      if (endpoints.length === 0) {
        const there = usersOn(view, name)
        yield hit(
          node,
          `it has no host endpoint, so ${several(names)} ${names.length === 1 ? 'says' : 'say'} nothing of it${there.length === 0 ? '' : `; ${several(there)} ${there.length === 1 ? 'leaves' : 'leave'} from its network`}`,
          `make a host endpoint for node \`${name}\``,
          { at: ['metadata'], severity: there.length > 0 ? 'high' : null, witness: 'no HostEndpoint' },
        )
        continue
      }
      const [first] = endpoints
      if (first === undefined || endpoints.some(isWholeNode)) continue
      const covered = endpoints.flatMap(({ interfaceName }) => interfaceName ?? [])
      yield hit(
        first,
        `${covered.length === 0 ? 'it is for one interface' : `endpoints are for ${several(covered)}`} of node \`${name}\` alone: what leaves by another one meets no policy for hosts`,
        `set \`interfaceName: "*"\` in \`${first.ref.name}\``,
        { at: ['spec', 'interfaceName'], severity: 'low', witness: `interfaceName: ${covered.join(', ')}` },
      )
    }
  },
}

/** What users run on the host network of a node. */
const usersOn = ({ cluster }: ClusterView, node: string): readonly string[] =>
  cluster.workloads
    .filter(
      workload =>
        workload.shape.hostNetwork && isUserWorkload(workload) && workload.pods.some(pod => pod.node === node),
    )
    .map(({ ref }) => shortIdOf(ref))
    .sort(compareText)
