import type { ClusterEngine } from '../../engine/cluster-engine.ts'
import type { Cluster } from '../../model/cluster.ts'
import { keyOf } from '../../model/identity.ts'
import type { Peer, Rule, RulePolicy, Selector } from '../../model/rule.ts'
import { membersOf } from '../../sets/bit-set.ts'
import { traffics } from '../../sets/traffic.ts'
import { type Check, hit, several } from '../check.ts'
import { holdsForNamespace, mayHoldForLabels, namespaceKeysOf, partsOf } from '../selector-parts.ts'
import { isSplit } from '../split-peers.ts'
import { workloadsAreKnown } from '../unseen-policies.ts'

export const peerMatchesNothing: Check = {
  id: 'PST-P020',
  title: 'Rule for pods that are not there',
  severity: 'low',
  why: 'A rule for a label or a port name that nothing carries opens nothing today. It is a mistake that somebody will look for elsewhere, or a door that opens when somebody writes the label.',
  remedy: 'Correct the selector or the port name, or remove the rule.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  *run(view) {
    const { cluster } = view
    if (!workloadsAreKnown(cluster) || cluster.workloads.length === 0) return
    const told = new Set<string>()
    for (const policy of cluster.rulePolicies) {
      if (policy.inert !== null || policy.selects !== 'pods' || told.has(keyOf(policy.ref))) continue
      const { engine } = view.possible()
      for (const rule of policy.egress.rules) {
        // Told as two peers that were meant as one.
        if (isSplit(rule, engine)) continue
        const why = whyNotOwn(rule, policy, engine) ?? whyNothing(rule, policy, cluster, engine)
        if (why === null) continue
        told.add(keyOf(policy.ref))
        yield hit(policy, why, `correct the rule in ${policy.ref.kind} \`${policy.ref.name}\`, or remove it`, {
          at: rule.at,
        })
        break
      }
    }
  },
}

/** null: it matches something, or nobody can tell. */
const whyNothing = (rule: Rule, { dialect }: RulePolicy, cluster: Cluster, engine: ClusterEngine): string | null => {
  const { bits, of } = engine.selection
  const pods = rule.peers.flatMap(neededPods)
  for (const selector of pods) {
    if (!bits.isEmpty(of(selector).may)) continue
    const { namespaces, everyPod } = partsOf(selector)
    const keys = namespaceKeysOf(namespaces)
    const meant = [...cluster.namespaces.values()].filter(one => holdsForNamespace(namespaces, one))
    if (meant.length === 0 && keys.length > 0 && [...cluster.namespaces.values()].every(({ read }) => read))
      return `no namespace carries ${several(keys)} as the rule asks: whoever may label a namespace opens it`
    // Only a part of the cluster may have been given: pods of a namespace without any are not missed.
    if (everyPod || bits.isEmpty(of(namespaces).must)) continue
    const inside = meant.map(one => one.ref.name)
    const onHost = inside
      .flatMap(name => cluster.workloadsIn.get(name) ?? [])
      .filter(({ shape }) => shape.hostNetwork && mayHoldForLabels(partsOf(selector).pods, shape.labels))
    return onHost.length > 0
      ? `it means ${several(onHost.map(({ ref }) => ref.name))} on the host network, which no selector of pods matches`
      : `its selector matches no pod ${dialect === 'calico' ? 'and no network set ' : ''}in ${several(inside)}`
  }
  return rule.peers.every(isPods) ? whyNoPort(rule, engine) : null
}

/** Pods without which a peer means nothing. */
const neededPods = (peer: Peer): readonly Selector[] =>
  peer.kind === 'pods' ? [peer.selector] : peer.kind === 'all' ? peer.of.flatMap(neededPods) : []

/** Calico's rules may say what the end that the policy selects must be, too. */
const whyNotOwn = ({ own }: Rule, { subject }: RulePolicy, { selection }: ClusterEngine): string | null => {
  const { bits, of } = selection
  const { may } = of(subject)
  return own !== undefined && !bits.isEmpty(may) && neededPods(own).some(selector => !bits.meets(of(selector).may, may))
    ? 'its `source` fits none of the pods that the policy selects'
    : null
}

const isPods = (peer: Peer): boolean => peer.kind === 'pods'

const whyNoPort = ({ peers, traffic }: Rule, { selection, population }: ClusterEngine): string | null => {
  if (traffic.named.length === 0 || !traffics.isEmpty(traffic.exact) || !traffics.isEmpty(traffic.maybe)) return null
  const { bits, of } = selection
  const meant = peers
    .map(peer => (peer.kind === 'pods' ? of(peer.selector).may : bits.empty))
    .reduce(bits.union, bits.empty)
  if (bits.isEmpty(meant)) return null
  const names = new Set(
    [...membersOf(meant)].flatMap(member => population.identities[member]?.namedPorts.map(port => port.name) ?? []),
  )
  return traffic.named.some(({ name }) => names.has(name))
    ? null
    : `no pod that it means has a port named ${several(traffic.named.map(({ name }) => name))}`
}
