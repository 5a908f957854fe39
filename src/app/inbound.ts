import type { Inbound } from '../engine/fabric/inbound.ts'
import { siteKey } from '../engine/fabric/site-key.ts'
import { walkerIn } from '../engine/fabric/walk.ts'
import { lazily } from '../engine/lazily.ts'
import { machinesIn } from '../inventory/machines.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { Fabric, NetworkInterface } from '../model/fabric.ts'
import { idOf } from '../model/identity.ts'
import type { Inventory, ReachedFrom } from '../model/inventory.ts'
import { compareText } from '../model/order.ts'
import { type AddressSet, addresses4, addresses6 } from '../sets/address-set.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { portRange } from '../sets/port-set.ts'
import { readProtocol, SCTP, TCP, UDP } from '../sets/protocol.ts'
import { portTraffic, type Traffic, unionOfTraffics } from '../sets/traffic.ts'
import { trafficTable } from '../sets/traffic-table.ts'

/** The inventory with who reaches node ports and host ports through the network; as it was where none was read. */
export const withInbound = (inventory: Inventory, { fabric, clusters }: Estate): Inventory => {
  if (fabric.interfaces.length === 0) return inventory
  const reaching = reachingIn(fabric)
  return {
    ...inventory,
    clusters: inventory.clusters.map(told => {
      const cluster = clusters.find(({ name }) => name === told.cluster)
      if (cluster === undefined) return told
      const nodes = nodesIn(fabric, cluster)
      const ports = new Map(cluster.services.map(({ ref, ports: own }) => [idOf(ref), own]))
      const from = (open: readonly Port[]): readonly ReachedFrom[] | null =>
        nodes.length === 0 || open.length === 0 ? null : reaching(nodes, open)
      return {
        ...told,
        services: told.services.map(service => ({
          ...service,
          reachedFrom: from(
            (ports.get(service.id) ?? []).flatMap(({ nodePort, protocol }) =>
              nodePort === null ? [] : [{ port: nodePort, protocol }],
            ),
          ),
        })),
        hostPorts: told.hostPorts.map(entry => ({ ...entry, reachedFrom: from([entry]) })),
      }
    }),
  }
}

interface Port {
  readonly port: number
  readonly protocol: string
}

/** Nodes that the network treats alike, as one with the addresses of all, and how many they are. */
interface Nodes {
  readonly to: NetworkInterface
  readonly count: number
}

const nodesIn = (fabric: Fabric, cluster: Cluster): readonly Nodes[] => {
  const { ofNode } = machinesIn(fabric)
  const all = cluster.nodes.flatMap(node => ofNode(node) ?? [])
  return [...Map.groupBy(all, siteKey).values()].map(same => ({
    to: {
      ...(same[0] as NetworkInterface),
      addresses: same.flatMap(({ addresses }) => addresses),
      publicAddresses: same.flatMap(({ publicAddresses }) => publicAddresses),
    },
    count: same.length,
  }))
}

const reachingIn = (fabric: Fabric): ((nodes: readonly Nodes[], open: readonly Port[]) => readonly ReachedFrom[]) => {
  const inbound = lazily(() => {
    const table = trafficTable()
    return [walkerIn(fabric, 4, table).inbound, walkerIn(fabric, 6, table).inbound] as const
  })
  const known = new Map<string, readonly ReachedFrom[]>()
  return (nodes, open) => {
    const key = JSON.stringify([nodes.map(({ to }) => to.id), open.map(({ port, protocol }) => [port, protocol])])
    const before = known.get(key)
    if (before !== undefined) return before
    const traffic = unionOfTraffics(open.flatMap(trafficOf))
    const found = nodes.flatMap(({ to, count }) =>
      inbound().flatMap(of => of(to, traffic).map(one => ({ one, addresses: inBoth(one), count, to }))),
    )
    const made = [...Map.groupBy(found, ({ one }) => JSON.stringify([one.from, one.id])).values()]
      .map(together)
      .sort((a, b) => compareText(a.from, b.from) || compareText(a.id ?? '', b.id ?? ''))
    known.set(key, made)
    return made
  }
}

const together = (
  same: readonly {
    readonly one: Inbound<Family>
    readonly addresses: Addresses
    readonly count: number
    readonly to: NetworkInterface
  }[],
): ReachedFrom => {
  // What is certain of some is told of those.
  const sure = same.filter(({ one }) => one.verdict === 'allowed')
  const told = sure.length > 0 ? sure : same
  const [first] = told as readonly [(typeof same)[number], ...(typeof same)[number][]]
  const ranges = printAddresses(told.map(({ addresses }) => addresses).reduce(bothFamilies.union))
  return {
    from: first.one.from,
    id: first.one.id,
    ranges: ranges.slice(0, SHOWN),
    more: Math.max(0, ranges.length - SHOWN),
    verdict: first.one.verdict,
    nodes: [...new Map(told.map(({ to, count }) => [to.id, count])).values()].reduce((sum, one) => sum + one, 0),
    via: first.one.hops.map(({ id }) => id),
  }
}

const SHOWN = 8

const inBoth = ({ addresses }: Inbound<Family>): Addresses =>
  addresses.family === 4
    ? { v4: addresses as AddressSet<4>, v6: addresses6.empty }
    : { v4: addresses4.empty, v6: addresses as AddressSet<6> }

const trafficOf = ({ port, protocol }: Port): readonly Traffic[] => {
  const [number, range] = [readProtocol(protocol), portRange(port, port)]
  if (number.kind === 'refused' || range.kind === 'refused') return []
  const known = ([TCP, UDP, SCTP] as const).find(one => one === number.value)
  return known === undefined ? [] : [portTraffic(known, range.value)]
}
