import type { Estate } from '../model/cluster.ts'
import type { Route } from '../model/fabric.ts'
import type { PlanSide } from './plan-sides.ts'

/**
 * Routes that the plan leaves behind without their target lead nowhere: a gateway that is not among what comes of the plan was not
 * overlooked where the plan deletes it. Source: docs.aws.amazon.com, “Configure route tables”, the state `blackhole`.
 */
export const withoutGone = (after: Estate, before: PlanSide, deleted: ReadonlySet<string>): Estate => {
  const { fabric } = after
  const there = new Set([...fabric.gateways, ...fabric.peerings, ...fabric.interfaces].map(({ id }) => id))
  const old = before.estate.fabric
  const gone = new Set(
    [...old.gateways, ...old.peerings, ...old.interfaces]
      .filter(one => !there.has(one.id) && deleted.has(before.addressOf(one) ?? ''))
      .map(({ id }) => id),
  )
  if (gone.size === 0) return after
  const leading = (route: Route): Route =>
    'id' in route.next && route.next.id !== null && route.next.kind !== 'unknown' && gone.has(route.next.id)
      ? { ...route, next: { kind: 'nowhere', id: route.next.id } }
      : route
  const tables = fabric.tables.map(table => ({ ...table, routes: table.routes.map(leading) }))
  return { ...after, fabric: { ...fabric, tables } }
}
