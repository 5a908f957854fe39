import { field, integer, type Json, list, text } from '../../model/json.ts'
import type { Direction } from '../../model/rule.ts'
import { type AnyCidr, printAddress, readAddress, readCidr } from '../../sets/cidr.ts'
import { ICMP, ICMPV6, readProtocol } from '../../sets/protocol.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { isStored } from './subject.ts'

/**
 * Why Calico's API may refuse a policy that the agent itself would take as it is written: then it is not there, whatever its
 * rules say. Every rule counts, also one that only logs and those of a direction that `types` leaves out. Versions differ in
 * what they refuse. null: it takes it, or the document comes out of a cluster and so is there.
 * Source: libcalico-go/lib/validator/v3, validateRule, validateEntityRule, validateProtocol, validatePort, validateIPNetwork,
 * validateNetworkPolicySpec, validateGlobalNetworkPolicy; api/v3, NetworkPolicySpec, Rule.
 */
export const refusedFor = (object: ApiObject): string | null => {
  if (isStored(object) || text(field(object.metadata, 'uid')) !== undefined) return null
  const types = list(field(object.spec, 'types'))
  if (new Set(types).size < types.length) return '`types` holds a word twice'
  const hosts = hostFault(object)
  if (hosts !== null) return hosts
  for (const direction of ['ingress', 'egress'] as const)
    for (const [i, rule] of list(field(object.spec, direction)).entries()) {
      const why = faultOf(rule, direction)
      if (why !== null) return `${direction}[${i}]: ${why}`
    }
  return null
}

/** Policies for hosts alone are one of two kinds, and say that they are for what is forwarded, too. */
const hostFault = ({ ref, spec }: ApiObject): string | null => {
  if (ref.kind !== 'GlobalNetworkPolicy') return null
  const [untracked, before] = [field(spec, 'doNotTrack') === true, field(spec, 'preDNAT') === true]
  if (untracked && before) return '`doNotTrack` and `preDNAT` together'
  if (before && (list(field(spec, 'types')).includes('Egress') || list(field(spec, 'egress')).length > 0))
    return '`preDNAT` in a policy that is about egress'
  return (untracked || before) && field(spec, 'applyOnForward') !== true
    ? '`doNotTrack` or `preDNAT` without `applyOnForward`'
    : null
}

type End = 'source' | 'destination'
const ENDS: readonly End[] = ['source', 'destination']

const faultOf = (rule: Json, direction: Direction): string | null => {
  const near: End = direction === 'egress' ? 'source' : 'destination'
  if (isGiven(field(field(rule, near), 'services'))) return `\`services\` at its ${near}`
  if (direction === 'egress' && isGiven(field(rule, 'http'))) return '`http` in an egress rule'
  for (const key of ['protocol', 'notProtocol'] as const) {
    const why = protocolFault(field(rule, key), field(rule, 'ipVersion'))
    if (why !== null) return why
  }
  for (const end of ENDS) {
    const why = entityFault(field(rule, end))
    if (why !== null) return why
  }
  return familyFault(rule)
}

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null

/** Names with their capitals, numbers from 1 on; ICMP of one family is no protocol of the other. */
const protocolFault = (written: Json | undefined, version: Json | undefined): string | null => {
  if (typeof written !== 'string' && typeof written !== 'number') return null
  if (!/^(TCP|UDP|ICMP|ICMPv6|SCTP|UDPLite|[1-9]\d*)$/.test(String(written))) return `protocol \`${written}\``
  const read = readProtocol(written)
  const family = read.kind === 'refused' ? null : read.value === ICMP ? 4 : read.value === ICMPV6 ? 6 : null
  return family !== null && isGiven(version) && version !== family ? `\`${written}\` with another \`ipVersion\`` : null
}

const entityFault = (entity: Json | undefined): string | null => {
  const namespaces = text(field(entity, 'namespaceSelector')) ?? ''
  if (namespaces.includes('global(') && !/^[ \t]*global\([ \t]*\)[ \t]*$/.test(namespaces))
    return '`global()` beside another selector'
  const zero = [...list(field(entity, 'ports')), ...list(field(entity, 'notPorts'))].some(
    port => integer(port) === 0 || /^0+(:|$)/.test(text(port) ?? ''),
  )
  if (zero) return 'port 0'
  for (const net of netsOf(entity)) {
    if (!net.includes('/')) return `\`${net}\` without a prefix length`
    if (hasHostBits(net)) return `\`${net}\`, which has host bits`
  }
  const everything = list(field(entity, 'notNets')).find(net => readNet(net)?.prefix === 0)
  return everything === undefined ? null : `\`${String(everything)}\` in \`notNets\``
}

const netsOf = (entity: Json | undefined): readonly string[] =>
  [...list(field(entity, 'nets')), ...list(field(entity, 'notNets'))].flatMap(net => text(net) ?? [])

/** null: text that nobody can read; what that does to the policy is told elsewhere. */
const readNet = (net: Json): AnyCidr | null => {
  const read = readCidr(text(net) ?? '')
  return read.kind === 'refused' ? null : read.value
}

const hasHostBits = (net: string): boolean => {
  const [block, address] = [readNet(net), readAddress(net.slice(0, net.indexOf('/')))]
  return block !== null && address.kind === 'read' && printAddress(address.value) !== printAddress(block)
}

/** All nets of a rule, at both of its ends, are of one family, that of its `ipVersion`. */
const familyFault = (rule: Json): string | null => {
  const version = field(rule, 'ipVersion')
  const nets = ENDS.flatMap(end => netsOf(field(rule, end))).flatMap(net => readNet(net)?.family ?? [])
  const families = new Set<unknown>(isGiven(version) ? [...nets, version] : nets)
  return families.size < 2
    ? null
    : isGiven(version)
      ? 'nets of another family than its `ipVersion`'
      : 'nets of both families'
}
