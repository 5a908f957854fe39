import type { NodeFacts } from '../model/node-facts.ts'
import type { FirewallChain, FirewallVerdict } from '../model/node-firewall.ts'

/**
 * Whether a node's own packet filter may stop something that the node sends: a chain that its packets pass drops by default, or
 * a rule on the way drops, or nobody can tell what it does. What exactly it stops is not worked out, so `false` alone is a
 * claim. Not counted: chains of Kubernetes itself, which drop packets to addresses of the loopback and to Services without
 * endpoints. Source: kubernetes.io, "Virtual IPs and Service Proxies"; KEP-3178, KUBE-FIREWALL.
 */
export const firewallMayHold = ({ chains }: Pick<NodeFacts, 'chains'>): boolean => {
  const counted = chains.filter(chain => !chain.restated && !isOfKubernetes(chain))
  const byName = Map.groupBy(counted, keyOf)
  const seen = new Set<FirewallChain>()
  const waiting = counted.filter(isPassed)
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    if (seen.has(chain)) continue
    seen.add(chain)
    if (chain.policy === 'drop') return true
    const { tool, layer, table } = chain
    for (const verdict of chain.rules.flatMap(rule => verdictsIn(rule.verdict))) {
      if (verdict.kind === 'drop' || verdict.kind === 'reject' || verdict.kind === 'unknown') return true
      if (verdict.kind === 'jump' || verdict.kind === 'goto')
        waiting.push(...(byName.get(keyOf({ tool, layer, table, name: verdict.chain })) ?? []))
    }
  }
  return false
}

/** What a node makes itself passes these; translations only change it. */
const isPassed = ({ hook, type, table }: FirewallChain): boolean =>
  (hook === 'output' || hook === 'postrouting' || hook === 'egress') && type !== 'nat' && table !== 'nat'

const isOfKubernetes = ({ name, table }: FirewallChain): boolean => name.startsWith('KUBE-') || table === 'kube-proxy'

const keyOf = ({ tool, layer, table, name }: Pick<FirewallChain, 'tool' | 'layer' | 'table' | 'name'>): string =>
  [tool, layer, table, name].join(' ')

const verdictsIn = (verdict: FirewallVerdict): readonly FirewallVerdict[] =>
  verdict.kind === 'choice' ? verdict.choices.flatMap(choice => verdictsIn(choice.verdict)) : [verdict]
