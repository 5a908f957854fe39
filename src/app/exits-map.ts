import {
  type ExitsMap,
  LINK_STATES,
  type LinkState,
  type MapExit,
  type MapLink,
  type MapScene,
} from '../model/exits-map.ts'
import { compareText } from '../model/order.ts'
import type { ReachEntry, Unknown, WorkloadReach } from '../model/reach.ts'

/** Who may leave by which way out, added up. What another workload passes on leaves as that one does, and is counted there. */
export const exitsMapOf = (
  rows: readonly WorkloadReach[],
  facts: Pick<ExitsMap, 'networkWasRead' | 'intents' | 'leftOut'>,
  /** null: nothing is declared. */
  stateOf: ((row: WorkloadReach, entry: ReachEntry) => LinkState) | null,
): ExitsMap => {
  const leavers = new Map<string, Leaver>()
  const exits = new Map<string, Found>()
  for (const row of rows)
    for (const entry of row.egress ?? []) {
      if (!leaves(entry)) continue
      const exit = keyOf(row, entry)
      exits.set(exit, found(exits.get(exit), row, entry))
      const state = stateOf === null ? null : stateOf(row, entry)
      const key = `${row.id}\n${exit}`
      leavers.set(key, joined(leavers.get(key), { row, entry, exit, state }))
    }
  const order = [...exits].sort(([, a], [, b]) => rankOf(a) - rankOf(b) || compareText(textOf(a), textOf(b)))
  const places = new Map(order.map(([key], i) => [key, i]))
  const all = [...leavers.values()].map(one => ({ ...one, place: places.get(one.exit) as number }))
  const clusters = [...new Set(rows.map(({ cluster }) => cluster))].sort(compareText)
  return {
    ...facts,
    workloads: countIds(rows),
    leaving: countIds(all),
    exits: order.map(([, exit]) => writtenExit(exit)),
    scenes: [
      ...(clusters.length > 1 ? [sceneOf(null, rows, all)] : []),
      ...clusters.map(cluster => {
        const own = (one: { readonly cluster: string }): boolean => one.cluster === cluster
        return sceneOf(cluster, rows.filter(own), all.filter(own))
      }),
    ],
  }
}

const leaves = ({ to, verdict, exit }: ReachEntry): boolean =>
  verdict !== 'denied' && exit.kind !== 'in-cluster' && (to.kind === 'addresses' || to.kind === 'names')

/** One exit for all of whom nothing is known: it is not said that they leave by one. */
const keyOf = ({ cluster }: WorkloadReach, { exit: { kind, id } }: ReachEntry): string =>
  JSON.stringify([kind, id, id === null && kind !== 'unknown' ? cluster : null])

interface Found extends Pick<MapExit, 'kind' | 'id' | 'cluster'> {
  readonly addresses: Set<string>
  readonly workloads: Set<string>
  readonly unknowns: Map<string, { readonly unknown: Unknown; readonly of: Set<string> }>
}

const found = (known: Found | undefined, row: WorkloadReach, { exit, unknowns }: ReachEntry): Found => {
  const { kind, id } = exit
  const cluster = id === null && kind !== 'unknown' ? row.cluster : null
  const one = known ?? { kind, id, cluster, addresses: new Set(), workloads: new Set(), unknowns: new Map() }
  one.workloads.add(row.id)
  for (const address of exit.sourceAddresses) one.addresses.add(address)
  if (kind !== 'unknown') return one
  for (const unknown of unknowns) {
    if (POLICY_STAGES.has(unknown.stage)) continue
    const key = JSON.stringify(unknown)
    const of = one.unknowns.get(key)?.of ?? new Set()
    one.unknowns.set(key, { unknown, of: of.add(row.id) })
  }
  return one
}

/** Stages that decide whether it leaves, and say nothing of where. */
const POLICY_STAGES: ReadonlySet<string> = new Set(['pod-policy', 'peer-policy', 'mesh'])

interface Leaver extends Pick<WorkloadReach, 'id' | 'cluster' | 'namespace'> {
  readonly exit: string
  readonly state: LinkState | null
  readonly isCertain: boolean
  readonly toward: ReadonlySet<string>
}

/** Of several regions by one exit the worst state counts, and any that is certain. */
const joined = (
  known: Leaver | undefined,
  {
    row: { id, cluster, namespace },
    entry: { to, verdict },
    exit,
    state,
  }: {
    readonly row: WorkloadReach
    readonly entry: ReachEntry
    readonly exit: string
    readonly state: LinkState | null
  },
): Leaver => ({
  id,
  cluster,
  namespace,
  exit,
  state: worse(known?.state ?? null, state),
  isCertain: known?.isCertain === true || verdict === 'allowed',
  toward: new Set([...(known?.toward ?? []), to.kind === 'addresses' ? to.zone : to.kind]),
})

const worse = (a: LinkState | null, b: LinkState | null): LinkState | null =>
  LINK_STATES.find(state => state === a || state === b) ?? null

const sceneOf = (
  cluster: string | null,
  rows: readonly WorkloadReach[],
  leavers: readonly (Leaver & { readonly place: number })[],
): MapScene => {
  const nameOf = (one: Pick<WorkloadReach, 'cluster' | 'namespace'>): string =>
    cluster === null ? one.cluster : one.namespace
  const left = Map.groupBy(leavers, nameOf)
  const sources = [...Map.groupBy(rows, nameOf)]
    .map(([name, of]) => ({ name, workloads: countIds(of), leaving: countIds(left.get(name) ?? []) }))
    .sort((a, b) => compareText(a.name, b.name))
  const places = new Map(sources.map(({ name }, i) => [name, i]))
  const links = [...Map.groupBy(leavers, one => `${places.get(nameOf(one))} ${one.place} ${one.state}`).values()].map(
    (same): MapLink => ({
      source: places.get(nameOf(same[0] as Leaver)) as number,
      exit: same[0]?.place as number,
      state: same[0]?.state ?? null,
      workloads: same.length,
      perhaps: same.filter(({ isCertain }) => !isCertain).length,
      toward: [...new Set(same.flatMap(({ toward }) => [...toward]))].sort(compareText),
    }),
  )
  return { cluster, sources, links: links.sort((a, b) => a.source - b.source || a.exit - b.exit || byState(a, b)) }
}

const byState = (a: MapLink, b: MapLink): number => placeOf(a.state) - placeOf(b.state)
const placeOf = (state: LinkState | null): number => (state === null ? -1 : LINK_STATES.indexOf(state))

const ADDRESSES_MAX = 30
const UNKNOWNS_MAX = 6

const writtenExit = ({ kind, id, cluster, addresses, workloads, unknowns }: Found): MapExit => ({
  kind,
  id,
  cluster,
  addresses: [...addresses].sort(compareText).slice(0, ADDRESSES_MAX),
  moreAddresses: Math.max(0, addresses.size - ADDRESSES_MAX),
  unknowns: [...unknowns]
    .sort(([a, one], [b, other]) => other.of.size - one.of.size || compareText(a, b))
    .slice(0, UNKNOWNS_MAX)
    .map(([, { unknown }]) => unknown),
  workloads: workloads.size,
})

const countIds = (rows: readonly { readonly id: string }[]): number => new Set(rows.map(({ id }) => id)).size

const rankOf = ({ kind }: Found): number => (kind === 'unknown' ? 0 : 1)
const textOf = ({ kind, id, cluster }: Found): string => `${kind} ${id ?? ''} ${cluster ?? ''}`
