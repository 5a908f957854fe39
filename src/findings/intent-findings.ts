import { placesOf } from '../intent/declared.ts'
import { type Problem, type ProblemKind, problemsIn } from '../intent/problems.ts'
import { speaksOf } from '../intent/subjects.ts'
import type { Estate } from '../model/cluster.ts'
import type { Finding } from '../model/finding.ts'
import { idOf, keyOf } from '../model/identity.ts'
import type { EgressIntent, IntentDocument } from '../model/intent.ts'
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
import { exceptionFor } from './exceptions.ts'
import type { FindOptions } from './find-options.ts'
import { fingerprintOf } from './fingerprint.ts'

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

/** What is wrong with declarations by themselves, and those that speak of nobody who was read. */
export const intentFindings = (estate: Estate, options: FindOptions): readonly Finding[] => [
  ...problemsIn(estate.intents, options.now.slice(0, 10)).map(problem => asFinding(problem, estate, options)),
  ...estate.intents.intents
    .filter(intent => isForNobody(intent, estate))
    .map(intent =>
      finding(
        intentForNobody,
        intent,
        {
          at: ['spec', 'from'],
          says: 'no workload that was read is one of those it names',
          remedy: 'name workloads that are there, or remove it',
          key: '',
        },
        null,
        estate,
        options,
      ),
    ),
]

/** Nodes and functions are other subjects, and without a cluster nobody is there to be named. */
const isForNobody = ({ from }: EgressIntent, { clusters }: Estate): boolean =>
  from?.kind === 'workloads' &&
  clusters.length > 0 &&
  !clusters.some(cluster =>
    cluster.workloads.some(
      workload =>
        speaksOf(from, workload, workload.shape) || workload.pods.some(pod => speaksOf(from, workload, pod.shape)),
    ),
  )

const asFinding = (problem: Problem, estate: Estate, options: FindOptions): Finding => {
  const { document } = problem
  const entry = 'allow' in document ? (document as EgressIntent).allow.find(one => isAt(problem.at, one.at)) : undefined
  const key = entry === undefined ? withoutIndexes(problem.at) : placesOf(entry).join(' ')
  return finding(BY_KIND[problem.kind], document, { ...problem, key }, entry?.owner ?? null, estate, options)
}

/** An entry keeps its fingerprint when others are put before it. */
const withoutIndexes = (path: DocumentPath): string => path.filter(step => typeof step === 'string').join('.')

const isAt = (path: DocumentPath, place: DocumentPath): boolean => place.every((step, i) => path[i] === step)

const finding = (
  check: Check,
  document: IntentDocument,
  { at, says, remedy, key }: Pick<Problem, 'at' | 'says' | 'remedy'> & { readonly key: string },
  owner: string | null,
  { exceptions }: Estate,
  { now, baseline, lineOf }: FindOptions,
): Finding => {
  const { ref, origin } = document
  const fingerprint = fingerprintOf(check.id, ref.cluster, keyOf(ref), `${key} ${says}`)
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
    remedy: `in ${ref.kind} \`${ref.name}\`: ${remedy}`,
    references: check.references,
    exception,
  }
}
