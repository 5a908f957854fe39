import { hostOutcomes } from './calico-hosts.ts'
import { calicoOutcomes } from './calico-order.ts'
import { ciliumOpinions } from './cilium.ts'
import { flights, type Party } from './estate.ts'
import { kubernetesOpinions } from './kubernetes.ts'
import { type Decision, tierDecisions } from './policy-api.ts'
import { isOwnNode, type Opinion, type Question } from './question.ts'
import { allOf, oneOf } from './three.ts'
import { ICMP, ICMPV6, type Judgement, type Packet, SCTP, TCP, UDP, type Verdict, type World } from './types.ts'

/**
 * One packet, judged by the documents: the sender's policy must let it out, and, where the destination is a pod, that
 * pod's policy must let it in. Replies are not modelled. Where a packet may carry one of several addresses, the verdict
 * stands only if it is the same for all.
 */
export const judge = (world: World, packet: Packet): Judgement => {
  const pairs = flights(world.objects, packet)
  if (pairs === null) {
    const why = 'an end is not in the world, or has no address that could carry the packet'
    return { verdict: 'unknown', egress: 'unknown', ingress: packet.to.kind === 'pod' ? 'unknown' : null, why }
  }
  const each = pairs.map(pair => judgeFlight(world, packet, pair.from, pair.to))
  const ingress = each.flatMap(one => (one.ingress === null ? [] : [one.ingress]))
  return {
    verdict: oneOf(each.map(one => one.verdict)),
    egress: oneOf(each.map(one => one.egress)),
    ingress: ingress.length === 0 ? null : oneOf(ingress),
    why: [...new Set(each.map(one => one.why))].join(' | '),
  }
}

const judgeFlight = (world: World, packet: Packet, from: Party, to: Party): Judgement => {
  const { objects, platform } = world
  // A pod cannot block access to itself. Source: kubernetes.io, "Network Policies".
  const itself = from.kind === 'pod' && to.kind === 'pod' && from.namespace === to.namespace && from.name === to.name
  if (itself) return { verdict: 'allowed', egress: 'allowed', ingress: 'allowed', why: 'a pod to itself' }
  // Of policies for nodes only Calico's are modelled: what those make of it is asked apart.
  const egress =
    from.kind === 'pod'
      ? side({ objects, platform, direction: 'egress', subject: from, peer: to, packet })
      : { verdict: 'allowed' as const, why: 'the sender is a node' }
  const ingress =
    to.kind === 'pod' ? side({ objects, platform, direction: 'ingress', subject: to, peer: from, packet }) : null
  const hosts = hostOutcomes(world, packet, from, to, isolated({ packet, platform })).map(oneOf)
  return {
    verdict: allOf([egress.verdict, ...(ingress === null ? [] : [ingress.verdict]), ...hosts]),
    egress: egress.verdict,
    ingress: ingress?.verdict ?? null,
    why: `egress: ${egress.why}${ingress === null ? '' : `; ingress: ${ingress.why}`}${hosts.length === 0 ? '' : `; hosts: ${hosts.join(', ')}`}`,
  }
}

interface Side {
  readonly verdict: Verdict
  readonly why: string
}

/** One direction. A pod and its own node may be outside policy; the platform says whether. */
const side = (question: Question): Side => {
  const rule = question.direction === 'egress' ? question.platform.ownNode : question.platform.fromOwnNode
  const own = isOwnNode(question)
  if (own && rule === 'allowed') return { verdict: 'allowed', why: 'its own node' }
  const mayBeOpen = (outcomes: ReadonlySet<Verdict>): Verdict =>
    oneOf(own && rule === 'unknown' ? [...outcomes, 'allowed'] : outcomes)
  if (question.platform.enforces.calico === true) {
    const { outcomes, why } = calicoOutcomes(question, isolated(question))
    return { verdict: mayBeOpen(outcomes), why }
  }
  const opinions = [
    ...(question.platform.enforces.kubernetes ? kubernetesOpinions(question) : []),
    ...(question.platform.enforces.cilium ? ciliumOpinions(question) : []),
  ]
  return { verdict: mayBeOpen(decide(question, opinions)), why: explain(question, opinions) }
}

const NONE: ReadonlySet<Decision> = new Set(['none'])

/**
 * Admin tier, then the additive policies, then the Baseline tier, then open. Pass leaves its tier. Additive policies that
 * isolate the pod in this direction decide for good; Baseline is for pods that nothing isolates.
 * Source: network-policy-api, type ClusterNetworkPolicySpec, field tier.
 */
const decide = (question: Question, opinions: readonly Opinion[]): ReadonlySet<Verdict> => {
  const tier = (name: 'admin' | 'baseline'): ReadonlySet<Decision> =>
    question.platform.enforces.policyApi ? tierDecisions(question, name) : NONE
  const outcomes = new Set<Verdict>()
  for (const admin of tier('admin')) {
    if (admin === 'allow') outcomes.add('allowed')
    else if (admin === 'deny') outcomes.add('denied')
    else
      for (const additive of additiveOutcomes(question, opinions)) {
        if (additive !== 'open') outcomes.add(additive)
        else for (const baseline of tier('baseline')) outcomes.add(baseline === 'deny' ? 'denied' : 'allowed')
      }
  }
  return outcomes
}

/**
 * Deny beats allow, allow beats isolation, wherever each was said. Every outcome that the opinions leave possible.
 * Source: docs.cilium.io, "Deny Policies"; kubernetes.io, "Network Policies".
 */
const additiveOutcomes = (question: Question, opinions: readonly Opinion[]): ReadonlySet<Verdict | 'open'> => {
  let states = new Set(['---'])
  for (const { says } of opinions) {
    const next = new Set<string>()
    for (const state of states)
      for (const say of says)
        next.add(
          (say.isolates ? 'i' : state.charAt(0)) +
            (say.allows ? 'a' : state.charAt(1)) +
            (say.denies ? 'd' : state.charAt(2)),
        )
    states = next
  }
  const outcomes = new Set<Verdict | 'open'>()
  for (const state of states) {
    if (state.includes('d')) outcomes.add('denied')
    else if (state.includes('a')) outcomes.add('allowed')
    else if (!state.includes('i')) outcomes.add('open')
    else for (const verdict of isolated(question)) outcomes.add(verdict)
  }
  return outcomes
}

/** Only TCP, UDP and SCTP are promised to be stopped by isolation; for the rest, the platform says. */
const isolated = ({ packet, platform }: Pick<Question, 'packet' | 'platform'>): readonly Verdict[] => {
  const { protocol } = packet
  if (protocol === TCP || protocol === UDP) return ['denied']
  const { sctp, icmp, others } = platform.isolation
  const verdict = protocol === SCTP ? sctp : protocol === ICMP || protocol === ICMPV6 ? icmp : others
  return verdict === 'unknown' ? ['allowed', 'denied'] : [verdict]
}

const explain = (question: Question, opinions: readonly Opinion[]): string => {
  const parts = opinions
    .filter(opinion => opinion.says.some(say => say.isolates || say.allows || say.denies))
    .map(({ policy, says }) => {
      const words = says.map(say =>
        say.denies ? 'denies' : say.allows ? 'allows' : say.isolates ? 'isolates' : 'may not count',
      )
      return `${policy} ${[...new Set(words)].join(' or ')}`
    })
  const tiers = question.platform.enforces.policyApi
    ? [
        `admin ${[...tierDecisions(question, 'admin')].join('/')}`,
        `baseline ${[...tierDecisions(question, 'baseline')].join('/')}`,
      ]
    : []
  return [...parts, ...tiers].join(', ') || 'nothing applies'
}
