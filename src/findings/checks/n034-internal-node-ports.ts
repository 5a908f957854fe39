import { placeOf } from '../../inventory/address.ts'
import { isLimited, loadBalancerScheme, sourceRangesOf } from '../../inventory/services.ts'
import { type Check, hit, several } from '../check.ts'

export const internalNodePorts: Check = {
  id: 'PST-N034',
  title: 'Limited load balancer with ports on public nodes',
  severity: 'low',
  why: 'A LoadBalancer Service opens a port on every node besides its balancer. Where nodes have public addresses that port faces the internet, whatever the annotation says about the balancer, unless a filter of the network stops it.',
  remedy: 'Set `allocateLoadBalancerNodePorts: false` where the balancer reaches pods directly, or move the nodes.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-nodeport-allocation'],
  *run({ cluster }) {
    const publicNodes = cluster.nodes.filter(node =>
      node.externalAddresses.some(address => placeOf(address) === 'public'),
    )
    if (publicNodes.length === 0) return
    for (const service of cluster.services) {
      if (service.type !== 'LoadBalancer') continue
      const { scheme } = loadBalancerScheme(service)
      const limited = isLimited(sourceRangesOf(service))
      if (scheme !== 'internal' && !(scheme === 'public' && limited)) continue
      const ports = service.ports.flatMap(port => (port.nodePort === null ? [] : `${port.nodePort}/${port.protocol}`))
      if (ports.length === 0) continue
      yield hit(
        service,
        `its balancer is ${scheme === 'internal' ? 'internal' : 'limited to some sources'}, and ${several(publicNodes.map(node => node.ref.name))} ${publicNodes.length === 1 ? 'listens' : 'listen'} on ${ports.join(', ')} at public addresses`,
        `set \`allocateLoadBalancerNodePorts: false\` on Service \`${service.ref.name}\` in \`${service.namespace}\``,
        { at: ['spec', 'ports'], witness: `nodePort: ${ports.join(', ')}` },
      )
    }
  },
}
