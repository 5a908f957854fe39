import type { Network, Subnet } from '../../model/fabric.ts'
import type { Environment } from '../../model/intent.ts'
import { compareText } from '../../model/order.ts'
import { type AnyAddress, printAddress } from '../../sets/cidr.ts'
import type { FabricView } from './view.ts'
import { shortOf } from './words.ts'

/** A network with the environments that name it. */
export interface Home {
  readonly network: Network
  readonly environments: readonly Environment[]
}

/** Networks that some environment names. */
export const homesIn = ({ fabric, approvals }: FabricView): readonly Home[] =>
  fabric.networks.flatMap((network): readonly Home[] => {
    const environments = approvals.environmentsOf(network.id)
    return environments.length === 0 ? [] : [{ network, environments }]
  })

/** No environment has both, and none sends its egress to an exit of the other’s. */
export const areApart = ({ estate }: FabricView, from: Home, to: Home): boolean => {
  if (from.environments.some(one => to.environments.includes(one))) return false
  const namesOf = ({ environments }: Home): readonly string[] => environments.map(({ ref }) => ref.name)
  const [own, theirs] = [namesOf(from), namesOf(to)]
  const { patterns, exits } = estate.intents
  const sendsTo = (some: readonly string[], others: readonly string[]): boolean =>
    patterns.some(
      ({ environment, via, faults }) =>
        faults.length === 0 &&
        environment !== null &&
        some.includes(environment) &&
        exits.some(({ ref, environment: of }) => via.includes(ref.name) && of !== null && others.includes(of)),
    )
  return !sendsTo(own, theirs) && !sendsTo(theirs, own)
}

/** Subnets that nothing tells apart on the way out of them stand in for each other. */
export const distinctIn = (view: FabricView, subnets: readonly Subnet[]): readonly Subnet[] => [
  ...new Map(
    subnets
      .toSorted((a, b) => compareText(b.id, a.id))
      .map(subnet => [JSON.stringify([view.tableOf(subnet)?.id, subnet.filters, subnet.zone]), subnet]),
  ).values(),
]

/** The first address of a subnet, which stands for any of it. */
export const exampleIn = ({ id, ranges }: Subnet): string => {
  const first: AnyAddress | undefined = ranges[0]
  return first === undefined ? shortOf(id) : printAddress(first)
}
