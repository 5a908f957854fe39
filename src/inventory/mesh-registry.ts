import type { Cluster } from '../model/cluster.ts'
import type { ExternalHosts, HostPort } from '../model/dialects.ts'
import type { MeshConfig, MeshGrant, MeshReason } from '../model/mesh.ts'
import type { Service } from '../model/service.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { TCP } from '../sets/protocol.ts'
import { portsTraffic } from './listening.ts'
import { ANYWHERE, NOWHERE, patternsOf, placeOf } from './mesh-boxes.ts'
import type { MeshScope } from './mesh-scope.ts'
import { isExported, isImported } from './mesh-visible.ts'

/**
 * What the registry lets a proxy of a namespace send outside. By HTTP the proxy goes by the host that a request names, by TLS by
 * the server name; both are written by the sender. Where an entry resolves nothing it goes wherever the sender wanted to, else to
 * the entry’s own endpoints.
 * Source: istio.io reference, ServiceEntry, `resolution`, `exportTo`; istio/istio, pilot/pkg/networking/core, listener.go and
 * tls.go: an HTTP listener for each port and all addresses, one for each address of TCP, and TLS by server name;
 * pilot/pkg/serviceregistry/serviceentry, `convertEndpoint`: the endpoint’s own port, then `targetPort`, then the entry’s;
 * `convertServices`, `PassthroughTargetPorts`: without a resolution `targetPort` counts since 1.22 (its upgrade notes).
 */
export const registryGrants = (
  cluster: Cluster,
  namespace: string,
  scope: MeshScope,
  config: MeshConfig | null,
): readonly MeshGrant[] => {
  const byDefault = config?.exportTo ?? []
  const routed = destinationsIn(cluster, namespace)
  const known = (host: string, owner: string, exportTo: readonly string[]): readonly number[] | 'all' | null => {
    if (!isExported(exportTo, byDefault, owner, namespace)) return null
    if (routed.has(host)) return 'all'
    const found = isImported(scope.imports, host, owner, namespace)
    return found.kind === 'known' ? found.ports : null
  }
  return [
    ...cluster.mesh.externalHosts.flatMap(entry =>
      entry.hosts.flatMap(host => {
        const ports = known(host, entry.namespace, entry.exportTo)
        if (ports === null) return []
        return entry.ports
          .filter(({ number }) => number !== null && (ports === 'all' || ports.includes(number)))
          .flatMap(port => grantsOnce(entry, host, port))
      }),
    ),
    ...cluster.services.flatMap(service => {
      if (!leadsOut(service)) return []
      const ports = known(nameOf(service), service.namespace, exportOf(service))
      return ports === null ? [] : serviceGrants(service, ports)
    }),
  ]
}

/** Hosts to which routes of the mesh send what a namespace sends: its proxies know them, whatever they import. */
const destinationsIn = (cluster: Cluster, namespace: string): ReadonlySet<string> =>
  new Set(
    cluster.mesh.routes
      .filter(
        route =>
          (route.gateways.length === 0 || route.gateways.includes('mesh')) &&
          isExported(route.exportTo, [], route.namespace, namespace),
      )
      .flatMap(route => route.rules.flatMap(rule => rule.destinations)),
  )

const byPort = new WeakMap<HostPort, Map<string, readonly MeshGrant[]>>()

/** Who knows a host is told the same of it: one list for all namespaces. A port stands in one entry alone. */
const grantsOnce = (entry: ExternalHosts, host: string, port: HostPort): readonly MeshGrant[] => {
  const known = byPort.get(port) ?? new Map<string, readonly MeshGrant[]>()
  byPort.set(port, known)
  const grants = known.get(host) ?? entryGrants(entry, host, port)
  known.set(host, grants)
  return grants
}

