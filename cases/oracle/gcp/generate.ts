import { type Random, seeded } from '../random.ts'
import type { Json } from '../types.ts'
import type { Construct, Use } from './constructs.ts'
import type { Documents } from './documents.ts'
import { makeFilters } from './generate-filters.ts'
import {
  makeInstances,
  makeNetwork,
  makePeerings,
  makeServices,
  makeSubnet,
  makeSubnetRoutes,
} from './generate-networks.ts'
import { makePackets, type Sent } from './generate-packets.ts'
import { makeRouters } from './generate-routers.ts'
import { makeRoutes } from './generate-routes.ts'
import { planNetworks } from './plan.ts'

/** One small cloud as the command line prints it, with packets at the edges of what it says. */
export interface Generated {
  readonly documents: Documents
  readonly sent: readonly Sent[]
  /** What was written, each once. */
  readonly constructs: readonly Construct[]
}

/** The same seed gives the same. */
export const generateCloud = (seed: number, packets: number): Generated => {
  const random: Random = seeded(seed)
  const used = new Set<Construct>()
  const use: Use = construct => used.add(construct)
  const networks = planNetworks(random)
  const read = networks.filter(({ isRead }) => isRead)
  if (networks.length > 1) use('several networks')
  if (new Set(read.flatMap(({ subnets }) => subnets.map(({ region }) => region))).size > 1) use('several regions')
  const peerings = makePeerings(random, use, networks)
  const isAlone = random.percent(30)
  if (isAlone) use('a project without a parent')
  const documents: readonly Json[] = [
    ...read.map(network => makeNetwork(random, use, network, peerings.get(network) ?? [])),
    ...read.flatMap(network => network.subnets.map(subnet => makeSubnet(random, use, network, subnet))),
    ...read.flatMap(makeSubnetRoutes),
    ...read.flatMap(network => makeRoutes(random, use, network)),
    ...read.flatMap(network => makeRouters(random, use, network)),
    ...read.flatMap(network => makeInstances(random, use, network, networks)),
    ...read.flatMap(network => makeFilters(random, use, network, networks, isAlone)),
    ...makeServices(random, use, networks),
    ...(isAlone ? [{ projectId: 'p', projectNumber: '1', name: 'p', lifecycleState: 'ACTIVE' }] : []),
  ]
  return { documents, sent: makePackets(random, documents, packets), constructs: [...used] }
}
