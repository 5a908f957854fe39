import { idOf } from '../model/identity.ts'
import type { Service } from '../model/service.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { cutByVerdict, type Entry } from './entries.ts'
import { servicePorts, serviceReach } from './services.ts'

/** A row with the engine that it is of, and the way of its ids into the table of the comparison. */
export interface RowOf {
  readonly engine: ClusterEngine
  readonly row: Row
  readonly translated: (id: TrafficId) => TrafficId
}

/** What a row lets pass to Services that none of the others lets pass to the Service of the same id. */
export const servicesBeyond = (
  { engine, row }: Omit<RowOf, 'translated'>,
  others: readonly RowOf[],
  wanted: (id: string) => boolean,
): readonly Entry[] => {
  const { table, cluster } = engine
  return cluster.services.flatMap((service): readonly Entry[] => {
    const id = idOf(service.ref)
    if (!wanted(id)) return []
    const { passing, ends } = serviceReach(engine, row, service)
    if (passing.may === table.empty) return []
    const asked = table.intersect(passing.may, servicePorts(engine, service))
    const left = others.flatMap(other => mayOf(other, id)).reduce(table.subtract, asked)
    return cutByVerdict(table, passing).flatMap(({ set, verdict, enforcement }): readonly Entry[] => {
      const traffic = table.intersect(set, left)
      return traffic === table.empty || verdict === 'denied'
        ? []
        : [{ to: { kind: 'service', service, ends }, traffic, verdict, enforcement }]
    })
  })
}

const mayOf = ({ engine, row, translated }: RowOf, id: string): readonly TrafficId[] => {
  const service = servicesOf(engine).get(id)
  if (service === undefined) return []
  const { passing } = serviceReach(engine, row, service)
  return [translated(engine.table.intersect(passing.may, servicePorts(engine, service)))]
}

const byEngine = new WeakMap<ClusterEngine, ReadonlyMap<string, Service>>()

const servicesOf = (engine: ClusterEngine): ReadonlyMap<string, Service> => {
  const known = byEngine.get(engine)
  if (known !== undefined) return known
  const made = new Map(engine.cluster.services.map(service => [idOf(service.ref), service]))
  byEngine.set(engine, made)
  return made
}