const entryGrants = (entry: ExternalHosts, host: string, port: HostPort): readonly MeshGrant[] => {
  const speaks = protocolOf(port.protocol)
  if (speaks === 'udp' || port.number === null) return []
  const because: MeshReason = { of: entry, at: ['spec'], says: '' }
  const own = entry.addresses
    .map(placeOf)
    .reduce<Addresses>((all, one) => bothFamilies.union(all, one ?? ANYWHERE), NOWHERE)
  const names = patternsOf([host])
  const grant = (
    holds: MeshGrant['holds'],
    addresses: Addresses,
    ports: readonly number[],
    says: string,
  ): MeshGrant => ({
    addresses,
    traffic: portsTraffic(TCP, ports),
    holds,
    names: names.length === 0 ? null : names,
    because: { ...because, says },
  })
  if (entry.resolution === 'NONE' && !entry.selectsEndpoints && entry.endpoints.length === 0) {
    const within = bothFamilies.isEmpty(own) ? ANYWHERE : own
    const target = port.targetPort || port.number
    const taken: MeshGrant =
      speaks === 'tcp'
        ? { ...grant('certainly', within, [port.number], `lets this port out to ${placesIn(entry)}`), names: null }
        : speaks === 'tls'
          ? grant('if-named', within, [port.number], `trusts the server name \`${host}\`, at ${placesIn(entry)}`)
          : grant(
              'if-named',
              ANYWHERE,
              [port.number],
              `trusts the host \`${host}\` that a request names, at any address`,
            )
    if (target === port.number) return [taken]
    // Who asks for the port is taken by every version, and connected to one port or the other.
    const says = `${taken.because.says}, and may connect to port ${target} instead`
    const isAnywhere = bothFamilies.isEmpty(own) || speaks !== 'tcp'
    const first = grant('by-version', taken.addresses, [port.number], says)
    return [
      isAnywhere ? first : { ...first, names: null },
      { ...grant('by-version', taken.addresses, [target], says), names: null },
    ]
  }
  /** Nothing listens for the endpoint at the entry’s port: who asks for the host there is connected to the endpoint’s own. */
  const fixedGrants = (address: string, place: Addresses, target: number): readonly MeshGrant[] => {
    const there = grant('certainly', place, [target], `\`${host}\` is at ${address}`)
    return target === port.number
      ? [there]
      : [there, grant('resolved', NOWHERE, [port.number as number], `leads to ${address} at port ${target}`)]
  }
  const ports: readonly number[] = [port.number, port.targetPort || port.number]
  const vip = bothFamilies.isEmpty(own)
    ? []
    : [grant('certainly', own, [port.number], `its own addresses stand for \`${host}\``)]
  const byEndpoint = entry.endpoints.flatMap(({ address, ports: byName }): readonly MeshGrant[] => {
    const target = byName.get(port.name ?? '') || port.targetPort || (port.number as number)
    const place = placeOf(address)
    if (place !== null) return fixedGrants(address, place, target)
    const resolved = grant(
      'resolved',
      ANYWHERE,
      [port.number as number, target],
      `leads to what \`${address}\` resolves to`,
    )
    return [{ ...resolved, names: [...names, ...patternsOf([address])] }]
  })
  if (entry.selectsEndpoints)
    return [...vip, grant('resolved', ANYWHERE, ports, `\`${host}\` is where its labels select endpoints`)]
  if (entry.endpoints.length > 0) return [...vip, ...byEndpoint]
  if (entry.resolution === 'STATIC') return vip
  return [...vip, grant('resolved', ANYWHERE, ports, `leads to what \`${host}\` resolves to`)]
}

const placesIn = ({ addresses }: ExternalHosts): string =>
  addresses.length === 0 ? 'any address' : addresses.join(', ')

/** Source: istio.io, "Protocol Selection". What is not known is told apart by the proxy itself. */
const protocolOf = (text: string | null): 'http' | 'tls' | 'tcp' | 'udp' => {
  const upper = (text ?? '').toUpperCase()
  if (/^(HTTP|HTTP2|GRPC|GRPC-WEB|HTTP_PROXY)$/.test(upper)) return 'http'
  if (upper === 'HTTPS' || upper === 'TLS') return 'tls'
  return upper === 'UDP' ? 'udp' : 'tcp'
}

/** Only of these do packets to addresses outside go past a Service’s own: the rest leads to pods. */
const leadsOut = (service: Service): boolean =>
  service.headless || service.externalName !== null || service.endpoints.some(({ pod }) => pod === null)

const nameOf = ({ ref, namespace }: Service): string => `${ref.name}.${namespace}.svc.cluster.local`

/** Source: istio.io, "Resource Annotations". */
const exportOf = ({ annotations }: Service): readonly string[] =>
  (annotations.get('networking.istio.io/exportTo') ?? '').split(',').flatMap(part => part.trim() || [])

const serviceGrants = (service: Service, known: readonly number[] | 'all'): readonly MeshGrant[] => {
  const grant = (
    holds: MeshGrant['holds'],
    addresses: Addresses,
    ports: readonly number[],
    names: MeshGrant['names'],
    says: string,
  ): MeshGrant => ({
    addresses,
    traffic: portsTraffic(TCP, ports),
    holds,
    names,
    because: { of: service, at: ['spec'], says },
  })
  const endpoints = service.endpoints
    .map(({ address, pod }) => (pod === null ? placeOf(address) : null))
    .reduce<Addresses>((all, one) => (one === null ? all : bothFamilies.union(all, one)), NOWHERE)
  const own = patternsOf([nameOf(service)])
  return service.ports
    .filter(({ port, protocol }) => protocol === 'TCP' && (known === 'all' || known.includes(port)))
    .flatMap(({ name, port, targetPort }): readonly MeshGrant[] => {
      const target = /^\d+$/.test(targetPort ?? '') ? Number(targetPort) : port
      return [
        ...(bothFamilies.isEmpty(endpoints)
          ? []
          : [grant('certainly', endpoints, [port, target], own, 'its endpoints stand outside')]),
        ...(service.externalName === null
          ? []
          : [
              grant(
                'resolved',
                ANYWHERE,
                [port, target],
                patternsOf([service.externalName]),
                `leads to what \`${service.externalName}\` resolves to`,
              ),
            ]),
        ...(service.headless
          ? wherever(service, name, port).map(([holds, says]) => grant(holds, ANYWHERE, [port], own, says))
          : []),
      ]
    })
}

/**
 * A Service without an address of its own goes wherever the sender wanted to, if its port speaks HTTP: by its name, or by its
 * `appProtocol`, which is not read. Source: istio.io, "Protocol Selection".
 */
const wherever = (
  service: Service,
  portName: string | null,
  port: number,
): readonly (readonly [MeshGrant['holds'], string])[] => {
  const name = (portName ?? '').toLowerCase()
  if (/^(tcp|tls|https|udp|mongo|mysql|redis)(-|$)/.test(name)) return []
  return /^(http|http2|grpc|grpc-web)(-|$)/.test(name)
    ? [['if-named', `trusts the host \`${nameOf(service)}\` that a request names, at any address`]]
    : [['resolved', `its port ${port} may speak HTTP, and then it trusts the host that a request names`]]
}
