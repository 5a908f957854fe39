import { nameOf, namespaceOf, ofKind } from './estate.ts'
import { inBlockText } from './ip.ts'
import { at, integer, isObject, list, text } from './json.ts'
import { selects } from './labels.ts'
import { isNamedPort, isPort, type Opinion, protocolNumber, type Question, SILENT } from './question.ts'
import { every, not, possible, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/**
 * NetworkPolicy, networking.k8s.io/v1: a policy that selects the pod isolates it in its directions; isolated, only what
 * some rule of some policy allows passes.
 * Source: k8s.io/api networking/v1 NetworkPolicySpec; kubernetes.io, "Network Policies".
 */
export const kubernetesOpinions = (question: Question): readonly (Opinion & { readonly object: Json })[] =>
  ofKind(question.objects, 'networking.k8s.io', 'NetworkPolicy')
    .filter(policy => namespaceOf(policy) === question.subject.namespace)
    .map(object => ({
      policy: `NetworkPolicy ${namespaceOf(object)}/${nameOf(object)}`,
      says: says(question, at(object, 'spec') ?? {}),
      object,
    }))

const says = (question: Question, spec: Json): Opinion['says'] => {
  // An absent podSelector selects every pod of the namespace.
  const selected = selects(at(spec, 'podSelector') ?? {}, question.subject.labels)
  if (selected === 'no' || !applies(question, spec)) return [SILENT]
  const rules = list(at(spec, question.direction))
  const allowed = some(rules.map(rule => matches(question, rule)))
  return [
    ...possible(allowed).map(allows => ({ isolates: true, allows, denies: false })),
    ...(selected === 'unknown' ? [SILENT] : []),
  ]
}

/**
 * `policyTypes` absent or empty: Ingress always, Egress if there are egress rules. Cilium applies the rules that are
 * there whatever policyTypes says. Source: cilium, pkg/k8s/network_policy.go, ParseNetworkPolicy.
 */
const applies = (question: Question, spec: Json): boolean => {
  const types = list(at(spec, 'policyTypes'))
  const hasRules = list(at(spec, question.direction)).length > 0
  if (question.platform.enforces.cilium && hasRules) return true
  if (types.length === 0) return question.direction === 'ingress' || hasRules
  return types.includes(question.direction === 'egress' ? 'Egress' : 'Ingress')
}

/** A rule matches if its peers and its ports do; a list that is absent or empty restricts nothing. */
const matches = (question: Question, rule: Json): Tri => {
  const peers = list(at(rule, question.direction === 'egress' ? 'to' : 'from'))
  const ports = list(at(rule, 'ports'))
  return every([
    peers.length === 0 ? 'yes' : some(peers.map(peer => isPeer(question, peer))),
    ports.length === 0 ? 'yes' : some(ports.map(port => isPortEntry(question, port))),
  ])
}

const isPeer = (question: Question, entry: Json): Tri => {
  const block = at(entry, 'ipBlock')
  const namespaces = at(entry, 'namespaceSelector')
  const pods = at(entry, 'podSelector')
  if (block !== undefined)
    return namespaces === undefined && pods === undefined ? isInBlock(question, block) : 'unknown'
  // A peer of an unknown kind: the API server refuses an empty one.
  if (!isObject(namespaces) && !isObject(pods)) return 'unknown'
  const { peer } = question
  // Selectors never mean pods on the host's network, nodes, or anything outside.
  if (peer.kind !== 'pod' || !peer.live) return 'no'
  return every([
    namespaces === undefined
      ? tri(peer.namespace === question.subject.namespace)
      : selects(namespaces, peer.namespaceLabels),
    pods === undefined ? 'yes' : selects(pods, peer.labels),
  ])
}

/**
 * Made for addresses outside the cluster: whether a block catches pods and nodes that have such an address is the
 * plugin's to say. Source: k8s.io/api networking/v1 IPBlock.
 */
const isInBlock = (question: Question, block: Json): Tri => {
  const { peer, platform } = question
  const inside = every([
    inBlockText(peer.address, text(at(block, 'cidr'))),
    ...list(at(block, 'except')).map(except => not(inBlockText(peer.address, text(except)))),
  ])
  const counts =
    peer.kind === 'pod' ? platform.blockMatchesPods : peer.kind === 'node' ? platform.blockMatchesNodes : 'yes'
  return every([inside, counts])
}

/**
 * The protocol defaults to TCP; without a port, every port of it. `endPort` is inclusive and goes with a number only.
 * Source: k8s.io/api networking/v1 NetworkPolicyPort.
 */
const isPortEntry = (question: Question, entry: Json): Tri => {
  const { packet } = question
  const protocol = text(at(entry, 'protocol')) ?? 'TCP'
  const number = protocolNumber(protocol)
  if (number === undefined || !isObject(entry)) return 'unknown'
  if (number !== packet.protocol) return 'no'
  const port = at(entry, 'port')
  const end = at(entry, 'endPort')
  if (port === undefined) return end === undefined ? 'yes' : 'unknown'
  const first = integer(port)
  if (first !== undefined) {
    const last = end === undefined ? first : integer(end)
    return last === undefined ? 'unknown' : isPort(packet, first, last)
  }
  // A name holds a letter; a number in quotes is neither a number nor a name.
  const name = text(port)
  if (name === undefined || !/[a-z]/i.test(name) || end !== undefined) return 'unknown'
  return isNamedPort(question, name, protocol)
}
