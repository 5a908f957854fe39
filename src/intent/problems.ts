import { idOf } from '../model/identity.ts'
import type { Allowance, EgressIntent, IntentDocument, IntentDocuments } from '../model/intent.ts'
import type { DocumentPath } from '../model/provenance.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { isExact, type NamePattern, printNamePattern } from '../sets/name-pattern.ts'
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
    const mayInclude = mayIncludeIn(entries)
    return entries.flatMap((one, i) => {
      const around = mayInclude(one)
        .filter(
          ([other, j]) => i !== j && includes(other.entry, one.entry) && (j < i || !includes(one.entry, other.entry)),
        )
        .sort(([, a], [, b]) => a - b)[0]?.[0]
      return around === undefined ? [] : [told(one, around)]
    })
  })
}

type Placed = readonly [entry: Entry, index: number]

/** The entries that may declare all of another one: they share a place with it, or tell places by more than their text. */
const mayIncludeIn = (entries: readonly Entry[]): ((entry: Entry) => readonly Placed[]) => {
  const placed = entries.map((entry, i): Placed => [entry, i])
  const byPlace = new Map<string, Placed[]>()
  for (const one of placed) {
    for (const key of keysOf(one[0].entry)) {
      const same = byPlace.get(key) ?? []
      same.push(one)
      byPlace.set(key, same)
    }
  }
  const starred = placed.filter(([{ entry }]) => entry.names.some(pattern => !isExact(pattern)))
  const addressed = placed.filter(([{ entry }]) => !bothFamilies.isEmpty(entry.addresses))
  return ({ entry }) => {
    const [key] = keysOf(entry)
    if (entry.names.length > 0) return [...new Set([...(byPlace.get(key ?? '') ?? []), ...starred])]
    return key === undefined ? addressed : (byPlace.get(key) ?? [])
  }
}

/** Texts that an entry has in common with whatever declares all of it; names first. Addresses have none. */
const keysOf = ({ names: patterns, services, workloads, privateEndpoint }: Allowance): readonly string[] => [
  ...new Set([
    ...patterns.map(pattern => `name ${printNamePattern(pattern)}`),
    ...services.map(one => `service ${one}`),
    ...workloads.map(one => `workload ${one}`),
    ...(privateEndpoint === null ? [] : [`endpoint ${privateEndpoint}`]),
  ]),
]

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
  includesNames(a.names, b.names) &&
  traffics.isSubset(b.traffic, a.traffic) &&
  bothFamilies.isSubset(b.addresses, a.addresses) &&
  [...b.services].every(one => a.services.includes(one)) &&
  [...b.workloads].every(one => a.workloads.includes(one)) &&
  saysSomething(b)

/** Exact names need no automaton. */
const includesNames = (a: readonly NamePattern[], b: readonly NamePattern[]): boolean => {
  if (b.length === 0) return true
  const texts = new Set(a.map(printNamePattern))
  if (b.every(pattern => texts.has(printNamePattern(pattern)))) return true
  return !a.every(isExact) && names.isSubset(names.ofPatterns(b), names.ofPatterns(a)) === 'yes'
}

const saysSomething = ({ names: patterns, addresses, services, workloads, privateEndpoint }: Allowance): boolean =>
  patterns.length + services.length + workloads.length > 0 ||
  privateEndpoint !== null ||
  !bothFamilies.isEmpty(addresses)
