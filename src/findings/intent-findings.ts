import { placesOf } from '../intent/declared.ts'
import { type Problem, type ProblemKind, problemsIn } from '../intent/problems.ts'
import { matchesOne, speaksOf, speaksOfNode } from '../intent/subjects.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { Finding } from '../model/finding.ts'
import { idOf, keyOf } from '../model/identity.ts'
import type { EgressIntent, IntentDocument, IntentSubject } from '../model/intent.ts'
import { type DocumentPath, pathText } from '../model/provenance.ts'
import type { Check } from './check.ts'
import { intentUnreadable } from './checks/i012-intent-unreadable.ts'
import { intentRefersToNothing } from './checks/i013-intent-refers-to-nothing.ts'
import { intentExpired } from './checks/i014-intent-expired.ts'
import { intentUnowned } from './checks/i015-intent-unowned.ts'
import { intentPastReview } from './checks/i016-intent-past-review.ts'
import { intentUnjustified } from './checks/i017-intent-unjustified.ts'
import { intentRepeated } from './checks/i018-intent-repeated.ts'
import { intentForNobody } from './checks/i019-intent-for-nobody.ts'
import { nodesNotHeld } from './checks/i026-nodes-not-held.ts'
import { missingPlaces } from './declared-missing.ts'
import { exceptionFor } from './exceptions.ts'
import type { FindOptions } from './find-options.ts'
import { fingerprintOf } from './fingerprint.ts'
import { notHeldIn, type Said } from './nodes-not-held.ts'

const BY_KIND: Readonly<Record<ProblemKind, Check>> = {
  unreadable: intentUnreadable,
  'refers-to-nothing': intentRefersToNothing,
  expired: intentExpired,
  unowned: intentUnowned,
  'past-review': intentPastReview,
  unjustified: intentUnjustified,
  duplicate: intentRepeated,
  overlapping: intentRepeated,
}

/** What is wrong with declarations by themselves, those that speak of nobody who was read, and those that nothing upholds. */
export const intentFindings = (estate: Estate, options: FindOptions): readonly Finding[] => {
  const notHeld = notHeldIn(estate)
  return [
    ...problemsIn(estate.intents, options.now.slice(0, 10)).map(problem => asFinding(problem, estate, options)),
    ...missingPlaces(estate, options.now.slice(0, 10)).map(problem => asFinding(problem, estate, options)),
    ...estate.intents.intents.flatMap(intent => {
      const nobody = forNobody(intent, estate)
      const nodes = notHeld(intent)
      return [
        ...(nobody === null ? [] : [finding(intentForNobody, intent, nobody, ownerOf(intent), estate, options)]),
        ...(nodes === null ? [] : [finding(nodesNotHeld, intent, nodes, ownerOf(intent), estate, options)]),
      ]
    }),
  ]
}

/** Functions are other subjects, and without a cluster nobody is there to be named. */
const forNobody = (intent: EgressIntent, { clusters }: Estate): Said | null => {
  const { from, ref } = intent
  if (from === null || clusters.length === 0) return null
  const isForNobody =
    from.kind === 'workloads' ? !clusters.some(cluster => isForSome(from, cluster)) : isForNoNode(from, clusters)
  if (!isForNobody) return null
  const [whom, what] = from.kind === 'workloads' ? ['workload', 'workloads'] : ['node', 'pools']
  const says = `no ${whom} that was read is one of those it names`
  return {
    at: ['spec', 'from'],
    says,
    remedy: `in ${ref.kind} \`${ref.name}\`: name ${what} that are there, or remove it`,
    key: ` ${says}`,
  }
}

const isForSome = (from: IntentSubject, { workloads }: Cluster): boolean =>
  workloads.some(
    workload =>
      speaksOf(from, workload, workload.shape) || workload.pods.some(pod => speaksOf(from, workload, pod.shape)),
  )

/** Of a cluster whose nodes were not read, nobody can tell which pools it has. */
const isForNoNode = (from: IntentSubject, clusters: readonly Cluster[]): boolean =>
  from.kind === 'nodes' &&
  clusters
    .filter(({ name }) => matchesOne(from.clusters, name))
    .every(
      ({ nodes, unread }) =>
        nodes.length > 0 && !unread.has('nodes') && !unread.has('*') && !nodes.some(node => speaksOfNode(from, node)),
    )

const asFinding = (problem: Problem, estate: Estate, options: FindOptions): Finding => {
  const { document, says } = problem
  const { ref } = document
  const entry = 'allow' in document ? (document as EgressIntent).allow.find(one => isAt(problem.at, one.at)) : undefined
  const key = entry === undefined ? withoutIndexes(problem.at) : placesOf(entry).join(' ')
  const remedy = `in ${ref.kind} \`${ref.name}\`: ${problem.remedy}`
  const said = { ...problem, remedy, key: `${key} ${says}` }
  const owner = entry === undefined ? ownerOf(document) : entry.owner
  return finding(BY_KIND[problem.kind], document, said, owner, estate, options)
}

/** Whoever answers for all of a document; null where nobody does, or several do. */
const ownerOf = (document: IntentDocument & { readonly owner?: string | null }): string | null => {
  if (document.owner !== undefined) return document.owner
  const owners = new Set('allow' in document ? (document as EgressIntent).allow.map(({ owner }) => owner) : [])
  const [only = null, ...more] = owners
  return more.length === 0 ? only : null
}

/** An entry keeps its fingerprint when others are put before it. */
const withoutIndexes = (path: DocumentPath): string => path.filter(step => typeof step === 'string').join('.')

const isAt = (path: DocumentPath, place: DocumentPath): boolean => place.every((step, i) => path[i] === step)

const finding = (
  check: Check,
  document: IntentDocument,
  { at, says, remedy, key }: Said,
  owner: string | null,
  { exceptions }: Estate,
  { now, baseline, lineOf }: FindOptions,
): Finding => {
  const { ref, origin } = document
  const fingerprint = fingerprintOf(check.id, ref.cluster, keyOf(ref), key)
  const exception = exceptionFor(exceptions, check.id, ref, now)
  return {
    id: check.id,
    fingerprint,
    title: check.title,
    severity: check.severity,
    state: exception !== null ? 'accepted' : baseline.has(fingerprint) ? 'baseline' : 'open',
    cluster: ref.cluster,
    object: idOf(ref),
    file: origin.file,
    line: lineOf(origin, at),
    owner,
    why: `${pathText(at)}: ${says}`,
    path: [],
    witness: null,
    remedy,
    references: check.references,
    exception,
  }
}
