import type { Namespace, Node } from '../model/cluster.ts'
import type { Selector } from '../model/rule.ts'
import type { LabelRequirement } from '../model/selector.ts'
import { type BitAlgebra, type Bits, bitSets } from '../sets/bit-set.ts'
import type { Outcome } from './fold.ts'
import type { HostGroups } from './host-groups.ts'
import { type ClusterName, clusterHolds } from './label-holds.ts'
import { nameOf, nodeHolds } from './node-holds.ts'
import type { Identity } from './population.ts'

/** Which identities a selector holds for: certainly, and possibly. Each selector is worked out once. */
export interface Selection {
  readonly bits: BitAlgebra
  readonly of: (selector: Selector) => Outcome<Bits>
}

const NO_HOSTS = { groups: [], nodes: [] }

export const selectionOver = (
  identities: readonly Identity[],
  namespaces: ReadonlyMap<string, Namespace>,
  clusterName: ClusterName,
  hosts: { readonly groups: HostGroups; readonly nodes: readonly (Node | string)[] } = NO_HOSTS,
): Selection => {
  const bits = bitSets(identities.length)
  const certain = (set: Bits): Outcome<Bits> => ({ must: set, may: set })
  const podLabels = postings(bits, identities, identity => identity.labels)
  const namespaceLabels = postings(
    bits,
    identities,
    identity => namespaces.get(identity.namespace)?.labels ?? new Map(),
  )
  const accounts = postings(bits, identities, identity => new Map([['', identity.account]]))
  const inNamespace = postings(bits, identities, identity => new Map([['', identity.namespace]]))
  const unread = bits.of(
    identities.filter(identity => namespaces.get(identity.namespace)?.read !== true).map(identity => identity.number),
  )
  const label = ({ of, requirement }: Selector & { kind: 'label' }): Outcome<Bits> => {
    switch (of) {
      case 'pod':
        return certain(podLabels(requirement))
      case 'account':
        return certain(accounts(requirement))
      case 'namespace': {
        const known = namespaceLabels(requirement)
        // The server itself labels every namespace with its name; other labels of a namespace that was not read are open.
        return requirement.key === 'kubernetes.io/metadata.name'
          ? certain(known)
          : { must: bits.subtract(known, unread), may: bits.union(known, unread) }
      }
      case 'cluster': {
        const holds = clusterHolds(requirement, clusterName)
        return holds === null ? { must: bits.empty, may: bits.full } : certain(holds ? bits.full : bits.empty)
      }
      case 'node':
        return onNodes({ kind: 'label', of, requirement })
    }
  }
  /** What holds for every node that a pod may be on holds for it. */
  const onNodes = (selector: Selector): Outcome<Bits> => {
    const all = hosts.nodes.map(node => ({ name: nameOf(node), holds: nodeHolds(selector, node, clusterName) }))
    const answers = new Map<number | null, { readonly must: boolean; readonly may: boolean }>()
    const answerFor = (host: number | null) => {
      const names = host === null ? null : new Set(hosts.groups[host])
      const asked = names === null ? all : all.filter(({ name }) => names.has(name))
      const answer = {
        must: asked.length > 0 && asked.every(({ holds }) => holds === true),
        may: asked.length === 0 || asked.some(({ holds }) => holds !== false),
      }
      answers.set(host, answer)
      return answer
    }
    const those = (part: 'must' | 'may'): Bits =>
      bits.of(identities.filter(({ host }) => (answers.get(host) ?? answerFor(host))[part]).map(({ number }) => number))
    return { must: those('must'), may: those('may') }
  }
  const evaluate = (selector: Selector): Outcome<Bits> => {
    switch (selector.kind) {
      case 'all':
        return selector.of
          .map(of)
          .reduce(
            (a, b) => ({ must: bits.intersect(a.must, b.must), may: bits.intersect(a.may, b.may) }),
            certain(bits.full),
          )
      case 'any':
        return selector.of
          .map(of)
          .reduce((a, b) => ({ must: bits.union(a.must, b.must), may: bits.union(a.may, b.may) }), certain(bits.empty))
      case 'not': {
        const { must, may } = of(selector.of)
        return { must: bits.complement(may), may: bits.complement(must) }
      }
      case 'namespace':
        return certain(inNamespace({ key: '', operator: 'In', values: [selector.name] }))
      case 'label':
        return label(selector)
      case 'unknown':
        return { must: bits.empty, may: bits.full }
    }
  }
  const known = new Map<string, Known>()
  const byContent = (selector: Selector): Known => {
    const key = keyOf(selector)
    const before = known.get(key)
    if (before !== undefined) return before
    const made = { number: known.size, outcome: evaluate(selector) }
    known.set(key, made)
    return made
  }
  /** By the numbers of its parts: a part is written once, however deep it stands. */
  const keyOf = (selector: Selector): string => {
    switch (selector.kind) {
      case 'all':
      case 'any':
        return `${selector.kind} ${selector.of.map(part => knownOf(part).number).join(' ')}`
      case 'not':
        return `not ${knownOf(selector.of).number}`
      default:
        return JSON.stringify(selector)
    }
  }
  // Most are asked again as the same object, which needs no text.
  const asked = new WeakMap<Selector, Known>()
  const knownOf = (selector: Selector): Known => {
    const before = asked.get(selector)
    if (before !== undefined) return before
    const found = byContent(selector)
    asked.set(selector, found)
    return found
  }
  const of = (selector: Selector): Outcome<Bits> => knownOf(selector).outcome
  return { bits, of }
}

/** Selectors that say the same have one. */
interface Known {
  readonly number: number
  readonly outcome: Outcome<Bits>
}

/** Requirements as sets, from lists of who has which value of which key. */
const postings = (
  bits: BitAlgebra,
  identities: readonly Identity[],
  labelsOf: (identity: Identity) => ReadonlyMap<string, string>,
): ((requirement: LabelRequirement) => Bits) => {
  const byKey = new Map<string, Map<string, number[]>>()
  for (const identity of identities) {
    for (const [key, value] of labelsOf(identity)) {
      const values = byKey.get(key) ?? new Map<string, number[]>()
      byKey.set(key, values)
      const list = values.get(value)
      if (list === undefined) values.set(value, [identity.number])
      else list.push(identity.number)
    }
  }
  const having = (key: string, values: readonly string[] | null): Bits => {
    const lists = byKey.get(key)
    if (lists === undefined) return bits.empty
    return bits.of((values ?? [...lists.keys()]).flatMap(value => lists.get(value) ?? []))
  }
  return ({ key, operator, values }) => {
    switch (operator) {
      case 'In':
        return having(key, values)
      case 'NotIn':
        return bits.complement(having(key, values))
      case 'Exists':
        return having(key, null)
      case 'DoesNotExist':
        return bits.complement(having(key, null))
    }
  }
}
