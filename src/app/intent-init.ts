import type { Subject } from '../engine/population.ts'
import type { Stacks } from '../engine/verdict.ts'
import { exposedIn } from '../findings/declared-view.ts'
import { type PossibleView, possibleView } from '../findings/possible-view.ts'
import { addressEntries, type Draft, type DraftEntry, nameEntries } from '../intent/draft.ts'
import { ownerOf } from '../inventory/owner.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { DraftedIntent, DraftResult } from '../model/draft.ts'
import { compareText } from '../model/order.ts'
import { nodeDrafts } from './draft-nodes.ts'
import { inDocuments, inLists, nameOf, uncertain, withOwnNames } from './draft-parts.ts'
import { dayOf } from './intent.ts'
import type { LoadedEstate } from './load.ts'

/** A review is due after a quarter. */
const REVIEW_DAYS = 90

/**
 * Drafts of intents from what policy lets leave: one for each namespace and service account, and more where its workloads may
 * reach different places; one for pools of nodes that policies for hosts limit alike, and what the platform’s nodes need to start
 * from for the others. What is drafted covers exactly what is possible outside the cluster, so that nothing is undeclared
 * and every entry is a question to a person.
 */
export const draftIntents = ({ estate }: LoadedEstate, now: string): DraftResult => {
  const reviewBy = dayAfter(dayOf(now), REVIEW_DAYS)
  const drafts = estate.clusters.flatMap(cluster => {
    const view = possibleView(cluster)
    return [...workloadDrafts(estate, view, reviewBy), ...nodeDrafts(view, reviewBy)]
  })
  return {
    schema: 'postern.dev/intent-draft/v1',
    now,
    intents: withOwnNames(drafts.flatMap(inDocuments)).map(asDocument),
    coverage: estate.coverage,
    diagnostics: estate.diagnostics,
  }
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

interface Found {
  readonly stacks: Stacks
  readonly subject: Subject
}

const workloadDrafts = (estate: Estate, view: PossibleView, reviewBy: string): readonly Draft[] => {
  const { cluster } = view.engine
  const all = view.signatures.flatMap(({ stacks, subjects }) => subjects.map((subject): Found => ({ stacks, subject })))
  const entriesOf = drafted(view)
  const byAccount = [...Map.groupBy(all, ({ subject }) => accountKey(subject))].sort(([a], [b]) => compareText(a, b))
  return byAccount.flatMap(([, found]) => {
    const [first] = found
    if (first === undefined) return []
    const { workload, shape } = first.subject
    const owner = ownersIn(estate, cluster, found)
    const from = { clusters: [cluster.name], namespaces: [workload.namespace], serviceAccounts: [shape.serviceAccount] }
    const ways = waysOf(found)
    const rest = { ...(owner === null ? {} : { owner }), reviewBy }
    const base = `${cluster.name}-${workload.namespace}-${shape.serviceAccount}`
    const [only, ...more] = ways
    if (only !== undefined && more.length === 0)
      return [{ name: nameOf(base), from, allow: entriesOf(only.stacks, rest) }]
    return ways
      .flatMap(({ names, stacks }) => inLists([...names].sort(compareText)).map(workloads => ({ workloads, stacks })))
      .map(
        ({ workloads, stacks }, i): Draft => ({
          name: nameOf(`${base}-${i + 1}`),
          from: { ...from, workloads },
          allow: entriesOf(stacks, rest),
        }),
      )
  })
}

const accountKey = ({ workload, shape }: Subject): string => `${workload.namespace}\n${shape.serviceAccount}`

/** Workloads whose pods meet the same policies together; a workload with several kinds of pods has all of their ways. */
const waysOf = (
  found: readonly Found[],
): readonly { readonly names: ReadonlySet<string>; readonly stacks: readonly Stacks[] }[] => {
  const numbers = new Map([...new Set(found.map(({ stacks }) => stacks))].map((stacks, i) => [stacks, i]))
  const byWorkload = Map.groupBy(found, ({ subject: { workload } }) => `${workload.ref.kind}/${workload.ref.name}`)
  const groups = Map.groupBy(byWorkload, ([, own]) =>
    [...new Set(own.map(({ stacks }) => numbers.get(stacks) as number))].sort((a, b) => a - b).join(),
  )
  return [...groups.values()].map(group => ({
    names: new Set(group.map(([name]) => name)),
    stacks: [...new Set(group.flatMap(([, own]) => own.map(({ stacks }) => stacks)))],
  }))
}

/** The one owner that all of them have; null where they differ or none is named. */
const ownersIn = (estate: Estate, cluster: Cluster, found: readonly Found[]): string | null => {
  const owners = new Set(
    found.map(({ subject: { workload, shape } }) => ownerOf(workload, cluster, estate.standard, shape)?.owner ?? null),
  )
  const [only, ...more] = owners
  return more.length === 0 ? (only ?? null) : null
}

const drafted = (view: PossibleView) => {
  const exposed = exposedIn(view)
  return (all: readonly Stacks[], rest: Pick<DraftEntry, 'owner' | 'reviewBy'>): readonly DraftEntry[] => {
    const { addresses, names } = exposed(all)
    return [
      ...addresses.flatMap(one =>
        addressEntries(one.addresses, one.traffic, { ...rest, note: uncertain(one.isCertain) }),
      ),
      ...names.flatMap(one => nameEntries(one.patterns, one.traffic, { ...rest, note: uncertain(one.isCertain) })),
    ]
  }
}

const asDocument = ({ name, from, allow }: Draft): DraftedIntent => ({
  notes: [...new Set(allow.flatMap(({ note, to }) => (note === null ? [] : [`${placesIn(to)}: ${note}`])))],
  document: {
    apiVersion: 'postern.dev/v1alpha1',
    kind: 'EgressIntent',
    metadata: { name },
    spec: {
      from: from as Readonly<Record<string, readonly string[]>>,
      allow: allow.map(({ note: _, ...entry }) => entry),
    },
  },
})

const placesIn = ({ names = [], cidrs = [] }: DraftEntry['to']): string => {
  const [first, ...more] = [...names, ...cidrs]
  return more.length === 0 ? `${first}` : `${first} and ${more.length} more`
}
