import { at, field, type Json, type JsonObject, list, text } from '../../../model/json.ts'
import { isProxyKey } from '../redact/environment.ts'
import type { ConfigMapData } from '../redact.ts'
import { KNOWN_CONFIG_MAPS } from './config-map-names.ts'

/** ConfigMaps that workloads name, by `namespace/name`, and how much of each is kept. */
export type NamedConfigMaps = Map<string, ConfigMapData>

/**
 * Programs that forward, translate or resolve: what they mount says where traffic goes. By a word of the image's last
 * path segment: `registry.example/x/envoy-distroless:v1.30` holds `envoy`.
 */
const FORWARDERS: ReadonlySet<string> = new Set([
  ...['squid', 'envoy', 'haproxy', 'tinyproxy', 'privoxy', 'mitmproxy', 'dante', 'sockd', '3proxy', 'gost', 'nginx'],
  ...[
    'traefik',
    'caddy',
    'smokescreen',
    'stunnel',
    'ghostunnel',
    'microsocks',
    'shadowsocks',
    'v2ray',
    'xray',
    'hysteria',
  ],
  ...['cloudflared', 'frpc', 'frps', 'chisel', 'wireguard', 'openvpn', 'gluetun', 'tailscale', 'ngrok', 'inlets'],
  ...['coredns', 'unbound', 'dnsmasq', 'bind9', 'pihole', 'adguardhome', 'dnscrypt', 'kresd', 'node-cache'],
  ...['cilium', 'calico', 'flannel', 'antrea', 'pilot', 'istiod', 'ztunnel', 'masq', 'kube-proxy'],
])

/** Public certificates that every namespace gets a copy of. */
const PUBLIC: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'istio-ca-root-cert', 'openshift-service-ca.crt'])

/** Adds the ConfigMaps that a pod or a pod template names; a whole reading wins over one for its environment. */
export const noteConfigMaps = (body: JsonObject, named: NamedConfigMaps): void => {
  const namespace = text(at(body, 'metadata', 'namespace')) ?? 'default'
  const spec = podSpecOf(body)
  if (spec === undefined) return
  const asked = KNOWN_CONFIG_MAPS.get(namespace) ?? []
  const note = (name: Json | undefined, data: ConfigMapData): void => {
    if (typeof name !== 'string' || name === '' || PUBLIC.has(name) || asked.includes(name)) return
    const key = `${namespace}/${name}`
    if (named.get(key) !== 'whole') named.set(key, data)
  }
  const volumes = new Map(list(field(spec, 'volumes')).map(volume => [text(field(volume, 'name')) ?? '', volume]))
  for (const container of ['containers', 'initContainers', 'ephemeralContainers'].flatMap(key =>
    list(field(spec, key)),
  )) {
    const forwards = isForwarder(text(field(container, 'image')) ?? '')
    for (const source of list(field(container, 'envFrom')))
      note(at(source, 'configMapRef', 'name'), forwards ? 'whole' : 'environment')
    for (const variable of list(field(container, 'env'))) {
      if (!forwards && !isProxyKey(text(field(variable, 'name')) ?? '')) continue
      note(at(variable, 'valueFrom', 'configMapKeyRef', 'name'), forwards ? 'whole' : 'environment')
    }
    if (!forwards) continue
    for (const mount of list(field(container, 'volumeMounts'))) {
      const volume = volumes.get(text(field(mount, 'name')) ?? '')
      note(at(volume, 'configMap', 'name'), 'whole')
      for (const source of list(at(volume, 'projected', 'sources'))) note(at(source, 'configMap', 'name'), 'whole')
    }
  }
}

const podSpecOf = (body: JsonObject): Json | undefined => {
  switch (field(body, 'kind')) {
    case 'Pod':
      return field(body, 'spec')
    case 'CronJob':
      return at(body, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
    default:
      return at(body, 'spec', 'template', 'spec')
  }
}

const isForwarder = (image: string): boolean => {
  const base = (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0]?.toLowerCase() ?? ''
  if (FORWARDERS.has(base)) return true
  return [...FORWARDERS].some(name => base.includes(name) && new RegExp(`(?:^|[-_.])${name}(?:$|[-_.])`).test(base))
}
