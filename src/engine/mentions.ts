import type { Cluster } from '../model/cluster.ts'
import { type PolicyDialect, peerPartsOf, type RulePolicy, type Selector } from '../model/rule.ts'
import type { Addresses } from '../sets/addresses.ts'
import { countBefore, countUpTo, sortedBounds, type Words } from '../sets/bounds.ts'
import { type Family, readAddress, widthOf } from '../sets/cidr.ts'
import { type HostGroups, hostGroupsIn, placesPods } from './host-groups.ts'
import { lazily } from './lazily.ts'

/** What selectors and rules ask of pods; what nobody asks tells no pods apart. */
export interface Mentions {
  /** Sorted. */
  readonly labels: readonly string[]
  readonly ports: ReadonlySet<string>
  readonly accounts: boolean
  /** Nodes that host policies tell apart. */
  readonly hosts: HostGroups
  /** On which of these groups a pod runs makes a difference. */
  readonly places: boolean
  /** Where bounds of blocks fall among the sorted addresses of the pods: as many addresses lie before. Ascending. */
  readonly cuts: { readonly 4: readonly number[]; readonly 6: readonly number[] }
  /** Some rule is about addresses: one of a family says nothing of the other. */
  readonly blocks: boolean
}

export interface MentionReader {
  readonly in: (policies: readonly RulePolicy[]) => Mentions
  /** Which piece an address of a pod is in: rules about addresses cannot tell two of one piece apart. */
  readonly placesBy: (mentions: Mentions) => (address: string) => number | null
}

/** Reads each policy once, whatever others stand beside it. */
export const mentionReader = (
  cluster: Cluster,
  blocksCatchPods: (dialect: PolicyDialect) => boolean,
): MentionReader => {
  const book = lazily(() => addressBook(cluster))
  const others = lazily(() => mentionedOutsidePolicies(cluster))
  const byPolicy = new WeakMap<RulePolicy, Mentioned>()
  const of = (policy: RulePolicy): Mentioned => {
    const before = byPolicy.get(policy)
    if (before !== undefined) return before
    const made = mentionedBy(policy)
    const blocks = blocksCatchPods(policy.dialect) ? blocksOf(policy) : []
    for (const block of blocks) cutBy(block, book(), made)
    made.blocks = blocks.length > 0
    byPolicy.set(policy, made)
    return made
  }
  return {
    in: policies => {
      const all = nothing()
      for (const one of [others(), ...policies.map(of)]) {
        for (const key of one.labels) all.labels.add(key)
        for (const name of one.ports) all.ports.add(name)
        for (const place of one.cuts[4]) all.cuts[4].add(place)
        for (const place of one.cuts[6]) all.cuts[6].add(place)
        all.accounts ||= one.accounts
        all.blocks ||= one.blocks
      }
      return {
        labels: [...all.labels].sort(),
        ports: all.ports,
        accounts: all.accounts,
        hosts: hostGroupsIn(policies, cluster),
        places: placesPods(policies),
        cuts: { 4: ascending(all.cuts[4]), 6: ascending(all.cuts[6]) },
        blocks: all.blocks,
      }
    },
    placesBy: ({ cuts, blocks }) => {
      // Without blocks there is one piece, and no address has to be read.
      if (!blocks) return () => 0
      if (cuts[4].length + cuts[6].length === 0) return text => (text.includes(':') ? -1 : 0)
      const sorted = { 4: Uint32Array.from(cuts[4]), 6: Uint32Array.from(cuts[6]) }
      return text => {
        const read = readAddress(text)
        if (read.kind === 'refused') return null
        const { family, words } = read.value
        const piece = countUpTo(1, sorted[family], [countBefore(widthOf(family), book()[family], words)])
        // No piece of one family is one of the other.
        return family === 4 ? piece : -1 - piece
      }
    },
  }
}

interface Mentioned {
  readonly labels: Set<string>
  readonly ports: Set<string>
  readonly cuts: { readonly 4: Set<number>; readonly 6: Set<number> }
  accounts: boolean
  blocks: boolean
}

const nothing = (): Mentioned => ({
  labels: new Set(),
  ports: new Set(),
  cuts: { 4: new Set(), 6: new Set() },
  accounts: false,
  blocks: false,
})

const ascending = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].sort((a, b) => a - b)

const mentionedBy = (policy: RulePolicy): Mentioned => {
  const found = nothing()
  inSelector(policy.subject, found)
  for (const section of [policy.egress, policy.ingress]) {
    for (const rule of section.rules) {
      for (const { name } of rule.traffic.named) found.ports.add(name)
      for (const peer of peerPartsOf(rule)) if (peer.kind === 'pods') inSelector(peer.selector, found)
    }
  }
  return found
}

/** Services and egress gateways choose pods, too. */
const mentionedOutsidePolicies = (cluster: Cluster): Mentioned => {
  const found = nothing()
  for (const gateway of cluster.egressGateways) inSelector(gateway.subject, found)
  for (const service of cluster.services) {
    for (const key of service.selector?.keys() ?? []) found.labels.add(key)
    for (const port of service.ports)
      if (port.targetPort !== null && !/^\d+$/.test(port.targetPort)) found.ports.add(port.targetPort)
  }
  return found
}

const inSelector = (selector: Selector, found: Mentioned): void => {
  switch (selector.kind) {
    case 'all':
    case 'any':
      for (const part of selector.of) inSelector(part, found)
      return
    case 'not':
      inSelector(selector.of, found)
      return
    case 'label':
      if (selector.of === 'pod') found.labels.add(selector.requirement.key)
      if (selector.of === 'account') found.accounts = true
      return
    default:
      return
  }
}

const blocksOf = (policy: RulePolicy): readonly Addresses[] =>
  [policy.egress, policy.ingress]
    .flatMap(section => section.rules.flatMap(peerPartsOf))
    .flatMap(peer => (peer.kind === 'block' ? [peer.addresses] : []))

/** The sorted addresses that pods have, by family. */
type AddressBook = Readonly<Record<Family, Words>>

const addressBook = (cluster: Cluster): AddressBook => {
  const texts = new Set(cluster.workloads.flatMap(workload => workload.pods.flatMap(pod => pod.addresses)))
  const words: Record<Family, number[]> = { 4: [], 6: [] }
  for (const text of texts) {
    const read = readAddress(text)
    if (read.kind === 'read') words[read.value.family].push(...read.value.words)
  }
  return { 4: sortedBounds(1, Uint32Array.from(words[4])), 6: sortedBounds(4, Uint32Array.from(words[6])) }
}

/** A bound beside all addresses cuts nothing. */
const cutBy = (block: Addresses, book: AddressBook, { cuts }: Mentioned): void => {
  for (const [family, { bounds }] of [
    [4, block.v4],
    [6, block.v6],
  ] as const) {
    const width = widthOf(family)
    const all = book[family].length / width
    if (all === 0) continue
    for (let at = 0; at < bounds.length; at += width) {
      const before = countBefore(width, book[family], bounds.subarray(at, at + width))
      if (before > 0 && before < all) cuts[family].add(before)
    }
  }
}
