import { field, integer, isObject, type Json, list } from '../../model/json.ts'
import type { RuleTraffic } from '../../model/rule.ts'
import { icmpMessages } from '../../sets/icmp-set.ts'
import { portRange } from '../../sets/port-set.ts'
import { hasPorts, hasTypes, type PortProtocol, readProtocol } from '../../sets/protocol.ts'
import {
  icmpTraffic,
  portTraffic,
  protocolTraffic,
  type Traffic,
  traffics,
  unionOfTraffics,
} from '../../sets/traffic.ts'
import { trafficOf } from '../kubernetes/rule-parts.ts'

/** What a rule covers, or why Calico refuses it, or may. */
export type TrafficRead =
  | {
      readonly kind: 'read'
      readonly traffic: RuleTraffic
      /** Set where the rule leaves out ports by name, which each endpoint has for itself. */
      readonly doubt: string | null
    }
  | { readonly kind: 'refused'; readonly why: string }

const refused = (why: string): TrafficRead => ({ kind: 'refused', why })

/**
 * `protocol`, `notProtocol`, `icmp`, `notICMP` of a rule, and the ports of its destination: all of them have to hold. Ports and
 * ICMP messages go with a protocol that has them; without one Calico refuses the policy.
 * Source: docs.tigera.io, NetworkPolicy, Rule, ICMP, Ports; api/v3, type Rule; felix/rules, CalculateRuleMatch.
 */
export const lowerTraffic = (rule: Json): TrafficRead => {
  const destination = field(rule, 'destination')
  const ports = list(field(destination, 'ports'))
  const notPorts = list(field(destination, 'notPorts'))
  const protocol = protocolOf(field(rule, 'protocol'))
  const notProtocol = protocolOf(field(rule, 'notProtocol'))
  if (protocol === 'refused' || notProtocol === 'refused') return refused('a protocol that could not be read')
  let exact = protocol === null ? traffics.full : protocolTraffic(protocol)
  if (notProtocol !== null) exact = traffics.subtract(exact, protocolTraffic(notProtocol))
  for (const key of ['icmp', 'notICMP'] as const) {
    const messages = messagesOf(field(rule, key), protocol)
    if (messages === 'refused') return refused(`\`${key}\` that could not be read, or without its protocol`)
    if (messages !== null)
      exact = key === 'icmp' ? traffics.intersect(exact, messages) : traffics.subtract(exact, messages)
  }
  if (ports.length + notPorts.length === 0) return { kind: 'read', traffic: trafficOf(exact), doubt: null }
  if (protocol === null || !hasPorts(protocol)) return refused('ports without a protocol that has ports')
  const wanted = portsOf(ports, protocol)
  const unwanted = portsOf(notPorts, protocol)
  if (wanted === null || unwanted === null) return refused('a port that could not be read')
  if (ports.length > 0) exact = traffics.intersect(exact, wanted.exact)
  const isOpen = unwanted.named.length > 0 || (wanted.named.length > 0 && notPorts.length > 0)
  return {
    kind: 'read',
    traffic: trafficOf(traffics.subtract(exact, unwanted.exact), {
      named: notProtocol === protocol ? [] : wanted.named,
    }),
    doubt: isOpen ? 'the rule leaves out ports, with names among them' : null,
  }
}

/** null: any. A name in any case, or a number. */
const protocolOf = (value: Json | undefined): number | null | 'refused' => {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' && typeof value !== 'number') return 'refused'
  const read = readProtocol(value)
  return read.kind === 'refused' ? 'refused' : read.value
}

/** `icmp: {}` limits nothing. */
const messagesOf = (value: Json | undefined, protocol: number | null): Traffic | null | 'refused' => {
  if (value === undefined || value === null) return null
  if (!isObject(value)) return 'refused'
  const [type, code] = [field(value, 'type') ?? null, field(value, 'code') ?? null]
  if (type === null && code === null) return null
  if (protocol === null || !hasTypes(protocol)) return 'refused'
  const read = icmpMessages(integer(type ?? undefined) ?? null, code === null ? null : (integer(code) ?? -1))
  return read.kind === 'refused' || integer(type ?? undefined) === undefined
    ? 'refused'
    : icmpTraffic(protocol, read.value)
}

interface Ports {
  readonly exact: Traffic
  readonly named: RuleTraffic['named']
}

/** `443`, `"443"`, `"8000:8080"`, or a name. Source: api/lib/numorstring, PortFromString. */
const portsOf = (ports: readonly Json[], protocol: PortProtocol): Ports | null => {
  const exact: Traffic[] = []
  const named: { name: string; protocol: PortProtocol }[] = []
  for (const port of ports) {
    const text = typeof port === 'string' ? port : typeof port === 'number' ? String(port) : ''
    const [, first, last = first] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? []
    if (first === undefined) {
      if (!/^[A-Za-z0-9_.-]{1,128}$/.test(text)) return null
      named.push({ name: text, protocol })
      continue
    }
    // Port 0 is never on the wire.
    const read = portRange(Math.max(1, Number(first)), Number(last))
    if (Number(last) === 0) continue
    if (read.kind === 'refused') return null
    exact.push(portTraffic(protocol, read.value))
  }
  return { exact: unionOfTraffics(exact), named }
}
