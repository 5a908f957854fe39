import type { Cluster } from '../model/cluster.ts'
import type { ForwardProxyConfig } from '../model/proxy.ts'
import type { Relay, RelayGrant, RelayReason } from '../model/relay.ts'
import type { Doubt } from '../model/rule.ts'
import type { Container, Workload } from '../model/workload.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { TCP, UDP } from '../sets/protocol.ts'
import { portTraffic, protocolTraffic, unionOfTraffics } from '../sets/traffic.ts'
import { proxyProduct, proxyProductIn } from './exits.ts'
import { tcpPortOf } from './listening.ts'
import { type ProxyShare, proxyShares } from './proxy-rules.ts'

/**
 * Forward proxies: who may connect sends on what the proxy’s rules and its own policies let pass. TCP only: that is what an
 * HTTP proxy carries. Source: RFC 9110, section 9.3.6, CONNECT.
 */
export const proxyRelays = (cluster: Cluster): readonly Relay[] =>
  cluster.workloads.flatMap((workload): readonly Relay[] => {
    const product = proxyProductIn(cluster, workload)
    if (product === null) return []
    const configs = configsOf(cluster, workload)
    const container = containerOf(workload, configs)
    return [
      {
        of: workload,
        entrances:
          container === undefined
            ? []
            : [{ at: { kind: 'pods', workload }, ...tcpPortOf(cluster, workload, container) }],
        grants: grantsOf(workload, product, configs),
        because: [
          {
            of: workload,
            at: workload.shapePath,
            says: `runs a forward proxy (${product})`,
          },
        ],
      },
    ]
  })

const configsOf = (cluster: Cluster, workload: Workload): readonly ForwardProxyConfig[] => {
  const mounted = new Set(
    workload.shape.volumes.flatMap(({ source }) => (source.kind === 'configMap' ? [source.name] : [])),
  )
  return cluster.proxies.filter(({ ref }) => ref.namespace === workload.namespace && mounted.has(ref.name))
}

/** The one that runs the proxy: by its image, or by the settings that it mounts. */
const containerOf = (workload: Workload, configs: readonly ForwardProxyConfig[]): Container | undefined => {
  const { shape } = workload
  const volumes = shape.volumes.flatMap(({ name, source }) =>
    source.kind === 'configMap' && configs.some(({ ref }) => ref.name === source.name) ? [name] : [],
  )
  const running = shape.containers.filter(({ role }) => role === 'main' || role === 'sidecar')
  return (
    running.find(container => proxyProduct({ ...workload, shape: { ...shape, containers: [container] } }) !== null) ??
    running.find(({ mounts }) => mounts.some(({ volume }) => volumes.includes(volume))) ??
    running[0]
  )
}

const grantsOf = (
  workload: Workload,
  product: string,
  configs: readonly ForwardProxyConfig[],
): readonly RelayGrant[] => {
  const [only, ...more] = configs
  if (only === undefined) return [anything(workload, [CONFIG_UNREAD], [], !HTTP_ONLY.has(product))]
  return configs.flatMap(config => {
    const doubts = more.length > 0 ? [SEVERAL_CONFIGS] : []
    const reason = (written: string): readonly RelayReason[] => [
      { of: config, at: ['data', config.key], says: `the proxy’s rules let it through: ${written}` },
    ]
    if (config.product === 'envoy')
      return [
        anything(
          workload,
          config.access.length === 0 ? [...doubts, CLIENTS_UNREAD] : doubts,
          config.access.flatMap(({ written }) => reason(written)),
          false,
        ),
      ]
    return proxyShares(config).flatMap(share => grantsOfShare(workload, share, doubts, reason(share.written)))
  })
}

const HTTP_ONLY = new Set(['Squid', 'Tinyproxy', 'Privoxy', 'mitmproxy', 'Smokescreen', 'dumbproxy', 'microsocks'])

const anything = (
  workload: Workload,
  doubts: readonly Doubt[],
  because: readonly RelayReason[],
  withUdp: boolean,
): RelayGrant => ({
  to: { kind: 'addresses', addresses: bothFamilies.full },
  traffic: unionOfTraffics([TCP, ...(withUdp ? [UDP] : [])].map(protocolTraffic)),
  as: workload,
  admits: { kind: 'everybody' },
  doubts,
  because,
})

const grantsOfShare = (
  workload: Workload,
  share: ProxyShare,
  doubts: readonly Doubt[],
  because: readonly RelayReason[],
): readonly RelayGrant[] => {
  const { names, refused, reverse, destinations } = share
  const own = share.certain ? doubts : [...doubts, RULE_OPEN]
  const base = {
    traffic: portTraffic(TCP, share.ports),
    as: workload,
    admits: bothFamilies.equals(share.sources, bothFamilies.full)
      ? ({ kind: 'everybody' } as const)
      : ({ kind: 'addresses', addresses: share.sources } as const),
    because,
  }
  const words = refused.map(pattern => `\`${printNamePattern(pattern)}\``).join(', ')
  const without: readonly Doubt[] =
    refused.length === 0
      ? []
      : [
          {
            level: 'unknown',
            why: `the proxy refuses ${words}, and which addresses these stand for is not known`,
            settledBy: 'DNS answers that were seen',
          },
        ]
  const toAddresses = (more: readonly Doubt[]): RelayGrant => ({
    ...base,
    to: { kind: 'addresses', addresses: destinations },
    doubts: [...own, ...more],
  })
  if (names === null) return [toAddresses(reverse ? without : [])]
  const isWide = bothFamilies.equals(destinations, bothFamilies.full)
  return [
    {
      ...base,
      to: { kind: 'names', patterns: names },
      doubts: [...own, ...without, ...(isWide ? [] : [NAMES_ELSEWHERE])],
    },
    ...(reverse ? [toAddresses([REVERSE])] : []),
  ]
}

const CONFIG_UNREAD: Doubt = {
  level: 'unknown',
  why: 'the proxy’s own rules were not read',
  settledBy: 'the ConfigMap or file that the proxy is started with',
}

const CLIENTS_UNREAD: Doubt = {
  level: 'unknown',
  why: 'a filter of the proxy limits who may use it, and is not evaluated',
  settledBy: 'the filter’s rules, or a request through the proxy',
}

const SEVERAL_CONFIGS: Doubt = {
  level: 'unknown',
  why: 'several proxy configurations are mounted, and which one is used is not known',
  settledBy: 'the arguments that the proxy is started with',
}

const RULE_OPEN: Doubt = {
  level: 'unknown',
  why: 'a part of the proxy’s rules is not evaluated here (files, expressions, logins, times)',
  settledBy: 'the values in the proxy’s configuration, or a request through the proxy',
}

const NAMES_ELSEWHERE: Doubt = {
  level: 'unknown',
  why: 'the proxy’s rules ask for the address of the name, too',
  settledBy: 'DNS answers that were seen',
}

/** Source: squid-cache.org/Doc/config/acl, dstdomain and `-n`: a reverse lookup is tried for a URL with an address. */
const REVERSE: Doubt = {
  level: 'unknown',
  why: 'for an address in the place of a name the proxy compares the name that its owner put into reverse DNS',
  settledBy: '`-n` in the proxy’s acl, which leaves reverse lookups out',
}
