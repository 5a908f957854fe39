import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { ExitPoint, Tunnel } from '../model/inventory.ts'
import type { Container, Workload } from '../model/workload.ts'
import { commandLines } from './command-lines.ts'
import { imageName } from './image.ts'
import { selectsWorkload } from './services.ts'

/** Forward proxies by the image that runs them. Names: the projects' published images. */
const PROXIES: ReadonlyMap<string, string> = new Map([
  ['squid', 'Squid'],
  ['squid-openssl', 'Squid'],
  ['tinyproxy', 'Tinyproxy'],
  ['privoxy', 'Privoxy'],
  ['mitmproxy', 'mitmproxy'],
  ['3proxy', '3proxy'],
  ['gost', 'GOST'],
  ['danted', 'Dante'],
  ['dante', 'Dante'],
  ['smokescreen', 'Smokescreen'],
  ['ss-server', 'Shadowsocks'],
  ['v2ray', 'V2Ray'],
  ['xray', 'Xray'],
  ['microsocks', 'microsocks'],
  ['socks5', 'SOCKS'],
  ['go-socks5-proxy', 'SOCKS'],
  ['dumbproxy', 'dumbproxy'],
])

/** By its image, or by the settings it mounts. */
export const proxyProductIn = (cluster: Cluster, workload: Workload): string | null => {
  const mounted = cluster.proxies.find(
    proxy =>
      proxy.ref.namespace === workload.namespace &&
      workload.shape.volumes.some(({ source }) => source.kind === 'configMap' && source.name === proxy.ref.name),
  )
  return proxyProduct(workload) ?? mounted?.product ?? null
}

export const proxyProduct = (workload: Workload): string | null => {
  for (const container of workload.shape.containers) {
    const product = PROXIES.get(imageName(container.image).base)
    if (product !== undefined) return product
  }
  return null
}

/** Gateways and proxies that others leave by. */
export const exitsOf = (cluster: Cluster): readonly ExitPoint[] => [
  ...cluster.egressGateways.map(gateway => ({
    id: idOf(gateway.ref),
    kind: 'egress-gateway' as const,
    product: gateway.product,
    addresses: gateway.egressAddresses,
  })),
  ...cluster.workloads.filter(isMeshEgressGateway).map(workload => ({
    id: idOf(workload.ref),
    kind: 'mesh-egress-gateway' as const,
    product: 'istio',
    addresses: serviceAddresses(cluster, workload),
  })),
  ...cluster.workloads.flatMap(workload => {
    const product = proxyProductIn(cluster, workload)
    return product === null
      ? []
      : [{ id: idOf(workload.ref), kind: 'proxy' as const, product, addresses: serviceAddresses(cluster, workload) }]
  }),
]

export const isMeshEgressGateway = (workload: Workload): boolean =>
  workload.shape.labels.get('istio') === 'egressgateway' ||
  (/egress-?gateway/.test(workload.ref.name) &&
    workload.shape.containers.some(container => imageName(container.image).base === 'proxyv2'))

const serviceAddresses = (cluster: Cluster, workload: Workload): readonly string[] =>
  cluster.services
    .filter(service => service.namespace === workload.namespace && selectsWorkload(service, workload))
    .flatMap(service => service.clusterIPs.filter(address => address !== 'None'))

/** Software whose purpose is a way out that no route table shows. Names: the projects' published images. */
const TUNNEL_IMAGES: ReadonlyMap<string, string> = new Map([
  ['tailscale', 'Tailscale'],
  ['k8s-operator', 'Tailscale operator'],
  ['cloudflared', 'Cloudflare Tunnel'],
  ['ngrok', 'ngrok'],
  ['ngrok-operator', 'ngrok'],
  ['wireguard', 'WireGuard'],
  ['wg-easy', 'WireGuard'],
  ['openvpn', 'OpenVPN'],
  ['openvpn-client', 'OpenVPN'],
  ['dockovpn', 'OpenVPN'],
  ['zerotier', 'ZeroTier'],
  ['netbird', 'NetBird'],
  ['netmaker', 'Netmaker'],
  ['netclient', 'Netmaker'],
  ['frpc', 'frp'],
  ['frps', 'frp'],
  ['frp', 'frp'],
  ['chisel', 'Chisel'],
  ['bore', 'bore'],
  ['rathole', 'rathole'],
  ['inlets', 'inlets'],
  ['localtunnel', 'localtunnel'],
  ['twingate', 'Twingate connector'],
  ['connector', 'Twingate connector'],
  ['tor', 'Tor'],
  ['tor-proxy', 'Tor'],
  ['gluetun', 'VPN client'],
  ['strongswan', 'IPsec'],
  ['libreswan', 'IPsec'],
  ['softether', 'SoftEther'],
  ['nebula', 'Nebula'],
  ['headscale-client', 'Tailscale'],
  ['teleport-kube-agent', 'Teleport agent'],
  ['pritunl', 'Pritunl'],
  ['autossh', 'SSH'],
  ['teleport-distroless', 'Teleport agent'],
  ['wireguard-go', 'WireGuard'],
  ['wstunnel', 'wstunnel'],
  ['ziti-router', 'OpenZiti'],
  ['ziti-edge-tunnel', 'OpenZiti'],
  ['firezone-gateway', 'Firezone'],
  ['sing-box', 'sing-box'],
])
/** Names that say little: what the rest of the path must hold. */
const AMBIGUOUS: ReadonlyMap<string, string> = new Map([
  ['connector', 'twingate'],
  ['k8s-operator', 'tailscale'],
  ['nebula', 'slackhq'],
])
/** The place of a program in a command line: its beginning, or after what a shell starts the next one with. */
const program = (names: string, then = String.raw`(?=\s|$)`): RegExp =>
  new RegExp(String.raw`(^|[\s;&|(])(\S{0,200}/)?(${names})${then}`)
