import {
  type Connection,
  type Listener,
  NODE_FACT_KINDS,
  type NodeFactKind,
  type NodeFacts,
  type NodeInterface,
  type NodeRoute,
  type RoutingRule,
  type Sysctl,
} from '../../model/node-facts.ts'
import type { FactOrigin, FirewallChain } from '../../model/node-firewall.ts'
import { MAX_NAT_ENTRIES, summariseNat } from './nat.ts'
import { type Journal, openJournal, type Reading } from './reading.ts'
import { isHiddenExtension, unknownParts } from './unknown-parts.ts'

/** What one output gave. */
export type Part =
  | { readonly kind: 'listeners'; readonly value: readonly Listener[] }
  | { readonly kind: 'sysctls'; readonly value: readonly Sysctl[] }
  | { readonly kind: 'interfaces'; readonly value: readonly NodeInterface[] }
  | { readonly kind: 'routes'; readonly value: readonly NodeRoute[]; readonly family: 4 | 6 | null }
  | { readonly kind: 'rules'; readonly value: readonly RoutingRule[]; readonly family: 4 | 6 | null }
  | { readonly kind: 'chains'; readonly value: readonly FirewallChain[] }
  | { readonly kind: 'connections'; readonly value: readonly Connection[] }

/**
 * Joins the outputs of one node. The same fact from two outputs (`ip addr` and `ip link`, a table saved twice) is one;
 * where two outputs contradict each other both stand, except that one firewall chain is the one that was read first.
 */
export const lowerNode = (
  cluster: string | null,
  node: string | null,
  parts: readonly Part[],
  file: string,
): Reading<NodeFacts> => {
  const journals = new Map<string, Journal>()
  const journalOf = (of: string): Journal => {
    const journal = journals.get(of) ?? openJournal(of)
    journals.set(of, journal)
    return journal
  }
  const chains = joinChains(
    parts.flatMap(part => (part.kind === 'chains' ? [part.value] : [])),
    (chain, other) =>
      journalOf(other.origin.file).warn(
        other.origin.line,
        'a chain is told twice and differently, the first is used',
        `${chain.table} ${chain.name}`,
      ),
  )
  for (const chain of chains.filter(({ tool, restated }) => tool === 'nft' && !restated))
    for (const rule of chain.rules)
      for (const part of unknownParts(rule).filter(isHiddenExtension))
        journalOf(rule.origin.file).note(
          'partly',
          rule.origin.line,
          'nftables hides the options of an iptables rule, save `iptables-save` as well',
          part,
        )
  const nat = summariseNat(chains)
  if (!nat.complete)
    journalOf(file).note(
      'partly',
      null,
      `the summary of translations stops at ${MAX_NAT_ENTRIES} entries or at its step limit`,
    )
  const value: NodeFacts = {
    cluster,
    node,
    listeners: distinct(
      parts.flatMap(part => (part.kind === 'listeners' ? [part.value] : [])),
      content,
    ),
    sysctls: distinct(
      parts.flatMap(part => (part.kind === 'sysctls' ? [part.value] : [])),
      content,
    ),
    interfaces: joinInterfaces(parts.flatMap(part => (part.kind === 'interfaces' ? [part.value] : []))),
    routes: distinct(
      parts.flatMap(part => (part.kind === 'routes' ? [part.value] : [])),
      content,
    ),
    rules: distinct(
      parts.flatMap(part => (part.kind === 'rules' ? [part.value] : [])),
      content,
    ),
    chains,
    nat: nat.entries,
    connections: distinct(
      parts.flatMap(part => (part.kind === 'connections' ? [part.value] : [])),
      sameFlow,
    ),
    missing: missingKinds(parts),
  }
  const closed = [...journals.values()].map(journal => journal.close(null))
  return {
    value,
    diagnostics: closed.flatMap(({ diagnostics }) => diagnostics),
    notes: closed.flatMap(({ notes }) => notes),
  }
}

/** Within one output nothing is merged: two equal lines of one table are two facts. */
const distinct = <T>(outputs: readonly (readonly T[])[], key: (item: T) => string): readonly T[] => {
  const [only] = outputs
  if (outputs.length <= 1) return only ?? []
  const seen = new Set<string>()
  const items: T[] = []
  for (const output of outputs) {
    const keys = output.map(key)
    for (const [i, item] of output.entries()) if (!seen.has(keys[i] ?? '')) items.push(item)
    for (const found of keys) seen.add(found)
  }
  return items
}

const content = (item: { readonly origin: FactOrigin }): string => JSON.stringify({ ...item, origin: null })

/** Counters and timeouts run on between two dumps; the ends of a flow do not. */
const sameFlow = (flow: Connection): string =>
  JSON.stringify([flow.protocol, flow.original, flow.reply, flow.zone, flow.event, flow.time])

const joinInterfaces = (outputs: readonly (readonly NodeInterface[])[]): readonly NodeInterface[] => {
  const byName = new Map<string, NodeInterface>()
  for (const next of outputs.flat()) {
    const before = byName.get(next.name)
    byName.set(
      next.name,
      before === undefined
        ? next
        : {
            ...before,
            kind: before.kind ?? next.kind,
            master: before.master ?? next.master,
            lower: before.lower ?? next.lower,
            tunnel: before.tunnel ?? next.tunnel,
            addresses: distinct([before.addresses, next.addresses], address => JSON.stringify(address)),
          },
    )
  }
  return [...byName.values()]
}

const joinChains = (
  outputs: readonly (readonly FirewallChain[])[],
  differs: (chain: FirewallChain, other: FirewallChain) => void,
): readonly FirewallChain[] => {
  const chains = new Map<string, FirewallChain>()
  for (const chain of outputs.flat()) {
    const key = `${chain.tool} ${chain.backend} ${chain.layer} ${chain.table} ${chain.name}`
    const before = chains.get(key)
    if (before === undefined) chains.set(key, chain)
    else if (shape(before) !== shape(chain)) differs(before, chain)
  }
  const told = new Set([...chains.values()].filter(isSavedByNft).map(chain => `${chain.layer} ${chain.table}`))
  return [...chains.values()].map(chain =>
    chain.tool === 'nft' && told.has(`${chain.layer} ${chain.table}`) ? { ...chain, restated: true } : chain,
  )
}

/** iptables over nftables: the same kernel tables, with the options that nft's JSON does not show. */
const isSavedByNft = (chain: FirewallChain): boolean => chain.tool === 'iptables' && chain.backend !== 'legacy'

const shape = (chain: FirewallChain): string =>
  JSON.stringify([chain.hook, chain.policy, chain.rules.map(rule => [rule.matches, rule.effects, rule.verdict])])

const missingKinds = (parts: readonly Part[]): readonly NodeFactKind[] => {
  const given = new Set<NodeFactKind>()
  for (const part of parts) {
    if (part.kind === 'chains') given.add('firewall')
    else if (part.kind === 'routes' || part.kind === 'rules') {
      const families = part.family === null ? new Set(part.value.map(item => item.family)) : new Set([part.family])
      for (const family of families) if (family !== null) given.add(`${part.kind}${family}`)
    } else given.add(part.kind)
  }
  return NODE_FACT_KINDS.filter(kind => !given.has(kind))
}
