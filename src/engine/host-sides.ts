import type { Node } from '../model/cluster.ts'
import type { Direction, Doubt, Peer, Rule, RulePolicy, Selector } from '../model/rule.ts'
import { asksSameNode } from './host-groups.ts'
import { nameOf } from './node-holds.ts'
import { type Fit, fitsOfNode, withOwnSide } from './own-side.ts'
import type { Selecting } from './stack.ts'

/** What rules say of the node of their subject: who else runs there, and, where the subject is a node, which addresses it has. */

type SomeNode = Node | string

/** A policy as it stands for what runs on one of these nodes. */
export const besideNodes = (one: Selecting, nodes: readonly SomeNode[]): Selecting =>
  asksSameNode(one.policy) ? { ...one, policy: withNeighbours(one.policy, nodes) } : one

/** A policy for hosts as it stands for these nodes. */
export const onHosts = (one: Selecting, direction: Direction, nodes: readonly SomeNode[]): Selecting => {
  const beside = besideNodes(one, nodes)
  const section = beside.policy[direction]
  if (!section.rules.some(({ own }) => own !== undefined)) return beside
  const each = nodes.map(node => fitsOfNode(section, addressesOf(node)))
  const fits = section.rules.map((_, i): Fit => {
    const [first, ...others] = new Set(each.map(fit => fit[i] as Fit))
    return first !== undefined && others.length === 0 ? first : '??'
  })
  return { ...beside, policy: withOwnSide(beside.policy, direction, fits) }
}

const addressesOf = (node: SomeNode): readonly string[] =>
  typeof node === 'string' ? [] : [...node.internalAddresses, ...node.externalAddresses]

const withNeighbours = (policy: RulePolicy, nodes: readonly SomeNode[]): RulePolicy => {
  const ruleOf = (rule: Rule): Rule =>
    rule.isScope === true ? { ...rule, peers: rule.peers.map(peer => neighboursOf(peer, nodes)) } : rule
  return {
    ...policy,
    egress: { ...policy.egress, rules: policy.egress.rules.map(ruleOf) },
    ingress: { ...policy.ingress, rules: policy.ingress.rules.map(ruleOf) },
  }
}

const neighboursOf = (peer: Peer, nodes: readonly SomeNode[]): Peer => {
  if (peer.kind === 'maybe') return { ...peer, peer: neighboursOf(peer.peer, nodes) }
  if (peer.kind !== 'pods' || peer.sameNode !== true) return peer
  const on: Peer = { kind: 'pods', selector: { kind: 'all', of: [peer.selector, onOneOf(nodes.map(nameOf))] } }
  return nodes.length === 1
    ? on
    : { kind: 'maybe', peer: nodes.length === 0 ? { ...on, selector: peer.selector } : on, doubt: NEIGHBOUR_OPEN }
}

const onOneOf = (values: readonly string[]): Selector => ({
  kind: 'label',
  of: 'node',
  requirement: { key: '', operator: 'In', values },
})

const NEIGHBOUR_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether both ends run on one node is open, and what one sends the other there passes no interface of the host',
  settledBy: 'the Pod documents, with the nodes that they run on',
}
