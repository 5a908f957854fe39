import { createHash } from 'node:crypto'
import type { Row } from '../engine/cluster-engine.ts'
import { cutByVerdict, type Entry, entriesOf, type Target } from '../engine/entries.ts'
import { namedReachOf } from '../engine/names.ts'
import type { Subject } from '../engine/population.ts'
import { serviceReach } from '../engine/services.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { Hop } from '../model/finding.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Exit, ReachEntry, ReachResult, ReachTarget, Unknown, WorkloadReach } from '../model/reach.ts'
import { printAddresses } from '../sets/address-text.ts'
import { membersOf } from '../sets/bit-set.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { reasonsIn } from './because.ts'
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

const rowWriter = ({ engine, zones }: Possible, { lineOf }: LoadedEstate, all: boolean) => {
  const reasons = reasonsIn(engine, lineOf)
  const { table, spaces, cluster, population } = engine
  const idsOf = idsByIdentity(population.subjects)
  const wanted = (entry: Entry): boolean => all || entry.verdict !== 'denied'
  const written = (subject: Subject, entry: Entry, to: ReachTarget, destination: string | null): ReachEntry => {
    const { because, unknowns } = reasons.of(subject, entry)
    return finished(subject, entry, to, destination, because, unknowns)
  }
  const finished = (
    subject: Subject,
    { traffic, verdict, enforcement }: Pick<Entry, 'traffic' | 'verdict' | 'enforcement'>,
    to: ReachTarget,
    destination: string | null,
    because: ReachEntry['because'],
    unknowns: readonly Unknown[],
  ): ReachEntry => {
    const leaves = to.kind === 'addresses' || to.kind === 'names'
    const example = exampleOf(table.trafficOf(traffic))
    return {
      to,
      traffic: trafficElements(table.trafficOf(traffic)),
      verdict,
      enforcement,
      path: leaves ? pathOf(subject) : [],
      exit: leaves ? UNKNOWN_EXIT : IN_CLUSTER,
      because,
      unknowns: leaves && verdict !== 'denied' ? [...unknowns, NO_FABRIC] : unknowns,
      witness:
        destination === null || example === null ? null : `${sourceOf(subject)} -> ${packetTo(destination, example)}`,
    }
  }
  const plain = (subject: Subject, row: Row): readonly ReachEntry[] =>
    entriesOf(engine, row, zones)
      .filter(wanted)
      .map(entry => written(subject, entry, targetOf(entry.to, idsOf), destinationOf(entry.to, idsOf)))
  const services = (subject: Subject, row: Row): readonly ReachEntry[] =>
    cluster.services.flatMap(service => {
      const id = idOf(service.ref)
      return cutByVerdict(table, serviceReach(engine, row, service))
        .filter(part => part.set !== table.empty && (all || part.verdict !== 'denied'))
        .map(part => finished(subject, { ...part, traffic: part.set }, { kind: 'service', id }, id, [], []))
    })
  const named = (subject: Subject): readonly ReachEntry[] =>
    namedReachOf(engine.stacksOf(subject, 'egress'), [spaces.v4, spaces.v6], zones.internet, table).flatMap(
      ({ patterns, passing, item }) =>
        cutByVerdict(table, passing)
          .filter(part => part.set !== table.empty && part.verdict !== 'denied')
          .map(part =>
            finished(
              subject,
              { ...part, traffic: part.set },
              { kind: 'names', patterns },
              patterns[0] ?? null,
              [reasons.ofItem(item)],
              [],
            ),
          ),
    )
  return (subject: Subject): readonly ReachEntry[] => {
    const row = engine.rowOf(subject)
    return [...plain(subject, row), ...services(subject, row), ...named(subject)].sort(compareEntries)
  }
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

const idsByIdentity = (subjects: readonly Subject[]): ReadonlyMap<number, readonly string[]> => {
  const ids = new Map<number, string[]>()
  for (const { identity, workload } of subjects) {
    if (identity === null) continue
    const known = ids.get(identity)
    if (known === undefined) ids.set(identity, [idOf(workload.ref)])
    else known.push(idOf(workload.ref))
  }
  return ids
}

const targetOf = (to: Target, idsOf: ReadonlyMap<number, readonly string[]>): ReachTarget => {
  switch (to.kind) {
    case 'addresses':
      return { kind: 'addresses', zone: to.zone, ranges: printAddresses(to.addresses) }
    case 'workloads':
      return { kind: 'workloads', ids: idsIn(to, idsOf) }
    case 'nodes':
    case 'apiserver':
      return to
  }
}

const idsIn = (
  { members }: Target & { kind: 'workloads' },
  idsOf: ReadonlyMap<number, readonly string[]>,
): readonly string[] =>
  [...new Set([...membersOf(members)].flatMap(member => idsOf.get(member) ?? []))].sort(compareText)

const destinationOf = (to: Target, idsOf: ReadonlyMap<number, readonly string[]>): string | null => {
  switch (to.kind) {
    case 'addresses':
      return exampleAddress(to.addresses)
    case 'workloads':
      return idsIn(to, idsOf)[0] ?? null
    case 'nodes':
      return `${to.nodes} node`
    case 'apiserver':
      return 'kube-apiserver'
  }
}

const sourceOf = ({ pods, workload }: Subject): string =>
  pods.find(pod => pod.addresses.length > 0)?.addresses[0] ?? idOf(workload.ref)

/** The node, where all pods run on one. */
const pathOf = ({ pods, workload }: Subject): readonly Hop[] => {
  const nodes = [...new Set(pods.flatMap(pod => pod.node ?? []))]
  const [only, ...more] = nodes
  return only === undefined || more.length > 0 ? [] : [{ hop: 'node', id: `${workload.ref.cluster}/-/Node/${only}` }]
}

const IN_CLUSTER: Exit = { kind: 'in-cluster', id: null, sourceAddresses: [] }
const UNKNOWN_EXIT: Exit = { kind: 'unknown', id: null, sourceAddresses: [] }

const NO_FABRIC: Unknown = {
  stage: 'fabric',
  why: 'not assessed: no document of the network under the cluster was read',
  settledBy: 'saved output of the cloud’s own command line, or a Terraform plan or state',
}
