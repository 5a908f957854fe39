import type { Cluster } from '../model/cluster.ts'
import type { MeshGateway, MeshRoute } from '../model/dialects.ts'
import type { Relay, RelayGrant } from '../model/relay.ts'
import type { Doubt } from '../model/rule.ts'
import type { Workload } from '../model/workload.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { portSets } from '../sets/port-set.ts'
import { TCP } from '../sets/protocol.ts'
import { portTraffic, type Traffic } from '../sets/traffic.ts'
import { isMeshEgressGateway } from './exits.ts'
import { portsTraffic, targetsOf } from './listening.ts'
import { hasSidecar } from './mesh.ts'
import { common } from './proxy-rules.ts'

/**
 * Egress gateways of a mesh: they send on the hosts that routes bind to them, to whoever connects. With the mesh’s own
 * certificates only its members do, and whether a gateway asks for those is not in what was read.
 * Source: istio.io, "Egress Gateways"; reference of Gateway, `selector` and `servers.hosts`, and VirtualService, `gateways`.
 */
export const gatewayRelays = (cluster: Cluster): readonly Relay[] => {
  const { gateways } = cluster.mesh
  if (gateways.length === 0) return []
  const members = memberCache(cluster)
  return cluster.workloads.filter(isMeshEgressGateway).flatMap((workload): readonly Relay[] => {
    const own = gateways.filter(({ selector }) =>
      [...selector].every(([key, value]) => workload.shape.labels.get(key) === value),
    )
    const grants = own.flatMap(gateway => grantsOf(cluster, workload, gateway, members()))
    return grants.length === 0
      ? []
      : [
          {
            of: workload,
            entrances: [{ at: { kind: 'pods', workload }, traffic: portsOf(cluster, workload), doubt: null }],
            grants,
            because: [{ of: workload, at: workload.shapePath, says: 'is an egress gateway of the mesh' }],
          },
        ]
  })
}

/** What Services lead to, or what is declared, without the ports that the proxy keeps to itself. */
const portsOf = (cluster: Cluster, workload: Workload): Traffic => {
  const targeted = targetsOf(cluster, workload, 'TCP').map(({ target }) => target)
  const declared = workload.shape.containers.flatMap(({ ports }) =>
    ports.flatMap(({ protocol, port }) => (protocol === 'TCP' ? [port] : [])),
  )
  const ports = [...targeted, ...declared].filter(port => !(port >= OWN_FROM && port <= OWN_TO))
  return ports.length === 0 ? portTraffic(TCP, portSets.full) : portsTraffic(TCP, ports)
}

/** Source: istio.io, "Application Requirements", ports used by Istio. */
const [OWN_FROM, OWN_TO] = [15000, 15099]

const grantsOf = (
  cluster: Cluster,
  workload: Workload,
  gateway: MeshGateway,
  members: ReadonlySet<Workload>,
): readonly RelayGrant[] => {
  const served = gateway.hosts.flatMap(host => patternOf(host.slice(host.indexOf('/') + 1)))
  return cluster.mesh.routes
    .filter(route => isBound(route, gateway))
    .flatMap((route): readonly RelayGrant[] => {
      const patterns = common(route.hosts.flatMap(patternOf), served)
      if (patterns.length === 0) return []
      const { traffic, doubt } = portsOfHosts(cluster, route.hosts)
      return [
        {
          to: { kind: 'names', patterns },
          traffic,
          as: workload,
          admits: { kind: 'workloads', workloads: members, doubt: CERTIFICATE_OPEN },
          doubts: doubt === null ? [] : [doubt],
          because: [
            { of: gateway, at: ['spec', 'servers'], says: 'the gateway listens for these hosts' },
            { of: route, at: ['spec'], says: 'a route bound to the gateway sends them on' },
          ],
        },
      ]
    })
}

/** `gateway` of the route’s namespace, or `namespace/gateway`. */
const isBound = ({ namespace, gateways, rules }: MeshRoute, gateway: MeshGateway): boolean =>
  [...gateways, ...rules.flatMap(rule => rule.gateways)].some(
    name =>
      name === `${gateway.namespace}/${gateway.ref.name}` ||
      (name === gateway.ref.name && namespace === gateway.namespace),
  )

/** `*.example.com` matches any number of labels. Source: istio.io, reference of ServiceEntry, `hosts`. */
const patternOf = (host: string): readonly NamePattern[] => {
  const read = readNamePattern(host.startsWith('*.') ? `*${host}` : host)
  return read.kind === 'read' ? [read.value] : []
}

const portsOfHosts = (cluster: Cluster, hosts: readonly string[]): { traffic: Traffic; doubt: Doubt | null } => {
  const entries = cluster.mesh.externalHosts.filter(entry => entry.hosts.some(host => hosts.includes(host)))
  const ports = entries.flatMap(entry => entry.ports.flatMap(({ number }) => number ?? []))
  return ports.length === 0
    ? { traffic: portTraffic(TCP, portSets.full), doubt: PORT_OPEN }
    : { traffic: portsTraffic(TCP, ports), doubt: null }
}

const memberCache = (cluster: Cluster): (() => ReadonlySet<Workload>) => {
  let known: ReadonlySet<Workload> | null = null
  return () => {
    known ??= new Set(cluster.workloads.filter(workload => hasSidecar(cluster, workload)))
    return known
  }
}

const CERTIFICATE_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether the gateway serves pods without a sidecar hangs on the TLS mode of its servers',
  settledBy: 'a connection from such a pod to the gateway',
}

const PORT_OPEN: Doubt = {
  level: 'unknown',
  why: 'no ServiceEntry for the hosts says on which ports they are reached',
  settledBy: 'the ServiceEntry of the hosts',
}