const TUNNEL_COMMANDS: readonly (readonly [RegExp, string])[] = [
  [
    program(
      'cloudflared|ngrok|tailscaled?|frpc|chisel|boringtun|wireguard-go|wg-quick|openvpn|zerotier-one|inlets|rathole|gost|wstunnel',
    ),
    'tunnel client',
  ],
  // Options of ssh that forward: -R, -L, -D, -w, alone or after others without a value.
  [program('ssh', String.raw`\s(?:[^;&|]{0,500}\s)?-[46AaCfGgKkMNnqsTtVvXxYy]*[RLDw](?=[\s\d:*[]|$)`), 'SSH forward'],
  [program('ssh', String.raw`\s(?:[^;&|]{0,500}\s)?-o\s*(?:Dynamic|Local|Remote)Forward`), 'SSH forward'],
  [program('autossh'), 'SSH forward'],
  [
    program('socat|ncat|nc', String.raw`\s(?:[^;&|]{0,500}[\s,:])?(EXEC|exec|SYSTEM|fork|-[a-z]*[ec])(?=[\s,:]|$)`),
    'socket relay',
  ],
  [/\b(ba|z)?sh\s+-i\b.*\/dev\/(tcp|udp)\//, 'shell handed to an outside listener'],
  [program('iodined?|dnscat2?|dns2tcpc?'), 'DNS tunnel'],
  [program('kubectl', String.raw`\s(?:[^;&|]{0,500}\s)?port-forward(?=\s|$)`), 'port forward'],
]

export const tunnelsOf = (cluster: Cluster): readonly Tunnel[] =>
  cluster.workloads.flatMap(workload => {
    const tunnel = tunnelOf(workload)
    return tunnel === null ? [] : [{ id: idOf(workload.ref), product: tunnel.product, evidence: tunnel.evidence }]
  })

/** The tunnel that a workload runs, and the first container that shows it; null there when only a volume does. */
export const tunnelOf = (
  workload: Workload,
): (Omit<Tunnel, 'id'> & { readonly container: Container | null }) | null => {
  const evidence: string[] = []
  let shown: Container | null = null
  let product: string | null = null
  for (const container of workload.shape.containers) {
    const { base, path } = imageName(container.image)
    const known = TUNNEL_IMAGES.get(base)
    if (known !== undefined && (!AMBIGUOUS.has(base) || path.includes(AMBIGUOUS.get(base) ?? ''))) {
      product ??= known
      shown ??= container
      evidence.push(`image ${container.image}`)
    }
    const lines = commandLines(container)
    const spoken = TUNNEL_COMMANDS.flatMap(([words, what]) => {
      const said = lines.map(line => words.exec(line)?.[0].trim()).find(Boolean)
      return said === undefined ? [] : [{ what, said }]
    })[0]
    if (spoken !== undefined) {
      product ??= spoken.what
      shown ??= container
      evidence.push(`\`${spoken.said.replace(/\s+/g, ' ').slice(0, 60)}\` in the command of \`${container.name}\``)
    }
  }
  const device = workload.shape.volumes.find(
    volume => volume.source.kind === 'hostPath' && volume.source.path === '/dev/net/tun',
  )
  if (device !== undefined) {
    product ??= 'tunnel device'
    evidence.push('device /dev/net/tun')
  }
  if (
    product !== null &&
    workload.shape.containers.some(container => container.capabilitiesAdded.includes('NET_ADMIN'))
  )
    evidence.push('capability NET_ADMIN')
  return product === null ? null : { product, evidence: [...new Set(evidence)], container: shown }
}
