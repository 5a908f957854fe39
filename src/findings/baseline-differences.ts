import { plainText } from '../engine/stack-content.ts'
import { matchesOne } from '../intent/subjects.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import { idOf, keyOf, type ObjectRef } from '../model/identity.ts'
import type { BaselinePolicy, Environment } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import { pathText } from '../model/provenance.ts'
import type { Peer, Rule, RulePolicy } from '../model/rule.ts'

/** A policy of the baseline that is one thing here and another in other clusters of the environment. */
export interface Difference {
  readonly here: ObjectRef
  /** The document that most of the others have. */
  readonly there: ObjectRef
  /** Places of rules that stand here alone, and of those that only the other document has. */
  readonly more: readonly string[]
  readonly less: readonly string[]
  /** What else is another: whom it selects, where it stands. */
  readonly others: readonly string[]
}

/**
 * Clusters whose document says what most of them say are left alone; where no text has a majority each cluster is told. Only
 * what documents do is compared: the order of rules that are asked together, and names, are nobody’s business.
 */
export const differencesIn = (
  { clusters }: Estate,
  environment: Environment,
  wanted: BaselinePolicy,
  cluster: Cluster,
): readonly Difference[] => {
  const inEnvironment = clusters.filter(({ name }) => matchesOne(environment.clusters, name))
  const documents = inEnvironment.map(one => ({ cluster: one, byName: documentsIn(one, wanted) }))
  const own = documents.find(one => one.cluster === cluster)?.byName ?? new Map<string, Document>()
  return [...own].flatMap(([name, here]) => {
    const all = documents.flatMap(({ byName }) => byName.get(name) ?? [])
    const byText = [...Map.groupBy(all, ({ text }) => text)].sort(
      ([a, few], [b, many]) => many.length - few.length || compareText(a, b),
    )
    const [most, second] = byText
    const isUsual = most?.[0] === here.text && (second?.[1].length ?? 0) < most[1].length
    const [there] = byText.find(([text]) => text !== here.text)?.[1] ?? []
    return isUsual || there === undefined ? [] : [differenceOf(here, there)]
  })
}

interface Document {
  readonly ref: ObjectRef
  readonly policies: readonly RulePolicy[]
  readonly text: string
}

/** By kind, namespace and name. */
const documentsIn = ({ rulePolicies }: Cluster, wanted: BaselinePolicy): ReadonlyMap<string, Document> => {
  const meant = rulePolicies.filter(
    ({ ref }) =>
      ref.kind === wanted.kind &&
      globMatches(wanted.name, ref.name) &&
      (wanted.namespaces === null || (ref.namespace !== null && matchesOne(wanted.namespaces, ref.namespace))),
  )
  return new Map(
    [...Map.groupBy(meant, ({ ref }) => keyOf({ ...ref, cluster: '' }))].map(([name, policies]) => [
      name,
      { ref: (policies[0] as RulePolicy).ref, policies, text: policies.map(textOf).join('\n') },
    ]),
  )
}

const textOf = (policy: RulePolicy): string =>
  [selectionOf(policy), placeOf(policy), ...DIRECTIONS.map(direction => sectionOf(policy, direction))].join(' ')

const DIRECTIONS = ['egress', 'ingress'] as const
type Direction = (typeof DIRECTIONS)[number]

const selectionOf = ({ selects, subject }: RulePolicy): string => plainText({ selects, subject })
const placeOf = ({ place, inert }: RulePolicy): string => plainText({ place, inert })
/** The first rule that matches decides where there are several actions. */
const sectionOf = (policy: RulePolicy, direction: Direction): string => {
  const { rules, isolates, unclaimed } = policy[direction]
  // A rule for two peers is two rules.
  const texts = rules.flatMap(rule => sortedPeers(rule).map(peer => ruleText({ ...rule, peers: [peer] })))
  const isOrdered = new Set(rules.map(({ action }) => action)).size > 1
  return plainText({ isolates, unclaimed, rules: isOrdered ? texts : [...new Set(texts)].sort(compareText) })
}

/** Any peer will do, in whatever order. */
const sortedPeers = ({ peers }: Rule): readonly Peer[] =>
  [...new Map(peers.map(peer => [plainText(peer), peer]))].sort(([a], [b]) => compareText(a, b)).map(([, peer]) => peer)

const ruleText = (rule: Rule): string => plainText({ ...rule, peers: sortedPeers(rule), at: null })

const differenceOf = (here: Document, there: Document): Difference => {
  const [own, other] = [rulesIn(here), rulesIn(there)]
  const alone = (of: ReadonlyMap<string, string>, without: ReadonlyMap<string, string>): readonly string[] => [
    ...new Set([...of].flatMap(([text, at]) => (without.has(text) ? [] : [at]))),
  ]
  const differs = (part: (policy: RulePolicy) => string): boolean =>
    // Where two documents of one name differ, each part counts once.
    unique(here.policies.map(part)) !== unique(there.policies.map(part))
  const [more, less] = [alone(own, other), alone(other, own)]
  const closes = (policy: RulePolicy): string => plainText(DIRECTIONS.map(direction => policy[direction].isolates))
  const others = [
    ...(differs(selectionOf) ? ['whom it selects'] : []),
    ...(differs(placeOf) ? ['where it stands among others'] : []),
    ...(differs(closes) ? ['what it closes by itself'] : []),
  ]
  // What is left are the same rules in another order.
  return {
    here: here.ref,
    there: there.ref,
    more,
    less,
    others: more.length + less.length + others.length > 0 ? others : ['the order of its rules'],
  }
}

const unique = (texts: readonly string[]): string => [...new Set(texts)].sort(compareText).join()

const rulesIn = ({ policies }: Document): ReadonlyMap<string, string> =>
  new Map(
    policies.flatMap(policy =>
      DIRECTIONS.flatMap(direction =>
        policy[direction].rules.map(rule => [`${direction} ${ruleText(rule)}`, pathText(rule.at)] as const),
      ),
    ),
  )

/** The smallest change that makes one of the other: rules to take out, and to bring. */
export const changeOf = ({ more, less, there, others }: Difference): string =>
  [
    ...(more.length > 0 ? [`take ${listOf(more)} out`] : []),
    ...(less.length > 0 ? [`bring ${listOf(less)} of \`${idOf(there)}\``] : []),
    ...(others.length > 0 ? [`align ${others.join(' and ')} with \`${idOf(there)}\``] : []),
  ].join(', ')

const listOf = (paths: readonly string[]): string => paths.map(path => `\`${path}\``).join(' and ')
