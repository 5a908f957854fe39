import type { Cluster } from '../model/cluster.ts'
import type { ExternalHosts, MeshGateway, MeshRoute, MeshRouteRule } from '../model/dialects.ts'
import { idOf } from '../model/identity.ts'
import type { MeshConfig, MeshDetour } from '../model/mesh.ts'
import type { Workload } from '../model/workload.ts'
import { TCP } from '../sets/protocol.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import { isMeshEgressGateway } from './exits.ts'
import { portsTraffic } from './listening.ts'
import { patternsOf } from './mesh-boxes.ts'
import type { MeshSubject } from './mesh-member.ts'
import { oncePerCluster } from './mesh-once.ts'
import { isExported } from './mesh-visible.ts'
import { common } from './proxy-rules.ts'
import { selectsWorkload } from './services.ts'

/**
 * Hosts that a workload’s proxy sends through an egress gateway. It takes all of it: an entry that makes the host known, a route
 * that leads sidecars to the gateway, a server of the gateway for the host, and a route that leads on from there. With a part
 * missing the way is direct, or none. An entry that resolves nothing would lead the gateway back to itself.
 * Source: istio.io, "Egress Gateways".
 */
export const detoursOf = (cluster: Cluster, subject: MeshSubject, config: MeshConfig | null): readonly MeshDetour[] => {
  const { mesh } = cluster
  if (mesh.gateways.length === 0 || mesh.routes.length === 0) return []
  const exits = exitsIn(cluster)
  const { namespace } = subject.workload
  return mesh.routes
    .filter(route => isExported(route.exportTo, [], route.namespace, namespace))
    .flatMap(route =>
      route.hosts.flatMap((host): readonly MeshDetour[] => {
        const entries = mesh.externalHosts.filter(
          entry =>
            entry.resolution !== 'NONE' &&
            entry.hosts.includes(host) &&
            isExported(entry.exportTo, config?.exportTo ?? [], entry.namespace, namespace),
        )
        const legs = route.rules.filter(rule => isFirstLeg(route, rule, host, subject))
        return legs.flatMap((leg): readonly MeshDetour[] => {
          const traffic = trafficOf(entries, leg)
          const exit = exits.find(one => leg.destinations.every(to => leadsTo(cluster, to, one)))
          const gateway = exit === undefined ? null : serving(cluster, exit, route, host)
          if (exit === undefined || gateway === null || traffics.isEmpty(traffic)) return []
          return [
            {
              names: patternsOf([host]),
              traffic,
              through: { hop: 'egress-gateway', id: idOf(exit.ref) },
              because: [
                {
                  of: route,
                  at: ['spec'],
                  says: `sidecars send \`${host}\` to the egress gateway, and it sends it on`,
                },
                { of: gateway, at: ['spec', 'servers'], says: 'the gateway listens for it' },
              ],
            },
          ]
        })
      }),
    )
}

const exitsIn = oncePerCluster(cluster => cluster.workloads.filter(isMeshEgressGateway))

/** A rule of the route for what leaves this workload, that asks for nothing else and leads nowhere else. */
const isFirstLeg = (route: MeshRoute, rule: MeshRouteRule, host: string, { workload, shape }: MeshSubject): boolean => {
  const gateways = rule.gateways.length > 0 ? rule.gateways : route.gateways
  return (
    (gateways.length === 0 || gateways.includes('mesh')) &&
    !rule.isNarrower &&
    rule.destinations.length > 0 &&
    (rule.sniHosts.length === 0 || rule.sniHosts.includes(host)) &&
    (rule.sourceNamespace === null || rule.sourceNamespace === workload.namespace) &&
    [...rule.sourceLabels].every(([key, value]) => shape.labels.get(key) === value)
  )
}

const PROTOCOLS: Readonly<Record<MeshRouteRule['protocol'], RegExp>> = {
  http: /^(HTTP|HTTP2|GRPC|GRPC-WEB)$/i,
  tls: /^(TLS|HTTPS)$/i,
  tcp: /^(TCP|MONGO|MYSQL|REDIS)$/i,
}

/** The ports of the host that speak the rule’s protocol, or the one that the rule asks for. */
const trafficOf = (entries: readonly ExternalHosts[], { protocol, port }: MeshRouteRule): Traffic =>
  portsTraffic(
    TCP,
    entries.flatMap(entry =>
      entry.ports.flatMap(one =>
        one.number !== null && PROTOCOLS[protocol].test(one.protocol ?? 'TCP') && (port === null || port === one.number)
          ? [one.number]
          : [],
      ),
    ),
  )

/** `gateway`, or with its namespace and more; a short name is of the route’s own namespace. */
const leadsTo = (cluster: Cluster, destination: string, exit: Workload): boolean =>
  cluster.services.some(
    service =>
      service.namespace === exit.namespace &&
      selectsWorkload(service, exit) &&
      (destination === `${service.ref.name}.${service.namespace}.svc.cluster.local` ||
        destination === `${service.ref.name}.${service.namespace}.svc` ||
        destination === `${service.ref.name}.${service.namespace}` ||
        destination === service.ref.name),
  )

/** A Gateway of the exit that serves the host, and from which a rule leads to the host. */
const serving = (cluster: Cluster, exit: Workload, route: MeshRoute, host: string): MeshGateway | null =>
  cluster.mesh.gateways.find(gateway => {
    const names = [`${gateway.namespace}/${gateway.ref.name}`]
    const isOwn = (from: MeshRoute, name: string): boolean =>
      names.includes(name) || (from.namespace === gateway.namespace && name === gateway.ref.name)
    return (
      [...gateway.selector].every(([key, value]) => exit.shape.labels.get(key) === value) &&
      gateway.servers.some(server => servesHost(server.hosts, host) && isTrusted(cluster, server.tlsMode, exit)) &&
      cluster.mesh.routes
        .filter(other => other === route || other.hosts.includes(host))
        .some(other =>
          other.rules.some(
            rule =>
              (rule.gateways.length > 0 ? rule.gateways : other.gateways).some(name => isOwn(other, name)) &&
              rule.destinations.includes(host) &&
              !rule.isNarrower,
          ),
        )
    )
  }) ?? null

const servesHost = (hosts: readonly string[], host: string): boolean => {
  const own = patternsOf([host])
  const served = patternsOf(hosts.map(text => text.slice(text.indexOf('/') + 1)))
  return common(own, served).length > 0
}

/** A server that asks for the mesh’s own certificates is reached by who has a rule to show them. */
const isTrusted = (cluster: Cluster, mode: string | null, exit: Workload): boolean =>
  mode !== 'ISTIO_MUTUAL' ||
  cluster.mesh.tlsSettings.some(
    ({ host, mode: shown }) =>
      (shown === 'ISTIO_MUTUAL' || shown === null) &&
      cluster.services.some(
        service =>
          service.namespace === exit.namespace &&
          selectsWorkload(service, exit) &&
          host.split('.')[0] === service.ref.name,
      ),
  )
