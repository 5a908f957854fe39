import { createHash } from 'node:crypto'
import type { Row } from '../engine/cluster-engine.ts'
import { type Entry, ownEntries, sharedEntries } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { ReachEntry, ReachResult, ReachTarget, WorkloadReach } from '../model/reach.ts'
import { reasonsIn, type StageReasons } from './because.ts'
import { entryWriter } from './entry-writer.ts'
import type { LoadedEstate } from './load.ts'
import { type Possible, type PossibleOptions, possibleIn } from './possible.ts'

export interface ReachOptions extends PossibleOptions {
  readonly namespaces: readonly string[]
  /** Whether a workload is asked for. */
  readonly wants: (subject: Subject) => boolean
  /** Denied regions, too. */
  readonly all: boolean
}

/** What each workload can reach, and why. */
export const reach = (loaded: LoadedEstate, options: ReachOptions): ReachResult => ({
  schema: 'postern.dev/reach/v1',
  workloads: possibleIn(loaded.estate, options)
    .flatMap(possible => {
      const entries = rowWriter(possible, loaded, options.all)
      return possible.engine.population.subjects
        .filter(options.wants)
        .map((subject): WorkloadReach => ({ ...headOf(subject), egress: entries(subject), relayed: [] }))
    })
    .sort((a, b) => compareText(a.id, b.id) || compareText(a.variant ?? '', b.variant ?? '')),
  coverage: loaded.estate.coverage,
  diagnostics: loaded.estate.diagnostics,
})

const headOf = (subject: Subject): Omit<WorkloadReach, 'egress' | 'relayed'> => {
  const { workload, variant, shape, pods, identity } = subject
  const { ref, namespace } = workload
  return {
    id: idOf(ref),
    variant,
    cluster: ref.cluster,
    namespace,
    kind: ref.kind,
    name: ref.name,
    serviceAccount: shape.serviceAccount,
    class: createHash('sha256')
      .update(`${ref.cluster}|${identity ?? 'host'}`)
      .digest('hex')
      .slice(0, 12),
    hostNetwork: shape.hostNetwork,
    pods: pods.length,
  }
}

const rowWriter = (possible: Possible, { lineOf }: LoadedEstate, all: boolean) => {
  const { engine, zones } = possible
  const reasons = reasonsIn(engine, lineOf)
  const write = entryWriter(possible)
  const wanted = (entry: Entry): boolean => all || entry.verdict !== 'denied'
  // What the same policies decide is decided and explained once.
  const shared = new WeakMap<object, readonly Explained[]>()
  const sharedOf = (subject: Subject, row: Row): readonly Explained[] => {
    const stacks = engine.stacksOf(subject, 'egress')
    const known = shared.get(stacks)
    if (known !== undefined) return known
    const made = sharedEntries(engine, subject, row, zones)
      .filter(wanted)
      .map(entry => ({ entry, reasons: reasons(subject, entry) }))
    shared.set(stacks, made)
    return made
  }
  return (subject: Subject): readonly ReachEntry[] => {
    const row = engine.rowOf(subject)
    const own = ownEntries(engine, row)
      .filter(wanted)
      .map(entry => ({ entry, reasons: reasons(subject, entry) }))
    return [...sharedOf(subject, row), ...own]
      .map(({ entry, reasons: why }) => write(subject, entry, why))
      .sort(compareEntries)
  }
}

interface Explained {
  readonly entry: Entry
  readonly reasons: StageReasons
}

const KIND_ORDER = ['addresses', 'apiserver', 'names', 'nodes', 'service', 'workloads', 'class']

/** By kind, zone, first address or id; then by traffic and verdict, so that no order is left open. */
const compareEntries = (a: ReachEntry, b: ReachEntry): number =>
  KIND_ORDER.indexOf(a.to.kind) - KIND_ORDER.indexOf(b.to.kind) ||
  compareText(keyOf(a.to), keyOf(b.to)) ||
  compareText(a.verdict, b.verdict) ||
  compareText(JSON.stringify(a.traffic), JSON.stringify(b.traffic))

const keyOf = (to: ReachTarget): string => {
  switch (to.kind) {
    case 'addresses':
      return `${to.zone} ${to.ranges[0]}`
    case 'names':
      return to.patterns[0] ?? ''
    case 'workloads':
      return to.ids[0] ?? ''
    case 'service':
    case 'class':
      return to.id
    case 'nodes':
      return to.nodes
    case 'apiserver':
      return ''
  }
}
