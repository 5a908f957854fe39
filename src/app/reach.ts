import { createHash } from 'node:crypto'
import type { Row } from '../engine/cluster-engine.ts'
import { type Entry, ownEntries, sharedEntries } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { ClassReach, ReachEntry, ReachResult, ReachTarget, WorkloadReach } from '../model/reach.ts'
import { clustersIn } from './across.ts'
import { reasonsIn } from './because.ts'
import { entryWriter } from './entry-writer.ts'
import { isOutcome, withWay } from './fabric-cut.ts'
import { type FabricPlace, fabricStageIn } from './fabric-stage.ts'
import { layersIn } from './layers.ts'
import type { LoadedEstate } from './load.ts'
import { type MeshPart, type MeshStage, type MeshTold, meshStageIn, throughMesh } from './mesh-stage.ts'
import type { Possible, PossibleOptions } from './possible.ts'
import { type PossibleInTurn, possibleInTurn } from './possible-in-turn.ts'
import { joined, type StageReasons } from './reasons.ts'
import { type RelayedOptions, relayingIn } from './relayed.ts'
import { type ToldAcross, toldAcross } from './told-across.ts'

export interface ReachOptions extends PossibleOptions, Partial<RelayedOptions> {
  readonly namespaces: readonly string[]
  /** Whether a workload is asked for. */
  readonly wants: (subject: Subject) => boolean
  /** Denied regions, too. */
  readonly all: boolean
  /** `class`: each row once for all workloads that share it. */
  readonly by?: 'workload' | 'class'
  /** What each document alone holds closed. */
  readonly layers?: boolean
}

/** What each workload can reach, and why. */
export const reach = (loaded: LoadedEstate, options: ReachOptions): ReachResult => {
  const possible = possibleInTurn(loaded.estate, options)
  // A tool that knows of one cluster alone is followed in that.
  const clusters = clustersIn(options.compat === null ? possible : [], loaded.estate.intents)
  const inTurn = <T>(work: (one: PossibleInTurn) => T): readonly T[] =>
    possible.map(one => {
      const done = work(one)
      // Clusters that share no mesh ask nothing of each other.
      if (clusters.toldBy(one).length === 0) one.letGo()
      return done
    })
  const rest = { coverage: loaded.estate.coverage, diagnostics: loaded.estate.diagnostics }
  if (options.by === 'class') {
    const parts = inTurn(one => byClass(one, loaded, options, toldAcross(clusters, one, loaded, options.all)))
    const workloads = parts.flatMap(part => part.workloads).sort(compareRows)
    const classes = parts.flatMap(part => part.classes).sort((a, b) => compareText(a.id, b.id))
    return { schema: 'postern.dev/reach/v1', workloads, classes, ...rest }
  }
  const workloads = inTurn(one => {
    const across = toldAcross(clusters, one, loaded, options.all)
    const mesh = meshStageIn(one, loaded.lineOf, options.compat)
    const entries = rowWriter(one, loaded, options.all, across, mesh)
    const relaying = relayingIn(one, loaded, options)
    const layers = options.layers === true ? layersIn(one, loaded, options, options.wants) : null
    const fabric = fabricStageIn(loaded, one, options.compat)
    return one.engine.population.subjects.filter(options.wants).flatMap(subject => {
      const row = one.engine.rowOf(subject)
      return fabric(subject).map(
        (place): WorkloadReach => ({
          ...headOf(place, across, mesh),
          egress: entries(place, row),
          relayed: relaying
            .entriesOf(subject, row)
            .flatMap(entry => relaying.write(place.subject, entry))
            .sort(compareEntries),
          ...(layers === null ? {} : { layers: layers(subject) }),
        }),
      )
    })
  }).flat()
  return { schema: 'postern.dev/reach/v1', workloads: workloads.sort(compareRows), ...rest }
}

const compareRows = (a: WorkloadReach, b: WorkloadReach): number =>
  compareText(a.id, b.id) || compareText(a.variant ?? '', b.variant ?? '')

/**
 * The same answer with each row written once, for all workloads that share it. A set of destinations is a class, too: one that
 * is no row's has no regions of its own.
 */
