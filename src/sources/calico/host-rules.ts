import type { Node } from '../../model/cluster.ts'
import type { FelixSettings } from '../../model/dialects.ts'
import { field, integer, type Json, list, text } from '../../model/json.ts'
import { type Direction, type Doubt, EVERY, type RulePolicy, type Section, type Selector } from '../../model/rule.ts'
import { portRange } from '../../sets/port-set.ts'
import { portProtocolNamed } from '../../sets/protocol.ts'
import { portTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { silent, trafficOf } from '../kubernetes/rule-parts.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { directionsOf, selectsHost } from './subject.ts'

/**
 * What policies for host endpoints may stop. Which interface a packet takes is not in the documents, so nothing here is
 * certain but two things: nodes without a host endpoint are left alone, and the failsafe ports stay open. A policy that
 * applies on forward may stop what pods send through the node, too; others leave forwarded packets alone.
 * Source: docs.tigera.io, "Host endpoints", "Apply policy to forwarded traffic", "Failsafe rules"; HostEndpoint.
 */
export const lowerHostRules = (
  policies: readonly ApiObject[],
  context: CalicoContext,
  nodes: readonly Node[],
  felix: readonly FelixSettings[],
): readonly RulePolicy[] => {
  const open = failsafeOut(felix)
  return [
    // Those in a tier that is not there, too: it comes last.
    ...policies.flatMap(object => {
      const hosts = context.hostEndpoints.filter(host => selectsHost(object, host))
      return hosts.length === 0 ? [] : policiesOf(object, hosts, nodes, open)
    }),
    // Without that profile, and without a policy that says otherwise, everything is closed.
    ...context.hostEndpoints
      .filter(({ profiles }) => !profiles.includes('projectcalico-default-allow'))
      .flatMap(host => [
        hostPolicy(host.object, [host], nodes, open, CLOSED),
        towardHosts(host.object, [host], nodes, CLOSED),
      ]),
  ]
}

const policiesOf = (
  object: ApiObject,
  hosts: readonly HostEndpoint[],
  nodes: readonly Node[],
  open: Traffic,
): readonly RulePolicy[] => {
  const { spec } = object
  const directions = directionsOf(object) ?? ['ingress', 'egress']
  const forwards = field(spec, 'applyOnForward') === true
  return [
    ...(directions.includes('egress') ? [hostPolicy(object, hosts, nodes, open, NOT_EVALUATED)] : []),
    ...(forwards ? [forwardPolicy(object, directions)] : []),
    ...(directions.includes('ingress') ? [towardHosts(object, hosts, nodes, NOT_EVALUATED)] : []),
  ]
}

const base = (object: ApiObject): Omit<RulePolicy, 'selects' | 'subject' | 'egress' | 'ingress'> => ({
  ...sourced(object),
  dialect: 'calico',
  // Beside the tiers of pods, not in them: lower than any priority of the policy API.
  place: { tier: 'admin', priority: -1 },
  inert: null,
})

const hostPolicy = (
  object: ApiObject,
  hosts: readonly HostEndpoint[],
  nodes: readonly Node[],
  open: Traffic,
  why: string,
): RulePolicy => ({
  ...base(object),
  selects: 'nodes',
  subject: { kind: 'any', of: hosts.map(host => nodeNamed(host.node, nodes)) },
  egress: mayDeny('egress', [{ kind: 'everything' }], traffics.complement(open), why),
  ingress: silent('ingress'),
})

const forwardPolicy = (object: ApiObject, directions: readonly Direction[]): RulePolicy => {
  const section = (direction: Direction): Section =>
    directions.includes(direction)
      ? mayDeny(direction, [{ kind: 'everything' }], traffics.full, FORWARDED)
      : silent(direction)
  return { ...base(object), selects: 'pods', subject: EVERY, egress: section('egress'), ingress: section('ingress') }
}

/** What pods send to a host endpoint. */
const towardHosts = (
  object: ApiObject,
  hosts: readonly HostEndpoint[],
  nodes: readonly Node[],
  why: string,
): RulePolicy => ({
  ...base(object),
  selects: 'pods',
  subject: EVERY,
  egress: mayDeny(
    'egress',
    hosts.map(host => ({ kind: 'nodes', which: 'every', selector: nodeNamed(host.node, nodes) })),
    traffics.full,
    why,
  ),
  ingress: silent('ingress'),
})

const mayDeny = (
  direction: Direction,
  peers: Section['rules'][number]['peers'],
  traffic: Traffic,
  why: string,
): Section => {
  const doubt: Doubt = { level: 'unknown', why, settledBy: 'a probe from the node, or its firewall rules' }
  return {
    rules: [{ action: 'deny', peers, traffic: trafficOf(traffic), limit: null, at: ['spec'], doubt }],
    isolates: false,
    isolatesAt: ['spec', direction],
  }
}

const NOT_EVALUATED = 'the policy selects host endpoints, and what it does to the traffic of hosts is not evaluated'
const FORWARDED =
  'the policy selects host endpoints and applies on forward, so it may stop what passes through the node'
const CLOSED =
  'the host endpoint has no profile that allows, so whatever no policy allows through its interface is closed'

/** By the label that the node carries for its own name. */
const nodeNamed = (name: string, nodes: readonly Node[]): Selector => {
  const host = nodes.find(node => node.ref.name === name)?.labels.get(HOSTNAME)
  return host === undefined
    ? { kind: 'unknown', why: `Node \`${name}\` was not read` }
    : { kind: 'label', of: 'node', requirement: { key: HOSTNAME, operator: 'In', values: [host] } }
}

const HOSTNAME = 'kubernetes.io/hostname'

/** Open before any policy is asked. Source: docs.tigera.io, FelixConfiguration, `failsafeOutboundHostPorts`. */
const FAILSAFE_OUT: readonly (readonly [string, number])[] = [
  ['UDP', 53],
  ['UDP', 67],
  ['TCP', 179],
  ['TCP', 2379],
  ['TCP', 2380],
  ['TCP', 5473],
  ['TCP', 6443],
  ['TCP', 6666],
  ['TCP', 6667],
]

/** What is open on every node: settings of one node may close what others leave open. */
const failsafeOut = (felix: readonly FelixSettings[]): Traffic => {
  const written = felix.flatMap(({ settings }) => settings.get('failsafeOutboundHostPorts') ?? [])
  const byDefault = unionOfTraffics(FAILSAFE_OUT.map(([protocol, port]) => trafficOfPort(protocol, port)))
  const all = written.map(readPorts)
  const isGlobal = felix.some(({ scope, settings }) => scope === 'default' && settings.has('failsafeOutboundHostPorts'))
  return [...(isGlobal ? [] : [byDefault]), ...all].reduce(traffics.intersect, traffics.full)
}

const readPorts = (written: string): Traffic => {
  const ports = list(parsed(written)).flatMap(one => {
    const [protocol, port] = [text(field(one, 'protocol')) ?? '', integer(field(one, 'port'))]
    // One that is limited to a net is not open toward everybody.
    return port === undefined || field(one, 'net') !== undefined ? [] : [trafficOfPort(protocol, port)]
  })
  return unionOfTraffics(ports)
}

/** Settings are kept as text. */
const parsed = (written: string): Json | undefined => {
  try {
    return JSON.parse(written) as Json
  } catch {
    // The form of a command line: nobody can tell here what stays open.
    return undefined
  }
}

const trafficOfPort = (protocol: string, port: number): Traffic => {
  const number = portProtocolNamed(protocol.toUpperCase())
  const read = portRange(port)
  return number === null || read.kind === 'refused' ? traffics.empty : portTraffic(number, read.value)
}
