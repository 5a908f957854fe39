import { isEndpoint, withPlainKeys } from './cilium-identity.ts'
import { isApiserver, isInCidr, isService } from './cilium-services.ts'
import { labelsOf, nameOf, ofKind } from './estate.ts'
import { inBlockText } from './ip.ts'
import { at, isList, isObject, list, text } from './json.ts'
import { selects } from './labels.ts'
import { isMatchPattern, plainName } from './names.ts'
import { isOtherNode, isOwnNode, type Question } from './question.ts'
import { every, not, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/** What one rule cannot know alone. */
export interface Context {
  readonly namespace: string
  readonly action: 'allow' | 'deny'
  /** From all rules that select the pod: its DNS rules, and what rules of this section require of the labels of peers. */
  readonly dns: readonly { readonly rule: Json; readonly counts: Tri }[]
  readonly requirements: readonly { readonly selector: Json; readonly namespace: string }[]
}

/**
 * The other end of a rule. No member at all: everything, if the rule names ports or ICMP types, and nothing if it does
 * not. A list that is there and empty selects nothing.
 * Source: cilium, pkg/policy/api, types EgressCommonRule and IngressCommonRule; pkg/policy/utils, mergeEndpointSelectors.
 */
export const isPeer = (question: Question, rule: Json, context: Context): Tri => {
  const prefix = question.direction === 'egress' ? 'to' : 'from'
  const member = (name: string): Json | undefined => at(rule, prefix + name)
  if (['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet'].some(name => isEmptyList(member(name)))) return 'no'
  const toward = question.direction === 'egress' ? [member('Services'), member('FQDNs')] : []
  const groups = list(member('Groups'))
  const members = ['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet'].map(member)
  if ([...members, ...toward, groups].every(value => list(value).length === 0))
    return tri(list(at(rule, 'toPorts')).length > 0 || list(at(rule, 'icmps')).length > 0)
  return some([
    endpoints(question, list(member('Endpoints')), context),
    ...list(member('Nodes')).map(selector => isNode(question, selector)),
    ...list(member('Entities')).map(entity => isEntity(question, text(entity))),
    ...list(member('CIDR')).map(block => isInCidr(question, inBlockText(question.peer.address, text(block)))),
    ...list(member('CIDRSet')).map(entry => isInCidr(question, cidrSet(question, entry))),
    ...list(toward[0]).map(service => inService(question, rule, service, context)),
    ...list(toward[1]).map(selector => isNamed(question, selector, context)),
    // Groups are the addresses of a cloud's security groups, which nobody gave.
    ...groups.map((): Tri => (question.peer.kind === 'address' ? 'unknown' : 'no')),
  ])
}

/** Beside ports, Services that stand for nothing may leave the rule without any other end: not said. */
const inService = (question: Question, rule: Json, service: Json, context: Context): Tri => {
  const meant = context.action === 'allow' ? isService(question, service) : 'no'
  return meant === 'no' && list(at(rule, 'toPorts')).length > 0 ? 'unknown' : meant
}

const isEmptyList = (value: Json | undefined): boolean => isList(value) && value.length === 0

/** `toRequires` narrows the endpoints of every rule; recent versions dropped it. Certain only where it changes nothing. */
const endpoints = (question: Question, selectors: readonly Json[], context: Context): Tri => {
  const matched = some(selectors.map(selector => isEndpoint(question, selector, context.namespace)))
  const required = every(
    context.requirements.map(({ selector, namespace }) => isEndpoint(question, selector, namespace)),
  )
  return matched === 'no' || required === 'yes' ? matched : 'unknown'
}

/** Nodes by their labels. That the pod's own node is one of them is not said. Source: docs.cilium.io, "Node based". */
const isNode = (question: Question, selector: Json): Tri => {
  if (question.peer.kind !== 'node') return 'no'
  return every([selects(withPlainKeys(selector), question.peer.labels), isOwnNode(question) ? 'unknown' : 'yes'])
}

/** Source: docs.cilium.io, "Entities based"; cilium, pkg/policy/api/entity.go. */
const isEntity = (question: Question, entity: string | undefined): Tri => {
  const { peer } = question
  switch (entity) {
    case 'all':
      return 'yes'
    case 'world':
      return tri(peer.kind === 'address')
    case 'world-ipv4':
      return tri(peer.kind === 'address' && peer.address.family === 4)
    case 'world-ipv6':
      return tri(peer.kind === 'address' && peer.address.family === 6)
    case 'host':
      return tri(isOwnNode(question))
    case 'remote-node':
      return tri(isOtherNode(question))
    case 'kube-apiserver':
      return isApiserver(question)
    case 'cluster':
      return peer.kind === 'address' ? isApiserver(question) : 'yes'
    // Every pod of the world is managed and has its labels; health and ingress addresses are not given.
    case 'init':
    case 'ingress':
    case 'health':
    case 'unmanaged':
    case 'none':
      return 'no'
    default:
      return 'unknown'
  }
}

/** Source: cilium, pkg/policy/api, type CIDRRule; type CiliumCIDRGroup. */
const cidrSet = (question: Question, entry: Json): Tri => {
  const { peer, objects } = question
  const name = text(at(entry, 'cidrGroupRef'))
  const selector = at(entry, 'cidrGroupSelector')
  const groups = ofKind(objects, 'cilium.io', 'CiliumCIDRGroup')
  const inGroup = (group: Json): Tri =>
    some(list(at(group, 'spec', 'externalCIDRs')).map(block => inBlockText(peer.address, text(block))))
  const inside =
    name !== undefined
      ? some(groups.filter(group => nameOf(group) === name).map(inGroup))
      : isObject(selector)
        ? some(groups.map(group => every([selects(withPlainKeys(selector), labelsOf(group)), inGroup(group)])))
        : inBlockText(peer.address, text(at(entry, 'cidr')))
  return every([inside, ...list(at(entry, 'except')).map(except => not(inBlockText(peer.address, text(except))))])
}

/**
 * `toFQDNs` matches addresses outside that the pod learned through the DNS proxy: a DNS rule of the same pod must let the
 * question for that name through. Source: docs.cilium.io, "DNS based" and "DNS Proxy".
 */
const isNamed = (question: Question, selector: Json, context: Context): Tri => {
  const { peer, platform } = question
  if (peer.kind !== 'address' || !platform.dnsProxy || peer.resolvedFrom === null) return 'no'
  const asked = peer.resolvedFrom
  if (asked !== undefined)
    return every([
      covers(selector, asked),
      some(context.dns.map(({ rule, counts }) => every([counts, covers(rule, asked)]))),
    ])
  // Nobody knows the name; it still has to be one that both would take.
  return context.dns.some(({ rule }) => mayShare(selector, rule)) ? 'unknown' : 'no'
}

/** `matchName` or `matchPattern`, of a toFQDNs entry or a DNS rule. */
const covers = (selector: Json, name: string): Tri => {
  const exact = text(at(selector, 'matchName'))
  const pattern = text(at(selector, 'matchPattern'))
  if (exact === undefined && pattern === undefined) return 'unknown'
  return tri(
    (exact !== undefined && plainName(exact) === plainName(name)) ||
      (pattern !== undefined && isMatchPattern(pattern, name)),
  )
}

/** Two patterns are not intersected here: they may share a name. */
const mayShare = (a: Json, b: Json): boolean => {
  const nameA = text(at(a, 'matchName'))
  const nameB = text(at(b, 'matchName'))
  if (nameA !== undefined) return covers(b, nameA) !== 'no'
  return nameB === undefined || covers(a, nameB) !== 'no'
}
