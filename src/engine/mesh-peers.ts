import { type Doubt, EVERY, NONE, type Peer, type PolicyDialect, type Rule, type Selector } from '../model/rule.ts'
import { type ClusterName, clusterHolds } from './label-holds.ts'
import type { MeshEnd } from './mesh-terms.ts'
import type { Item, Stack } from './stack.ts'
import type { Stacks, World } from './verdict.ts'

/** What the rules of one cluster say of the pods and nodes of another that it knows by their labels. */
export interface PeersAcross {
  readonly scope: MeshEnd['scope']
  readonly clusterLabel: string
  /** The other cluster's. */
  readonly name: ClusterName
}

/**
 * Stacks whose rules speak of the other cluster. Dialects without a word for clusters take a pod's cluster for one of its
 * labels, and mean without it the clusters of `scope`. Source: pkg/policy/k8s, parseNetworkPolicyPeer.
 */
export const stacksAcross = (across: PeersAcross): ((stacks: Stacks) => Stacks) => {
  const rules = new WeakMap<Rule, Rule>()
  const known = new WeakMap<Stacks, Stacks>()
  const itemOf = (item: Item): Item => {
    let rule = rules.get(item.rule)
    if (rule === undefined) {
      const peers = item.rule.peers.map(peer => peerAcross(peer, item.policy.dialect, across))
      rule = peers.every((peer, i) => peer === item.rule.peers[i]) ? item.rule : { ...item.rule, peers }
      rules.set(item.rule, rule)
    }
    return rule === item.rule ? item : { ...item, rule }
  }
  const stackOf = (stack: Stack): Stack =>
    stack.map(tier => tier.map(group => group.map(runs => runs.map(run => ({ ...run, items: run.items.map(itemOf) })))))
  const worldOf = ({ counting, written }: World): World => {
    const made = stackOf(counting)
    return { counting: made, written: written === counting ? made : stackOf(written) }
  }
  return stacks => {
    const before = known.get(stacks)
    if (before !== undefined) return before
    const made = { ...worldOf(stacks), others: stacks.others.map(worldOf) }
    known.set(stacks, made)
    return made
  }
}

const peerAcross = (peer: Peer, dialect: PolicyDialect, across: PeersAcross): Peer => {
  switch (peer.kind) {
    case 'all':
    case 'any':
      return { ...peer, of: peer.of.map(part => peerAcross(part, dialect, across)) }
    case 'not':
      return { ...peer, of: peerAcross(peer.of, dialect, across) }
    case 'maybe':
      return { ...peer, peer: peerAcross(peer.peer, dialect, across) }
    case 'pods':
      return told({ ...peer, selector: scopedIn(peer.selector, dialect, across) })
    case 'nodes':
      return told({ ...peer, selector: settled(scopedIn(peer.selector, dialect, across), across.name) })
    default:
      return peer
  }
}

/** With a part that could not be read it says so itself. */
const told = (peer: Peer & { readonly kind: 'pods' | 'nodes' }): Peer => {
  const reasons = [...new Set(unreadIn(peer.selector))]
  return reasons.length === 0
    ? peer
    : { kind: 'any', of: [peer, ...reasons.map((why): Peer => ({ kind: 'maybe', peer, doubt: unread(why) }))] }
}

const unreadIn = (selector: Selector): readonly string[] => {
  switch (selector.kind) {
    case 'unknown':
      return [selector.why]
    case 'all':
    case 'any':
      return selector.of.flatMap(unreadIn)
    case 'not':
      return unreadIn(selector.of)
    default:
      return []
  }
}

const unread = (why: string): Doubt => ({
  level: 'unknown',
  why,
  settledBy: 'the version and settings of the network plugin',
})

/** Dialects that know clusters were lowered with their scope; in others it stands in no document. */
const scopedIn = (selector: Selector, dialect: PolicyDialect, { scope, clusterLabel }: PeersAcross): Selector => {
  if (dialect !== 'kubernetes' && dialect !== 'policy-api') return selector
  if (namesCluster(selector, clusterLabel)) return asCluster(selector, clusterLabel)
  switch (scope) {
    case 'own':
      return NONE
    case 'every':
      return selector
    case 'unknown':
      return { kind: 'all', of: [selector, SCOPE_OPEN] }
  }
}

const SCOPE_OPEN: Selector = {
  kind: 'unknown',
  why: 'whether a selector that names no cluster means pods of other clusters, too, is decided by the version and settings of the network plugin',
}

const namesCluster = (selector: Selector, key: string): boolean => {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.some(part => namesCluster(part, key))
    case 'not':
      return namesCluster(selector.of, key)
    case 'label':
      return selector.of === 'pod' && selector.requirement.key === key
    default:
      return false
  }
}

const asCluster = (selector: Selector, key: string): Selector =>
  withLabels(selector, label =>
    label.of === 'pod' && label.requirement.key === key
      ? { ...label, of: 'cluster', requirement: { ...label.requirement, key: '' } }
      : label,
  )

/** Nodes have no sets of their own: which cluster they are in is settled here. */
const settled = (selector: Selector, name: ClusterName): Selector =>
  withLabels(selector, label => {
    if (label.of !== 'cluster') return label
    const holds = clusterHolds(label.requirement, name)
    return holds === null ? NAME_OPEN : holds ? EVERY : NONE
  })

const NAME_OPEN: Selector = {
  kind: 'unknown',
  why: 'the name by which policies know the other cluster was not read',
}

type Label = Selector & { readonly kind: 'label' }

const withLabels = (selector: Selector, change: (label: Label) => Selector): Selector => {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return { ...selector, of: selector.of.map(part => withLabels(part, change)) }
    case 'not':
      return { ...selector, of: withLabels(selector.of, change) }
    case 'label':
      return change(selector)
    default:
      return selector
  }
}
