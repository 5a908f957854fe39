import type { FelixSettings } from '../../model/dialects.ts'
import { field, integer, isObject, type Json, list, text } from '../../model/json.ts'
import type { Sourced } from '../../model/provenance.ts'
import type { Direction, Doubt, Peer, Rule } from '../../model/rule.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { portRange } from '../../sets/port-set.ts'
import { portProtocolNamed } from '../../sets/protocol.ts'
import { portTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import { ALL_TRAFFIC, trafficOf } from '../kubernetes/rule-parts.ts'
import { readNets } from './network-sets.ts'

/** Ports of a host that are open before any of its policies is asked. */
export interface Failsafe {
  /** null: what no setting says, the defaults. */
  readonly from: Sourced | null
  /** Seen from the sender; `own`: where the sender has to be. */
  readonly rules: readonly Rule[]
}

/**
 * The settings of the node before those of all. An empty list opens nothing; a net limits whom an outbound port leads to, and
 * whom an inbound one lets in.
 * Source: docs.tigera.io, FelixConfiguration, `failsafeOutboundHostPorts`, `failsafeInboundHostPorts`; felix/config, config_params.go;
 * felix/rules/static.go, failsafeInChain, failsafeOutChain; updateprocessors, felixconfigprocessor.go.
 */
export const failsafeOf = (direction: Direction, node: string, felix: readonly FelixSettings[]): Failsafe => {
  const key = KEYS[direction]
  const having = felix.filter(({ settings }) => settings.has(key))
  const own = having.filter(({ scope }) => scope === `node.${node}`)
  const [from, ...others] = own.length > 0 ? own : having.filter(({ scope }) => scope === 'default')
  if (from === undefined) return { from: null, rules: [ruleFor(DEFAULTS[direction])] }
  const written = from.settings.get(key) ?? ''
  const isOpen = others.some(other => other.settings.get(key) !== written)
  const at = ['spec', key]
  const ports = parsed(written)
  if (isOpen || !Array.isArray(ports)) return { from, rules: [{ ...ALLOW, traffic: ALL_TRAFFIC, at, doubt: UNREAD }] }
  return { from, rules: ports.map((port, i) => ruleOf(port, direction, [...at, i])) }
}

const KEYS = { egress: 'failsafeOutboundHostPorts', ingress: 'failsafeInboundHostPorts' } as const

type Port = readonly [protocol: string, port: number]

const BOTH: readonly Port[] = [
  ['TCP', 179],
  ['TCP', 2379],
  ['TCP', 2380],
  ['TCP', 5473],
  ['TCP', 6443],
  ['TCP', 6666],
  ['TCP', 6667],
]
const DEFAULTS: Readonly<Record<Direction, readonly Port[]>> = {
  egress: [['UDP', 53], ['UDP', 67], ...BOTH],
  ingress: [['TCP', 22], ['UDP', 68], ...BOTH],
}

const ALLOW = { action: 'allow', peers: [{ kind: 'everything' }], limit: null, doubt: null } as const

const ruleFor = (ports: readonly Port[]): Rule => ({
  ...ALLOW,
  traffic: trafficOf(unionOfTraffics(ports.flatMap(([protocol, port]) => trafficOfPort(protocol, port) ?? []))),
  at: ['spec'],
})

const ruleOf = (written: Json, direction: Direction, at: Rule['at']): Rule => {
  const protocol = text(field(written, 'protocol')) ?? ''
  const port = integer(field(written, 'port'))
  const traffic = isObject(written) && port !== undefined ? trafficOfPort(protocol, port) : null
  if (traffic === null) return { ...ALLOW, traffic: ALL_TRAFFIC, at, doubt: UNREAD }
  const net = text(field(written, 'net')) ?? ''
  const { cidrs, fault } = readNets(net === '' ? [] : [net])
  if (fault !== null) return { ...ALLOW, traffic: trafficOf(traffic), at, doubt: UNREAD }
  if (cidrs.length === 0) return { ...ALLOW, traffic: trafficOf(traffic), at }
  const block: Peer = { kind: 'block', addresses: addressesOfCidrs(cidrs) }
  return direction === 'egress'
    ? { ...ALLOW, peers: [block], traffic: trafficOf(traffic), at }
    : { ...ALLOW, own: block, traffic: trafficOf(traffic), at }
}

const trafficOfPort = (protocol: string, port: number) => {
  const number = portProtocolNamed(protocol.toUpperCase())
  const read = portRange(port)
  return number === null || read.kind === 'refused' ? null : portTraffic(number, read.value)
}

/** Settings are kept as text; the form of a command line is none of the API's. */
const parsed = (written: string): Json | undefined => {
  try {
    const read = JSON.parse(written) as Json
    return Array.isArray(read) ? list(read) : undefined
  } catch {
    return undefined
  }
}

const UNREAD: Doubt = {
  level: 'unknown',
  why: 'the failsafe ports are written in a form that the API does not take, or in several',
  settledBy: 'one FelixConfiguration with a list of `protocol` and `port`',
}
