import type { Cluster } from '../model/cluster.ts'
import type { Forward, ResolverConfig, ResolverZone } from '../model/dns.ts'
import type { Relay, RelayEntrance, RelayGrant } from '../model/relay.ts'
import type { Doubt } from '../model/rule.ts'
import type { Workload } from '../model/workload.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyCidr, readAddress } from '../sets/cidr.ts'
import { readNamePattern } from '../sets/name-pattern.ts'
import { TCP, UDP } from '../sets/protocol.ts'
import { type Traffic, unionOfTraffics } from '../sets/traffic.ts'
import { NOTHING_GIVEN, zonesOf } from '../sets/zones.ts'
import { portsTraffic, targetsOf } from './listening.ts'

/**
 * Resolvers that ask others: a question for any name leaves to where its zone is forwarded, and carries what the asker put into
 * the name. Source: coredns.io, plugin `forward`; RFC 7858, section 3.1, for the port of DNS over TLS.
 */
export const dnsRelays = (cluster: Cluster): readonly Relay[] =>
  cluster.resolvers.flatMap(config =>
    runnersOf(cluster, config).map(
      (workload): Relay => ({
        of: workload,
        entrances: entrancesOf(cluster, config, workload),
        grants: config.zones.flatMap(zone => zone.forwards.map(forward => grantOf(cluster, workload, zone, forward))),
        because: [{ of: workload, at: workload.shapePath, says: `answers DNS (${config.product})` }],
      }),
    ),
  )

/** Who mounts the settings. */
const runnersOf = (cluster: Cluster, { ref }: ResolverConfig): readonly Workload[] =>
  (cluster.workloadsIn.get(ref.namespace ?? '') ?? []).filter(({ shape }) =>
    shape.volumes.some(({ source }) => source.kind === 'configMap' && source.name === ref.name),
  )

const entrancesOf = (cluster: Cluster, { zones }: ResolverConfig, workload: Workload): readonly RelayEntrance[] => {
  const bound = addressesOf(zones.flatMap(zone => zone.bind))
  const ports = (['UDP', 'TCP'] as const).map(protocol => {
    const targets = targetsOf(cluster, workload, protocol).flatMap(({ port, target }) => (port === 53 ? [target] : []))
    return portsTraffic(protocol === 'UDP' ? UDP : TCP, targets.length === 0 ? [53] : targets)
  })
  return [
    // A cache on the node answers at addresses of its own.
    ...(bothFamilies.isEmpty(bound)
      ? []
      : [{ at: { kind: 'addresses', addresses: bound }, traffic: DNS, doubt: null } as const]),
    ...(workload.shape.hostNetwork
      ? []
      : [{ at: { kind: 'pods', workload }, traffic: unionOfTraffics(ports), doubt: null } as const]),
  ]
}

const DNS: Traffic = unionOfTraffics([portsTraffic(UDP, [53]), portsTraffic(TCP, [53])])

const grantOf = (cluster: Cluster, workload: Workload, zone: ResolverZone, forward: Forward): RelayGrant => {
  const addresses = addressesOf(forward.upstreams)
  const named = forward.upstreams.flatMap(upstream => patternOf(upstream))
  const isKnown = forward.upstreams.every(upstream => readAddress(upstream).kind === 'read')
  const words = forward.upstreams.map(upstream => `\`${upstream}\``).join(', ')
  return {
    to:
      isKnown || named.length < forward.upstreams.length
        ? { kind: 'addresses', addresses: isKnown ? addresses : ANYWHERE }
        : { kind: 'names', patterns: named },
    traffic: trafficOf(forward, writtenPorts(cluster, zone, forward)),
    as: workload,
    admits: { kind: 'everybody' },
    doubts: isKnown || named.length === forward.upstreams.length ? [] : [upstreamOpen(words)],
    because: [
      {
        of: zone.from,
        at: ['data', zone.key],
        says: `questions for ${forward.zone === '.' ? 'any name' : `\`${forward.zone}\``} are sent on to ${words}`,
      },
    ],
  }
}

const trafficOf = ({ protocol }: Forward, ports: readonly number[]): Traffic => {
  const or = (port: number): readonly number[] => (ports.length > 0 ? ports : [port])
  switch (protocol) {
    case 'dns':
      return unionOfTraffics([UDP, TCP].map(number => portsTraffic(number as typeof TCP, or(53))))
    case 'dns-tcp':
      return portsTraffic(TCP, or(53))
    case 'dot':
      return portsTraffic(TCP, or(853))
    case 'doh':
      return portsTraffic(TCP, or(443))
  }
}

/** Ports that stand behind an upstream where its text was read. */
const writtenPorts = (
  { configMaps }: Cluster,
  { from, key }: ResolverZone,
  { upstreams }: Forward,
): readonly number[] => {
  const text = configMaps.get(`${from.ref.namespace ?? ''}/${from.ref.name}`)?.data.get(key) ?? ''
  const found = upstreams.flatMap(upstream => {
    const after = text.split(upstream).slice(1)
    return after.map(rest => Number(/^\]?:(\d{1,5})(?!\d)/.exec(rest)?.[1] ?? 0))
  })
  // Where one of them has its usual port it is told by 0.
  return found.includes(0) || found.length === 0 ? [] : [...new Set(found)]
}

/** A host, with the path that a request has. */
const patternOf = (upstream: string) => {
  // A path of a file, or what NodeLocal DNSCache puts an address in the place of when it starts.
  if (readAddress(upstream).kind === 'read' || /^\/|^__PILLAR__/.test(upstream)) return []
  const read = readNamePattern(upstream.split('/')[0] ?? upstream)
  return read.kind === 'read' ? [read.value] : []
}

/** Nothing routes a reserved address. */
const ANYWHERE: Addresses = bothFamilies.subtract(bothFamilies.full, zonesOf(NOTHING_GIVEN).reserved)

const addressesOf = (texts: readonly string[]): Addresses =>
  addressesOfCidrs(
    texts.flatMap(text => {
      const read = readAddress(text)
      return read.kind === 'read' ? [{ ...read.value, prefix: 32 * read.value.words.length } as AnyCidr] : []
    }),
  )

const upstreamOpen = (words: string): Doubt => ({
  level: 'unknown',
  why: `which resolver ${words} stands for is not known`,
  settledBy: 'the resolver’s settings on its node',
})