const byClass = (
  possible: Possible,
  loaded: LoadedEstate,
  options: ReachOptions,
  across: ToldAcross,
): { readonly workloads: readonly WorkloadReach[]; readonly classes: readonly ClassReach[] } => {
  const mesh = meshStageIn(possible, loaded.lineOf, options.compat)
  const entries = rowWriter(possible, loaded, options.all, across, mesh)
  const fabric = fabricStageIn(loaded, possible, options.compat)
  const places = possible.engine.population.subjects.filter(options.wants).flatMap(fabric)
  const heads = new Map(places.map(place => [place, headOf(place, across, mesh)]))
  const classes = new Map<string, ClassReach>()
  const hashes = new WeakMap<readonly string[], string>()
  const idsOf = (ids: readonly string[]): string => {
    const id = hashes.get(ids) ?? hashed(ids.join('\n'))
    hashes.set(ids, id)
    if (!classes.has(id)) classes.set(id, { id, workloads: ids, egress: [] })
    return id
  }
  const named = (entry: ReachEntry): ReachEntry =>
    entry.to.kind === 'workloads' ? { ...entry, to: { kind: 'class', id: idsOf(entry.to.ids) } } : entry
  for (const [id = '', members] of Map.groupBy(places, place => heads.get(place)?.class)) {
    const [first] = members
    if (first === undefined) continue
    const ids = [...new Set(members.map(({ subject: { workload } }) => idOf(workload.ref)))].sort(compareText)
    // What holds for one pod's place does not hold for the class.
    const egress = entries(first).map(entry => ({ ...named(entry), path: [] }))
    classes.set(id, { id, workloads: ids, egress })
  }
  return { workloads: [...heads.values()], classes: [...classes.values()] }
}

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

const headOf = (
  { subject, variant, key }: FabricPlace,
  across: ToldAcross,
  mesh: MeshStage,
): Omit<WorkloadReach, 'egress' | 'relayed'> => {
  const { workload, shape, pods, identity } = subject
  const { ref, namespace } = workload
  const keys = [across.keyOf(subject), mesh.keyOf(subject), key].filter(one => one !== '')
  return {
    id: idOf(ref),
    variant,
    cluster: ref.cluster,
    namespace,
    kind: ref.kind,
    name: ref.name,
    serviceAccount: shape.serviceAccount,
    class: hashed([ref.cluster, identity ?? 'host', ...keys].join('|')),
    hostNetwork: shape.hostNetwork,
    pods: pods.length,
  }
}

const rowWriter = (possible: Possible, { lineOf }: LoadedEstate, all: boolean, across: ToldAcross, mesh: MeshStage) => {
  const { engine, zones } = possible
  const reasons = reasonsIn(engine, lineOf)
  const write = entryWriter(possible)
  const wanted = (entry: Entry): boolean => all || entry.verdict !== 'denied'
  const explained = (subject: Subject, { entry, as, told }: MeshPart): Explained => {
    const why = reasons(subject, as === entry.enforcement ? entry : { ...entry, enforcement: as })
    return { entry, told, reasons: told === null ? why : { ...why, egress: joined([why.egress, told.reasons]) } }
  }
  // What the same policies and the same mesh decide is decided and explained once.
  const shared = new WeakMap<object, Map<string, readonly Explained[]>>()
  const sharedOf = (subject: Subject, row: Row): readonly Explained[] => {
    const stacks = engine.stacksOf(subject, 'egress')
    const byMesh = shared.get(stacks) ?? new Map<string, readonly Explained[]>()
    shared.set(stacks, byMesh)
    const key = mesh.keyOf(subject)
    const known = byMesh.get(key)
    if (known !== undefined) return known
    const entries = across.left(sharedEntries(engine, subject, row, zones)).filter(wanted)
    const made = mesh.inRow(subject, entries).map(part => explained(subject, part))
    byMesh.set(key, made)
    return made
  }
  const written = ({ cut, subject }: FabricPlace, { entry, told, reasons: why }: Explained): readonly ReachEntry[] => {
    const parts = entry.verdict === 'denied' ? [{ entry, way: null }] : cut(entry)
    return parts.flatMap(({ entry: part, way }) =>
      !all && isOutcome(way) && way.verdict === 'denied'
        ? []
        : write(subject, part, why).map(one => withWay(throughMesh(one, told), way, lineOf)),
    )
  }
  return (place: FabricPlace, row: Row = engine.rowOf(place.subject)): readonly ReachEntry[] => {
    const { subject } = place
    const own = ownEntries(engine, row)
      .filter(wanted)
      .map(entry => ({ entry, told: null, reasons: reasons(subject, entry) }))
    return [
      ...[...sharedOf(subject, row), ...own].flatMap(one => written(place, one)),
      ...across.entriesOf(subject),
    ].sort(compareEntries)
  }
}

interface Explained {
  readonly entry: Entry
  readonly reasons: StageReasons
  readonly told: MeshTold | null
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
