import type { NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import type { WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'
import { waysOfNodes } from './ways-of-nodes.ts'
import { waysOfPinned } from './ways-of-pinned.ts'
import { addressText, nodeHop, shortOf } from './words.ts'

/** A way to the internet of a node, or of a workload that is pinned to a network. */
export interface SenderWay {
  /** Where it begins. */
  readonly first: Hop
  readonly what: 'nodes' | 'workloads'
  readonly one: NetworkInterface
  readonly subnet: Subnet
  readonly out: WayOutward
  /** `10.0.1.9 -> 1.1.1.1:443/TCP`; of whom no address is told, its name. */
  readonly witness: string
}

export const waysOfSenders = (view: FabricView): readonly SenderWay[] => [
  ...waysOfNodes(view).map(
    ({ node, one, subnet, out }): SenderWay => ({
      first: nodeHop(node),
      what: 'nodes',
      one,
      subnet,
      out,
      witness: `${addressText(one.addresses, out.family)} -> ${out.packet}`,
    }),
  ),
  ...waysOfPinned(view).map(
    ({ workload, one, subnet, out }): SenderWay => ({
      first: { hop: 'managed', id: workload.id },
      what: 'workloads',
      one,
      subnet,
      out,
      witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`,
    }),
  ),
]

/** `nodes`, `workloads`, or both, as far as they are among some senders. */
export const whoAmong = (senders: readonly SenderWay[]): string =>
  (['nodes', 'workloads'] as const).filter(what => senders.some(one => one.what === what)).join(' and ')
