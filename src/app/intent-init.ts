import type { Subject } from '../engine/population.ts'
import type { Stacks } from '../engine/verdict.ts'
import { exposedIn } from '../findings/declared-view.ts'
import { type PossibleView, possibleView } from '../findings/possible-view.ts'
import { addressEntries, type Draft, type DraftEntry, nameEntries } from '../intent/draft.ts'
import { starterFor } from '../intent/starters.ts'
import { ownerOf } from '../inventory/owner.ts'
import { platformOf } from '../inventory/platform.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { DraftedIntent, DraftResult } from '../model/draft.ts'
import { compareText } from '../model/order.ts'
import { dayOf } from './intent.ts'
import type { LoadedEstate } from './load.ts'

/** A review is due after a quarter. */
const REVIEW_DAYS = 90

/**
 * Drafts of intents from what policy lets leave: one for each namespace and service account, and more where its workloads may
 * reach different places. What is drafted covers exactly what is possible outside the cluster, so that nothing is undeclared
 * and every entry is a question to a person.
 */
export const draftIntents = ({ estate }: LoadedEstate, now: string): DraftResult => {
  const reviewBy = dayAfter(dayOf(now), REVIEW_DAYS)
  const drafts = estate.clusters.flatMap(cluster => [
    ...workloadDrafts(estate, cluster, reviewBy),
    ...nodeDrafts(cluster, reviewBy),
  ])
  return {
    schema: 'postern.dev/intent-draft/v1',
    now,
    intents: drafts.map(asDocument),
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

const workloadDrafts = (estate: Estate, cluster: Cluster, reviewBy: string): readonly Draft[] => {
  const view = possibleView(cluster)
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
      .flatMap(({ names, stacks }) => chunks([...names].sort(compareText)).map(workloads => ({ workloads, stacks })))
      .map(
        ({ workloads, stacks }, i): Draft => ({
          name: nameOf(`${base}-${i + 1}`),
          from: { ...from, workloads },
          allow: entriesOf(stacks, rest),
        }),
      )
  })
}

/** As many as the schema takes in one list. */
const MOST_WORKLOADS = 256

const chunks = (names: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(names.length / MOST_WORKLOADS) }, (_, i) =>
    names.slice(i * MOST_WORKLOADS, (i + 1) * MOST_WORKLOADS),
  )

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

const uncertain = (isCertain: boolean): string | null => (isCertain ? null : 'whether policy lets it leave is open')

/** What nodes need for themselves, where the platform is known. */
const nodeDrafts = (cluster: Cluster, reviewBy: string): readonly Draft[] => {
  const regions = new Set(cluster.nodes.flatMap(node => node.labels.get('topology.kubernetes.io/region') ?? []))
  const [region] = regions
  const starter = starterFor(platformOf(cluster).distribution, regions.size === 1 ? (region ?? null) : null)
  if (starter === null) return []
  return [
    {
      name: nameOf(`${cluster.name}-nodes`),
      from: { clusters: [cluster.name], nodePools: ['*'] },
      allow: starter.entries.map((entry, i) => ({
        ...entry,
        reviewBy,
        note: i === 0 ? `what nodes of this platform need to start from, by ${starter.source}` : null,
      })),
    },
  ]
}

/** A name as the API server takes it. */
const nameOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 253)

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
