import { idOf } from '../model/identity.ts'
import type { Allowance, EgressIntent, IntentDocument, IntentDocuments } from '../model/intent.ts'
import type { DocumentPath } from '../model/provenance.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { nameSets } from '../sets/name-set.ts'
import { traffics } from '../sets/traffic.ts'

/** What is wrong with the documents of the Declared by themselves, whatever the clusters do. */
export type ProblemKind =
  | 'unreadable'
  | 'unowned'
  | 'unjustified'
  | 'expired'
  | 'past-review'
  | 'refers-to-nothing'
  | 'duplicate'
  | 'overlapping'

export interface Problem {
  readonly kind: ProblemKind
  readonly document: IntentDocument
  readonly at: DocumentPath
  readonly says: string
  readonly remedy: string
}

/** `today`: `2027-02-01`. */
export const problemsIn = (documents: IntentDocuments, today: string): readonly Problem[] => {
  const { intents, exits, environments, endpoints, resolvers, patterns, otherFaults } = documents
  const all: readonly IntentDocument[] = [
    ...intents,
    ...exits,
    ...environments,
    ...endpoints,
    ...resolvers,
    ...patterns,
    ...otherFaults,
  ]
  return [
    ...all.flatMap(unreadable),
    ...intents.flatMap(intent => intent.allow.flatMap(entry => entryProblems(intent, entry, documents, today))),
    ...patterns.flatMap(pattern => [
      ...missing(pattern, ['spec', 'environment'], 'Environment', pattern.environment, environments),
      ...pattern.via.flatMap((name, i) => missing(pattern, ['spec', 'via', i], 'ApprovedExit', name, exits)),
    ]),
    ...[...exits, ...endpoints].flatMap(one =>
      missing(one, ['spec', 'environment'], 'Environment', one.environment, environments),
    ),
    ...repeated(intents, today),
  ]
}

const unreadable = (document: IntentDocument): readonly Problem[] =>
  document.faults.map(({ at, says }) => ({
    kind: 'unreadable',
    document,
    at,
    says,
    remedy: 'write it as the schema of its kind says',
  }))

const entryProblems = (
  document: EgressIntent,
  entry: Allowance,
  { exits, endpoints }: IntentDocuments,
  today: string,
): readonly Problem[] => {
  const { at } = entry
  const problem = (kind: ProblemKind, says: string, remedy: string, key?: string): Problem => ({
    kind,
    document,
    at: key === undefined ? at : [...at, key],
    says,
    remedy,
  })
  return [
    ...(entry.owner === null ? [problem('unowned', 'nobody answers for it', 'add `owner`')] : []),
    ...(entry.justification === null
      ? [problem('unjustified', 'it does not say what it is for', 'add `justification`')]
      : []),
    ...(entry.expires !== null && entry.expires < today
      ? [
          problem(
            'expired',
            `it ended on ${entry.expires} and declares nothing since`,
            'renew it, or remove it',
            'expires',
          ),
        ]
      : entry.reviewBy !== null && entry.reviewBy < today
        ? [
            problem(
              'past-review',
              `it was to be looked at again by ${entry.reviewBy}`,
              'review it and set the next day',
              'reviewBy',
            ),
          ]
        : []),
    ...missing(document, [...at, 'via'], 'ApprovedExit', entry.via, exits),
    ...missing(document, [...at, 'to', 'privateEndpoint'], 'PrivateEndpoint', entry.privateEndpoint, endpoints),
  ]
}

const missing = (
  document: IntentDocument,
  at: DocumentPath,
  kind: string,
  name: string | null,
  there: readonly IntentDocument[],
): readonly Problem[] =>
  name === null || there.some(({ ref }) => ref.name === name)
    ? []
    : [
        {
          kind: 'refers-to-nothing',
          document,
          at,
          says: `there is no ${kind} \`${name}\``,
          remedy: `add the ${kind}, or name one that is there`,
        },
      ]

interface Entry {
  readonly intent: EgressIntent
  readonly entry: Allowance
}

/** Two entries for the same subjects, one of which says nothing that the other does not. */
const repeated = (intents: readonly EgressIntent[], today: string): readonly Problem[] => {
  const bySubject = Map.groupBy(
    intents.filter(({ from }) => from !== null),
    ({ from }) => JSON.stringify(from, (_, value: unknown) => (value instanceof Map ? [...value].sort() : value)),
  )
  return [...bySubject.values()].flatMap(same => {
    const entries = same.flatMap(intent =>
      intent.allow.filter(({ expires }) => expires === null || expires >= today).map(entry => ({ intent, entry })),
    )
    return entries.flatMap((one, i) => {
      const around = entries.find(
        (other, j) => i !== j && includes(other.entry, one.entry) && (j < i || !includes(one.entry, other.entry)),
      )
      return around === undefined ? [] : [told(one, around)]
    })
  })
}

const told = ({ intent, entry }: Entry, around: Entry): Problem => {
  const isSame = includes(entry, around.entry)
  const where = around.intent === intent ? `\`${around.entry.at.join('.')}\`` : `\`${idOf(around.intent.ref)}\``
  return {
    kind: isSame ? 'duplicate' : 'overlapping',
    document: intent,
    at: entry.at,
    says: isSame ? `${where} says the same` : `${where} declares all of it, and more`,
    remedy: 'keep one of them',
  }
}

const names = nameSets()

/** Whether everything that `b` declares is declared by `a`, by the same way. */
const includes = (a: Allowance, b: Allowance): boolean =>
  a.via === b.via &&
  a.privateEndpoint === b.privateEndpoint &&
  traffics.isSubset(b.traffic, a.traffic) &&
  bothFamilies.isSubset(b.addresses, a.addresses) &&
  (b.names.length === 0 || names.isSubset(names.ofPatterns(b.names), names.ofPatterns(a.names)) === 'yes') &&
  [...b.services].every(one => a.services.includes(one)) &&
  [...b.workloads].every(one => a.workloads.includes(one)) &&
  saysSomething(b)

const saysSomething = ({ names: patterns, addresses, services, workloads, privateEndpoint }: Allowance): boolean =>
  patterns.length + services.length + workloads.length > 0 ||
  privateEndpoint !== null ||
  !bothFamilies.isEmpty(addresses)
