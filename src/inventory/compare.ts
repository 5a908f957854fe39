import type { InventoryChange, InventoryDiff } from '../model/diff.ts'
import type { ClusterInventory, HostPrivilegedWorkload, Inventory } from '../model/inventory.ts'
import { compareText } from '../model/order.ts'

/**
 * One line of an inventory. `openness` orders the values that one entry may take: a public load balancer is more open
 * than an internal one, a namespace with default deny less open than one without. 0 is "not there".
 */
interface Entry {
  readonly cluster: string
  readonly kind: string
  readonly id: string
  readonly what: string
  readonly openness: number
}

/** Compares two inventories entry by entry; entries are known by cluster, kind and id. */
export const compareInventories = (before: Inventory, after: Inventory): InventoryDiff => {
  const old = entriesByKey(before)
  const now = entriesByKey(after)
  const changes: InventoryChange[] = []
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const left = old.get(key)
    const right = now.get(key)
    if (left?.what === right?.what) continue
    const { cluster, kind, id } = (right ?? left) as Entry
    const difference = (right?.openness ?? 0) - (left?.openness ?? 0)
    changes.push({
      cluster,
      kind,
      id,
      before: left?.what ?? null,
      after: right?.what ?? null,
      effect: difference > 0 ? 'opens' : difference < 0 ? 'closes' : 'neutral',
    })
  }
  changes.sort((a, b) => compareText(a.cluster, b.cluster) || compareText(a.kind, b.kind) || compareText(a.id, b.id))
  return {
    changes,
    opened: changes.filter(change => change.effect === 'opens').length,
    closed: changes.filter(change => change.effect === 'closes').length,
  }
}

const entriesByKey = (inventory: Inventory): ReadonlyMap<string, Entry> =>
  new Map(
    inventory.clusters.flatMap(entriesOf).map(entry => [JSON.stringify([entry.cluster, entry.kind, entry.id]), entry]),
  )

const entriesOf = (cluster: ClusterInventory): readonly Entry[] => {
  const entry = (kind: string, id: string, what: string, openness: number): Entry => ({
    cluster: cluster.cluster,
    kind,
    id,
    what,
    openness,
  })
  const { dataplane, dns, controls } = cluster
  return [
    ...cluster.services.map(service =>
      entry(
        'service',
        service.id,
        [
          service.exposures.join('+'),
          service.ports.join(' '),
          service.addresses.join(' '),
          service.sourceRanges.join(' '),
          service.target.join(' '),
        ]
          .filter(Boolean)
          .join(' · '),
        service.exposures.includes('load-balancer-public')
          ? 3
          : service.exposures.includes('load-balancer-internal')
            ? 1
            : 2,
      ),
    ),
    ...cluster.hostPorts.map(port =>
      entry('host port', `${port.id} ${port.port}/${port.protocol}`, port.hostIP ?? 'every address', 1),
    ),
    ...cluster.hostPrivileged.map(workload =>
      entry('host privilege', workload.id, usesOf(workload).join(', '), usesOf(workload).length),
    ),
    ...cluster.exits.map(exit =>
      entry('exit', exit.id, `${exit.kind} ${exit.product} ${exit.addresses.join(' ')}`.trim(), 1),
    ),
    ...cluster.tunnels.map(tunnel => entry('tunnel', tunnel.id, tunnel.product, 1)),
    ...cluster.secondaryNetworks.map(network => entry('second network', network.id, network.networks.join(', '), 1)),
    ...cluster.nodesWithPublicAddress.map(node => entry('public address', node.id, node.addresses.join(', '), 1)),
    entry('dataplane', 'profile', dataplane.profile, 0),
    entry('dataplane', 'enforces policy', String(dataplane.enforcesPolicy), dataplane.enforcesPolicy === true ? -1 : 0),
    entry('dataplane', 'kube-proxy', dataplane.kubeProxy.replacedBy ?? dataplane.kubeProxy.mode ?? 'unknown', 0),
    ...dataplane.cnis.map(cni => entry('network plugin', cni.name, cni.version ?? 'unknown version', 0)),
    ...dataplane.settings.map(setting => entry('setting', `${setting.object} ${setting.name}`, setting.value, 0)),
    ...dns.forwards.map(forward =>
      entry(
        'dns forward',
        `${forward.object} ${forward.zone}`,
        `${forward.upstreams.join(' ')} (${forward.protocol})`,
        1,
      ),
    ),
    ...dns.custom.map(custom => entry('own resolver', custom.id, custom.why, 1)),
    entry(
      'log',
      'dns queries',
      dns.queryLog.state,
      dns.queryLog.state === 'on' ? -2 : dns.queryLog.state === 'partial' ? -1 : 0,
    ),
    ...cluster.mesh.map(mesh => entry('mesh', mesh.product, mesh.outbound, mesh.outbound === 'registry-only' ? -1 : 0)),
    ...controls.namespaces.map(({ namespace, defaultDenyEgress }) =>
      entry(
        'default deny',
        namespace,
        defaultDenyEgress,
        { full: -2, partial: -1, none: 0, unknown: 0 }[defaultDenyEgress],
      ),
    ),
    ...controls.namespaces.map(({ namespace, podSecurity }) =>
      entry(
        'pod security',
        namespace,
        podSecurity.enforce ?? 'not enforced',
        podSecurity.enforce === 'restricted' ? -2 : podSecurity.enforce === 'baseline' ? -1 : 0,
      ),
    ),
    ...controls.admission.map(control =>
      entry('admission', control.id, control.action, control.enforces === true ? -1 : 0),
    ),
    ...controls.access.map(access =>
      entry('access', `${access.subject} → ${access.can} → ${access.namespace} (${access.via})`, 'granted', 1),
    ),
    ...controls.flowLogs.map(log =>
      entry('log', log.source, log.state, log.state === 'on' ? -2 : log.state === 'partial' ? -1 : 0),
    ),
  ]
}

const usesOf = (workload: HostPrivilegedWorkload): readonly string[] => [
  ...(workload.hostNetwork ? ['hostNetwork'] : []),
  ...(workload.hostPID ? ['hostPID'] : []),
  ...(workload.hostIPC ? ['hostIPC'] : []),
  ...(workload.hostProcess ? ['hostProcess'] : []),
  ...workload.privileged.map(name => `privileged (${name})`),
  ...workload.capabilities.map(({ container, added }) => `${added.join('+')} (${container})`),
  ...workload.hostPaths.map(({ path }) => `hostPath ${path}`),
  ...workload.ephemeral.map(name => `ephemeral ${name}`),
]
