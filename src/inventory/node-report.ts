import type { Cluster } from '../model/cluster.ts'
import type { NodeReport } from '../model/inventory.ts'
import type { Listener, NodeFacts } from '../model/node-facts.ts'
import type { AddressItem, NatEntry } from '../model/node-firewall.ts'

/** What the nodes themselves were asked and said: who listens, what is forwarded, whose source is rewritten. */
export const nodeReportsOf = (cluster: Cluster): readonly NodeReport[] => cluster.nodeFacts.map(report)

const report = (facts: NodeFacts): NodeReport => ({
  node: facts.node,
  listeners: [...new Set(facts.listeners.filter(isReachable).map(listenerText))].sort(),
  forwarding: {
    ipv4: on(facts, 'net.ipv4.ip_forward'),
    ipv6: on(facts, 'net.ipv6.conf.all.forwarding'),
  },
  tunnels: facts.interfaces.filter(link => TUNNELS.has(link.kind ?? '')).map(link => `${link.name} (${link.kind})`),
  sourceTranslation: [...new Set(facts.nat.flatMap(translationText))],
  missing: facts.missing,
})

const TUNNELS = new Set(['vxlan', 'geneve', 'wireguard', 'ipip', 'sit', 'gre', 'ip6tnl', 'tun'])

/** Loopback answers nobody outside the node. */
const isReachable = (listener: Listener): boolean =>
  (listener.state === 'LISTEN' || listener.state === 'UNCONN') &&
  !/^(127\.|::1$)/.test(listener.address ?? '') &&
  listener.device !== 'lo'

const listenerText = ({ address, port, protocol, processes }: Listener): string => {
  const names = [...new Set(processes.map(process => process.name))].join(', ')
  return `${address ?? '*'}:${port ?? '*'}/${(protocol ?? '?').toUpperCase()}${names === '' ? '' : ` ${names}`}`
}

const on = (facts: NodeFacts, name: string): boolean | null => {
  const value = facts.sysctls.find(sysctl => sysctl.name === name)?.value
  return value === undefined ? null : value !== '0'
}

/** Whose source is rewritten to what, in one line; translations of destinations are not told here. */
const translationText = ({ translation, sources, tool }: NatEntry): readonly string[] => {
  const from = sources === null ? 'every source' : sources.map(addressText).join(', ')
  switch (translation.kind) {
    case 'masquerade':
      return [`${from} leaves as the node (${tool})`]
    case 'source':
      return [
        `${from} leaves as ${translation.targets.map(target => (target.address === null ? 'itself' : addressText(target.address))).join(' or ')} (${tool})`,
      ]
    default:
      return []
  }
}

const addressText = (item: AddressItem): string =>
  item.kind === 'prefix'
    ? `${item.address}/${item.length}`
    : item.kind === 'range'
      ? `${item.first}-${item.last}`
      : item.text
