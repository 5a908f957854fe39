import type { Route } from '../../model/fabric.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { idFor } from './links.ts'
import { cidrsOf, holds, setOf } from './ranges.ts'

/** Source: “Configure Private Google Access”, Domain options, IP addresses. */
const SERVICES: readonly (readonly [string, readonly AnyCidr[]])[] = [
  ['private.googleapis.com', cidrsOf('199.36.153.8/30', '2600:2d00:2:2000::/64')],
  ['restricted.googleapis.com', cidrsOf('199.36.153.4/30', '2600:2d00:2:1000::/64')],
]

/**
 * With private access, these addresses are reached without an address of one’s own and without NAT, where the route that takes them
 * leads to the internet’s edge. Source: “Private Google Access”, Specifications; “Cloud NAT overview”.
 */
export const serviceRoutes = (routes: readonly Route[]): readonly Route[] =>
  SERVICES.flatMap(([name, ranges]) =>
    ranges.flatMap(range => {
      const around = routes.filter(({ destination }) => destination !== null && holds(setOf([destination]), range))
      const longest = Math.max(...around.map(({ destination }) => destination?.prefix ?? 0))
      const first = around.filter(({ destination }) => destination?.prefix === longest)
      const rank = Math.min(...first.map(one => one.rank))
      const taking = first.filter(one => one.rank === rank)
      if (taking.length === 0 || taking.some(({ next }) => next.kind !== 'internet')) return []
      const [{ at }] = taking as [Route]
      return [{ destination: range, by: 'static', rank: -1, next: { kind: 'service', id: idFor('service', name) }, at }]
    }),
  )
