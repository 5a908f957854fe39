import { poolsOf } from '../../../intent/node-pools.ts'
import { compareText } from '../../../model/order.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { firewallsOn } from '../exits.ts'
import { isMost } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { type NodeWay, waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, named, nodeHop, severalOf } from '../words.ts'

export const inspectionDiffers: FabricCheck = {
  id: 'PST-A003',
  title: 'Nodes of one pool of which some pass another firewall, or none',
  severity: 'medium',
  why: 'Pods are put on whichever node has room. Where nodes of one pool are led through different rules, or some through none, the same workload is inspected on one node and not on another, and whoever wants out has only to be restarted often enough.',
  remedy: 'Give the subnets of a pool tables that lead through the same rules.',
  references: [
    'https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-two-zone-igw.html',
    'https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config-route-tables.html',
  ],
  *run(view) {
    const widest = waysOfNodes(view).filter(
      ({ node, one, out }) =>
        node.interfaces[0].id === one.id && isMost(out.addresses, view.outward.internet(out.family)),
    )
    const byPool = Map.groupBy(widest, ({ node, out }) => {
      const pools = node.node === null ? [] : poolsOf(node.node).toSorted(compareText)
      // Where nobody says what pools there are, one node may well be another one’s.
      return pools.length === 0 ? '' : JSON.stringify([out.family, node.cluster, pools])
    })
    for (const [pool, ways] of byPool) {
      const found = pool === '' ? null : hitIn(view, ways)
      if (found !== null) yield found
    }
  },
}

/** Firewalls with equal rules are one: each zone has its own. */
const rulesOn = (view: FabricView, { out }: NodeWay): readonly string[] => [
  ...new Set(firewallsOn(view, out).map(({ id, filter }) => filter ?? id)),
]

const hitIn = (view: FabricView, all: readonly NodeWay[]): FabricHit | null => {
  // What is dropped passes nothing, and what nobody follows to its end may pass one yet.
  const ways = all.filter(({ out }) => out.way.verdict !== 'denied')
  if (ways.some(({ out }) => out.way.exit.kind === 'unknown')) return null
  const byRules = [...Map.groupBy(ways, way => rulesOn(view, way).toSorted(compareText).join(' '))].sort(
    ([a, x], [b, y]) => Number(a === '') - Number(b === '') || y.length - x.length || compareText(a, b),
  )
  const [usual, other] = [byRules[0], byRules.at(-1)]
  if (usual === undefined || other === undefined || usual === other || usual[0] === '') return null
  const [shown] = other[1] as [NodeWay, ...NodeWay[]]
  const { subnet, node, one, out } = shown
  const firewalls = (some: readonly NodeWay[]) => severalOf(some.flatMap(way => firewallsOn(view, way.out)))
  return hitOn(
    subnet,
    `nodes in ${severalOf(other[1].map(way => way.subnet))} leave ${other[0] === '' ? 'past every firewall' : `through ${firewalls(other[1])}`}, those of the same pool in ${severalOf(usual[1].map(way => way.subnet))} through ${firewalls(usual[1])}`,
    `give ${named(subnet)} a route table that leads through the same rules as the others`,
    {
      key: String(out.family),
      witness: `${addressText(one.addresses, out.family)} -> ${out.packet}`,
      path: [nodeHop(node), ...out.way.hops],
    },
  )
}
