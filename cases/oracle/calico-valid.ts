import { readNamespaceSelector, readNet } from './calico-endpoints.ts'
import { protocolOf } from './calico-rule.ts'
import { readSelector } from './calico-selector.ts'
import { at, integer, isList, isObject, list, text } from './json.ts'
import { ICMP, ICMPV6, type Json, SCTP, TCP, UDP } from './types.ts'

/**
 * Calico's API takes a policy or refuses it as a whole, and its versions do not all refuse the same. A policy that some may
 * refuse may not be there: it was written, but nobody knows what became of it.
 * Source: calico, libcalico-go/lib/validator/v3, validateRule, validateEntityRule, validateProtocol, validatePort.
 */
export const mayBeRefused = (policy: Json): boolean => {
  if (!isObject(policy)) return mayRefuse(policy)
  const refused = known.get(policy) ?? mayRefuse(policy)
  known.set(policy, refused)
  return refused
}

/** A document is asked about for every packet. */
const known = new WeakMap<object, boolean>()

const mayRefuse = (policy: Json): boolean => {
  const spec = at(policy, 'spec') ?? {}
  const order = at(spec, 'order')
  const types = at(spec, 'types')
  const isStored = text(at(policy, 'apiVersion'))?.startsWith('crd.') === true
  return (
    (order !== undefined && typeof order !== 'number') ||
    (types !== undefined && !(isList(types) && types.every(type => type === 'Ingress' || type === 'Egress'))) ||
    (text(at(policy, 'kind')) === 'GlobalNetworkPolicy' && !isStored && !isHostPart(spec)) ||
    !isSelector(at(spec, 'selector')) ||
    !isSelector(at(spec, 'namespaceSelector')) ||
    !isSelector(at(spec, 'serviceAccountSelector')) ||
    (['egress', 'ingress'] as const).some(direction =>
      list(at(spec, direction)).some(rule => !isRule(rule, direction, isStored)),
    )
  )
}

/** What is for hosts alone is for what they forward, too, and not of both kinds; before translation nothing leaves. */
const isHostPart = (spec: Json): boolean => {
  const [untracked, before] = [at(spec, 'doNotTrack') === true, at(spec, 'preDNAT') === true]
  return (
    (!untracked && !before) ||
    (untracked !== before &&
      at(spec, 'applyOnForward') === true &&
      !(before && (list(at(spec, 'egress')).length > 0 || list(at(spec, 'types')).includes('Egress'))))
  )
}

const isSelector = (written: Json | undefined): boolean =>
  written === undefined ||
  (typeof written === 'string' && !written.includes('global(') && readSelector(written) !== null)

/** The agent itself takes nets of both families; only the API on the way in does not. */
const isRule = (rule: Json, direction: 'egress' | 'ingress', isStored: boolean): boolean => {
  const ends = [at(rule, 'source') ?? {}, at(rule, 'destination') ?? {}]
  const version = at(rule, 'ipVersion')
  const families = new Set([
    ...ends.flatMap(end => [...list(at(end, 'nets')), ...list(at(end, 'notNets'))].map(net => readNet(net)?.family)),
    ...(version === undefined ? [] : [version]),
  ])
  const protocol = protocolOf(at(rule, 'protocol'))
  return (
    ['Allow', 'Deny', 'Pass', 'Log'].includes(text(at(rule, 'action')) ?? '') &&
    (version === undefined || version === 4 || version === 6) &&
    (isStored || families.size <= 1) &&
    !families.has(undefined) &&
    isProtocol(at(rule, 'protocol')) &&
    isProtocol(at(rule, 'notProtocol')) &&
    [at(rule, 'icmp'), at(rule, 'notICMP')].every(
      message => message === undefined || ((protocol === ICMP || protocol === ICMPV6) && isMessage(message)),
    ) &&
    (protocol === TCP || protocol === UDP || protocol === SCTP || !ends.some(hasPorts)) &&
    (at(rule, 'http') === undefined ||
      (direction === 'ingress' &&
        at(rule, 'action') === 'Allow' &&
        (at(rule, 'protocol') === undefined || protocol === TCP))) &&
    ends.every(isEntity)
  )
}

/** Names as they are, with their capitals; numbers in quotes, too. */
const isProtocol = (written: Json | undefined): boolean =>
  written === undefined ||
  ((protocolOf(written) ?? 0) > 0 &&
    (typeof written !== 'string' || /^(TCP|UDP|ICMP|ICMPv6|SCTP|UDPLite|\d+)$/.test(written)))

const isMessage = (message: Json): boolean =>
  isObject(message) && (at(message, 'code') === undefined || integer(at(message, 'type')) !== undefined)

const portsOf = (end: Json): readonly Json[] => [...list(at(end, 'ports')), ...list(at(end, 'notPorts'))]

const hasPorts = (end: Json): boolean => portsOf(end).length > 0

/** A single address is no net in a rule, though it is in a network set; everything can only lately not be left out. */
const isEntity = (end: Json): boolean => {
  const namespaces = at(end, 'namespaceSelector')
  return (
    isSelector(at(end, 'selector')) &&
    isSelector(at(end, 'notSelector')) &&
    isSelector(at(end, 'serviceAccounts', 'selector')) &&
    (namespaces === undefined || readNamespaceSelector(text(namespaces) ?? '"') !== null) &&
    (!text(namespaces)?.includes('global(') || /^[ \t]*global\([ \t]*\)[ \t]*$/.test(text(namespaces) ?? '')) &&
    [...list(at(end, 'nets')), ...list(at(end, 'notNets'))].every(net => text(net)?.includes('/')) &&
    !list(at(end, 'notNets')).some(net => readNet(net)?.length === 0) &&
    portsOf(end).every(isPort)
  )
}

const isPort = (port: Json): boolean => {
  const number = integer(port)
  if (number !== undefined) return number >= 0 && number <= 65535
  const [, first, last = first] = /^(\d+)(?::(\d+))?$/.exec(text(port) ?? '') ?? []
  if (first === undefined) return /^[a-zA-Z0-9-]{1,128}$/.test(text(port) ?? '')
  return Number(first) <= Number(last) && Number(last) <= 65535
}
