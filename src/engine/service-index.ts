import { idOf } from '../model/identity.ts'
import type { Service } from '../model/service.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import type { Destinations } from './compare-pods.ts'
import { addressesOfTexts, coverOf } from './ground.ts'
import { serviceReach } from './services.ts'

/** Which parts of a row decide what passes to a Service. */
export interface ServiceNeeds {
  /** Places in the list of destinations. */
  readonly workloads: readonly number[]
  readonly nodes: boolean
  readonly outside: boolean
  /** Everything about the Service that is not the row's, as text. */
  readonly facts: string
}

/**
 * What each Service of a cluster hangs on. Where its facts are the same before and after, a sender whose row is the same in
 * these parts reaches the same of it: so most are never asked again. null: its pods are of several kinds, and it is always
 * asked.
 */
export const serviceNeeds = ({
  engine,
  workloadsOf,
  identitiesOf,
}: Destinations): ReadonlyMap<string, ServiceNeeds | null> => {
  const [first] = engine.population.subjects
  if (first === undefined || engine.cluster.services.length === 0) return new Map()
  const row = engine.rowOf(first)
  const needsOf = (service: Service): ServiceNeeds | null => {
    const workloads = new Set<number>()
    let nodes = false
    let outside = false
    const facts: unknown[] = [engine.profile.services, service.headless, service.clusterIPs, service.ports]
    const pod = (identity: number): readonly number[] => {
      const own = workloadsOf[identity] ?? []
      for (const workload of own) workloads.add(workload)
      return own
    }
    const address = (text: string): unknown => {
      const identity = engine.population.identities.find(one => one.addresses.includes(text))
      if (identity !== undefined) return pod(identity.number)
      const isNode = coverOf(addressesOfTexts([text]), engine.ground.nodes) === 'all'
      if (isNode) nodes = true
      else outside = true
      return isNode ? 'node' : 'outside'
    }
    for (const end of endsOf(engine, row, service)) {
      if (end.kind === 'node') nodes = true
      const where =
        end.kind === 'pod' ? pod(end.identity) : end.kind === 'address' ? [end.address, address(end.address)] : 'node'
      facts.push([end.kind, where, Array.from(engine.table.trafficOf(end.traffic).bounds).join()])
    }
    if (engine.profile.services !== 'after' && !service.headless) facts.push(service.clusterIPs.map(address))
    const isPlain = [...workloads].every(workload => identitiesOf[workload]?.length === 1)
    return isPlain ? { workloads: [...workloads], nodes, outside, facts: JSON.stringify(facts) } : null
  }
  return new Map(engine.cluster.services.map(service => [idOf(service.ref), needsOf(service)]))
}

const endsOf = (engine: ClusterEngine, row: Row, service: Service) => serviceReach(engine, row, service).ends

/** Where the rows of one sender differ before and after. */
export interface Differing {
  readonly workload: (workload: number) => boolean
  readonly nodes: boolean
  readonly outside: boolean
}

/** Whether a Service may be reached otherwise than before. */
export const isConcerned = (
  before: ServiceNeeds | null | undefined,
  after: ServiceNeeds | null | undefined,
  { workload, nodes, outside }: Differing,
): boolean =>
  before === null ||
  after === null ||
  before?.facts !== after?.facts ||
  (after !== undefined && ((after.nodes && nodes) || (after.outside && outside) || after.workloads.some(workload)))
