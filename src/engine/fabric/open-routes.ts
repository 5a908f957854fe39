import type { Route, RouteTable } from '../../model/fabric.ts'
import { type Family, printAddress } from '../../sets/cidr.ts'
import { openRoutes } from './routes.ts'
import type { Way } from './ways.ts'

/** What a list of prefixes that was not read takes goes another way. */
export const withOpenRoutes = <F extends Family>(way: Way<F>, routes: RouteTable): Way<F> => {
  const [open] = openRoutes(routes)
  if (open === undefined) return way
  const why = {
    stage: 'fabric',
    why: `a route of \`${routes.id}\` is for addresses that were not read, and may take it ${towards(open)}`,
    settledBy: 'the list of prefixes that the route names',
  }
  return { ...way, verdict: 'unknown', unknowns: [...way.unknowns, why] }
}

export const towards = ({ next }: Route): string => {
  switch (next.kind) {
    case 'network':
      return 'to the network itself'
    case 'internet':
      return 'to the internet'
    case 'drop':
      return 'nowhere'
    case 'address':
      return `to \`${printAddress(next.address)}\``
    default:
      return next.id === null ? 'somewhere' : `to \`${next.id}\``
  }
}
