import { ciliumConfig } from '../../inventory/cilium-config.ts'
import { selectorMatches } from '../../model/selector.ts'
import { type Check, hit } from '../check.ts'

export const egressGatewayBroken: Check = {
  id: 'PST-N024',
  title: 'Egress gateway that cannot work as set up',
  severity: 'high',
  why: 'An egress gateway gives selected pods a known source address, and partners filter on it. Where no node matches, matched traffic is dropped; where the feature or what it needs is off, traffic leaves with the node’s address instead.',
  remedy: 'Give the gateway nodes the label it asks for, the address it names, and the settings it needs.',
  references: ['https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/'],
  *run({ cluster }) {
    if (cluster.egressGateways.length === 0) return
    const config = ciliumConfig(cluster)
    if (config !== null) {
      const enabled =
        config.data.get('enable-egress-gateway') === 'true' || config.data.get('enable-ipv4-egress-gateway') === 'true'
      const replacement = config.data.get('kube-proxy-replacement')
      const masquerade = config.data.get('enable-bpf-masquerade')
      const wrong = !enabled
        ? 'the feature is off (`enable-egress-gateway`)'
        : replacement === 'false' || replacement === 'disabled' || replacement === undefined
          ? 'it needs kube-proxy replacement, which is off'
          : masquerade !== 'true'
            ? 'it needs BPF masquerading, which is off'
            : null
      if (wrong !== null) {
        yield hit(
          config,
          `egress gateway policies exist and ${wrong}`,
          `set what the egress gateway needs in ConfigMap \`${config.ref.name}\``,
          { at: ['data'], key: 'settings', witness: `kube-proxy-replacement: ${replacement ?? 'absent'}` },
        )
      }
    }
    if (cluster.nodes.length === 0) return
    const addresses = new Set(cluster.nodes.flatMap(node => [...node.internalAddresses, ...node.externalAddresses]))
    for (const gateway of cluster.egressGateways) {
      const matched = gateway.nodeSelectors.some(selector =>
        cluster.nodes.some(node => selectorMatches(selector, node.labels)),
      )
      if (!matched) {
        yield hit(
          gateway,
          'its node selector matches no node, so the traffic it takes is dropped',
          `label a node as \`${gateway.ref.name}\` asks, or change its \`nodeSelector\``,
          { at: ['spec', 'egressGateway', 'nodeSelector'], key: 'nodes' },
        )
      }
      const unknown = gateway.egressAddresses.filter(address => !addresses.has(address))
      if (matched && unknown.length > 0) {
        yield hit(
          gateway,
          `${unknown.join(', ')} stands on no node that was read: unless it is a secondary address, traffic is dropped`,
          `put ${unknown.join(', ')} on the gateway node of \`${gateway.ref.name}\`, or correct it`,
          {
            at: ['spec', 'egressGateway', 'egressIP'],
            key: 'address',
            severity: 'medium',
            witness: `egressIP: ${unknown.join(', ')}`,
          },
        )
      }
    }
  },
}
