import type { Start } from '../engine/fabric/start.ts'
import type { Estate } from '../model/cluster.ts'
import type { CloudObject, Fabric } from '../model/fabric.ts'
import type { PlanDocument } from './plan-resources.ts'

/** The network before a plan, or after it, with what tells its objects apart from those of the other one. */
export interface PlanSide {
  readonly estate: Estate
  /** The resource that makes an object; null: none of the plan does. */
  readonly addressOf: (object: Pick<CloudObject, 'origin' | 'at'>) => string | null
  readonly object: (id: string) => CloudObject | undefined
  /** The same for one object before and after, whether its id is known, not known yet, or will be another one. */
  readonly sameAs: (id: string) => string
  /** Where packets begin, by what is the same on both sides. */
  readonly starts: ReadonlyMap<string, Start>
  /** A machine where it has one interface alone, else the interface; or the subnet. */
  readonly nameOf: (start: Start) => string
}

/** Lists of a fabric whose objects have ids that others name. */
const LISTS = [
  'networks',
  'subnets',
  'tables',
  'filters',
  'gateways',
  'peerings',
  'interfaces',
  'attachments',
  'hubTables',
  'machines',
  'managed',
] as const satisfies readonly (keyof Fabric)[]

export const planSide = (estate: Estate, plans: readonly PlanDocument[]): PlanSide => {
  const { fabric } = estate
  const addressOf: PlanSide['addressOf'] = ({ origin, at }) => {
    for (const plan of plans) {
      const address = plan.addressAt(origin, at)
      if (address !== null) return address
    }
    return null
  }
  const objects = new Map<string, CloudObject>()
  const same = new Map<string, string>()
  for (const key of LISTS) {
    const made = Map.groupBy<string | null, CloudObject>(fabric[key], addressOf)
    for (const [address, all] of made)
      for (const one of all) {
        objects.set(one.id, one)
        // Of several that one resource makes, their ids alone tell which is which.
        const isOnly = address !== null && all.length === 1
        same.set(one.id, isOnly ? `${one.origin.file} ${key} ${address}` : one.id)
      }
  }
  const sameAs = (id: string): string => same.get(id) ?? id
  const starts = new Map<string, Start>([
    ...fabric.subnets.map((of): [string, Start] => [sameAs(of.id), { kind: 'subnet', of }]),
    ...fabric.interfaces
      .filter(({ addresses }) => addresses.length > 0)
      .map((of): [string, Start] => [sameAs(of.id), { kind: 'interface', of }]),
    ...fabric.managed.map((of): [string, Start] => [sameAs(of.id), { kind: 'managed', of }]),
  ])
  const byMachine = Map.groupBy(fabric.interfaces, ({ of }) => of)
  const nameOf = (start: Start): string => {
    const machine = start.kind === 'interface' ? start.of.of : null
    return machine !== null && byMachine.get(machine)?.length === 1 ? machine : start.of.id
  }
  return { estate, addressOf, object: id => objects.get(id), sameAs, starts, nameOf }
}
