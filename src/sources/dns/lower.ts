import type { ConfigMap } from '../../model/cluster.ts'
import type { Forward, ResolverConfig, ResolverZone } from '../../model/dns.ts'
import { isObject, type Json, texts } from '../../model/json.ts'
import { type Sourced, sourcedOf } from '../../model/provenance.ts'
import { type CorefilePlugin, parseCorefile, parsePlugins } from './corefile.ts'

const COREDNS = ['coredns', 'rke2-coredns-rke2-coredns', 'dns-default']
const NODE_LOCAL = ['node-local-dns', 'nodelocaldns', 'node-local-dns-config']

/** The resolvers' settings among a cluster's ConfigMaps. */
export const lowerResolvers = (configMaps: readonly ConfigMap[]): readonly ResolverConfig[] => {
  const customs = configMaps.filter(map => map.ref.name === 'coredns-custom')
  return configMaps.flatMap(map => {
    const { name, namespace } = map.ref
    if (name === 'kube-dns') return [lowerKubeDns(map)]
    const corefile = map.data.get('Corefile')
    if (corefile === undefined) return []
    if (COREDNS.includes(name)) {
      return [
        lowerCorefile(map, corefile, 'coredns', customs.find(custom => custom.ref.namespace === namespace) ?? null),
      ]
    }
    return NODE_LOCAL.includes(name) ? [lowerCorefile(map, corefile, 'node-local-dns', null)] : []
  })
}

/**
 * AKS and others mount a second ConfigMap and import it: `*.override` goes into the root block, `*.server` adds
 * blocks. Source: learn.microsoft.com, "Customize CoreDNS for AKS".
 */
const lowerCorefile = (
  map: ConfigMap,
  corefile: string,
  product: ResolverConfig['product'],
  custom: ConfigMap | null,
): ResolverConfig => {
  const imported = (pattern: string): readonly (readonly [string, string])[] => {
    const suffix = /\*(\.\w+)$/.exec(pattern)?.[1]
    return suffix === undefined || custom === null ? [] : [...custom.data].filter(([key]) => key.endsWith(suffix))
  }
  const zones = parseCorefile(corefile, () => []).flatMap(block =>
    zonesOf(block.labels, block.plugins, map, 'Corefile'),
  )
  const overrides = /import\s+\S*\*\.override/.test(corefile) ? imported('*.override') : []
  const servers = /import\s+\S*\*\.server/.test(corefile) ? imported('*.server') : []
  const extra = overrides.map(([key, text]) => ({ key, plugins: parsePlugins(text, () => []) }))
  const root = zones.map(zone => (zone.zone === '.' ? withOverrides(zone, extra, custom) : zone))
  const added = servers.flatMap(([key, text]) =>
    parseCorefile(text, () => []).flatMap(block => zonesOf(block.labels, block.plugins, custom ?? map, key)),
  )
  return { ...sourcedOf(map), product, zones: [...root, ...added] }
}

const withOverrides = (
  zone: ResolverZone,
  extra: readonly { readonly key: string; readonly plugins: readonly CorefilePlugin[] }[],
  custom: ConfigMap | null,
): ResolverZone => {
  if (extra.length === 0 || custom === null) return zone
  const plugins = extra.flatMap(({ plugins: own }) => own)
  const log = logOf(plugins)
  return {
    ...zone,
    log: zone.log === 'on' || log === 'off' ? zone.log : log,
    forwards: [...zone.forwards, ...plugins.flatMap(lowerForward)],
  }
}

const zonesOf = (
  labels: readonly string[],
  plugins: readonly CorefilePlugin[],
  from: Sourced,
  key: string,
): readonly ResolverZone[] =>
  labels.map(label => ({
    zone: zoneName(label),
    bind: plugins.filter(plugin => plugin.name === 'bind').flatMap(plugin => plugin.args),
    forwards: plugins
      .flatMap(lowerForward)
      .map(forward => (forward.zone === '.' ? { ...forward, zone: zoneName(label) } : forward)),
    log: logOf(plugins),
    from: sourcedOf(from),
    key,
  }))

/** `dns://example.org.:53` is the zone `example.org`. */
const zoneName = (label: string): string => {
  const bare = label.replace(/^[a-z]+:\/\//, '').replace(/:\d+$/, '')
  return bare === '.' || bare === '' ? '.' : bare.replace(/\.$/, '')
}

/** `log` alone logs everything; a class other than `all` logs some answers only. */
const logOf = (plugins: readonly CorefilePlugin[]): ResolverZone['log'] => {
  const logs = plugins.filter(plugin => plugin.name === 'log')
  if (logs.length === 0) return 'off'
  const classes = logs.map(log => log.block.find(([word]) => word === 'class')?.slice(1) ?? ['all'])
  return classes.some(names => names.includes('all') || names.includes('success')) ? 'on' : 'partial'
}

const lowerForward = (plugin: CorefilePlugin): readonly Forward[] => {
  if (plugin.name !== 'forward' && plugin.name !== 'proxy') return []
  const [zone = '.', ...to] = plugin.args
  const protocol: Forward['protocol'] = to.some(upstream => upstream.startsWith('tls://'))
    ? 'dot'
    : to.some(upstream => upstream.startsWith('https://'))
      ? 'doh'
      : plugin.block.some(([word]) => word === 'force_tcp')
        ? 'dns-tcp'
        : 'dns'
  return [{ zone: zoneName(zone), upstreams: to.map(bareUpstream), protocol }]
}

const bareUpstream = (upstream: string): string => {
  const bare = upstream.replace(/^(dns|tls|https|grpc):\/\//, '').replace(/%[^:\]]+/, '')
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(bare)
  if (bracketed) return bracketed[1] ?? bare
  return /^[^:]+:\d+$/.test(bare) ? bare.slice(0, bare.lastIndexOf(':')) : bare
}

/** kube-dns: `stubDomains` and `upstreamNameservers` are JSON. Source: cloud.google.com, "Setting up a custom kube-dns". */
const lowerKubeDns = (map: ConfigMap): ResolverConfig => {
  const stubs = parsed(map.data.get('stubDomains'))
  const upstreams = texts(parsed(map.data.get('upstreamNameservers')))
  const zone = (name: string, to: readonly string[], key: string): ResolverZone => ({
    zone: name,
    bind: [],
    forwards: to.length === 0 ? [] : [{ zone: name, upstreams: to.map(bareUpstream), protocol: 'dns' }],
    log: 'off',
    from: sourcedOf(map),
    key,
  })
  return {
    ...sourcedOf(map),
    product: 'kube-dns',
    zones: [
      ...(isObject(stubs)
        ? Object.entries(stubs).map(([name, to]) => zone(zoneName(name), texts(to), 'stubDomains'))
        : []),
      ...(upstreams.length > 0 ? [zone('.', upstreams, 'upstreamNameservers')] : []),
    ],
  }
}

const parsed = (text: string | undefined): Json | undefined => {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
