import { poolsOf } from '../../../intent/node-pools.ts'
import type { Subnet } from '../../../model/fabric.ts'
import { compareText } from '../../../model/order.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import type { NodeThere } from '../nodes.ts'
import { isMost, type WayOutward } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const zonesDiffer: FabricCheck = {
  id: 'PST-C009',
  title: 'Nodes of one pool that leave otherwise in one zone than in another',
  severity: 'medium',
  why: 'Pods are put into whichever zone has room. Where zones have different kinds of exits, the same workload is let out, seen and logged in one zone and not in another, and what breaks moves with the scheduler.',
  remedy: 'Give the subnets of all zones tables that lead to the same kind of exit.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html',
    'https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html',
  ],
  *run(view) {
    const pools = Map.groupBy(view.nodes, ({ cluster, node }) =>
      JSON.stringify([cluster, node === null ? [] : poolsOf(node).toSorted(compareText)]),
    )
    for (const nodes of pools.values()) {
      // Where nobody says what pools there are, one zone may well be another one’s.
      const [first] = nodes
      if (first?.node != null && poolsOf(first.node).length > 0) yield* hitsIn(view, nodes)
    }
  },
}

interface Leaving {
  readonly node: NodeThere
  readonly subnet: Subnet
  readonly zone: string
  readonly out: WayOutward
  /** The kind of its exit, in words. */
  readonly kind: string
}

/** Told at the zones that leave otherwise than most of the nodes do. */
function* hitsIn(view: FabricView, nodes: readonly NodeThere[]): Iterable<FabricHit> {
  const all = nodes.map(node => leavingOf(view, node))
  const known = all.flatMap(one => one ?? [])
  // Of a pool with a node that nobody knows enough of, no zone can be told from another.
  if (known.length < all.length) return
  const byZone = [...Map.groupBy(known, ({ zone }) => zone)].sort(([a], [b]) => compareText(a, b))
  const kinds = byZone.map(([zone, here]) => ({ zone, here, kinds: [...new Set(here.map(({ kind }) => kind))] }))
  if (kinds.length < 2 || kinds.some(one => one.kinds.length > 1)) return
  const byKind = [...Map.groupBy(kinds, one => one.kinds[0] ?? '')].sort(
    ([a, x], [b, y]) => y.length - x.length || compareText(a, b),
  )
  const [usual, ...others] = byKind
  for (const [kind, zones] of others) {
    const here = zones.flatMap(one => one.here)
    const first = here.toSorted((a, b) => compareText(a.subnet.id, b.subnet.id))[0]
    if (first === undefined || usual === undefined) continue
    const { subnet, node, out } = first
    yield hitOn(
      subnet,
      `nodes in ${zonesText(zones)} (${severalOf(here.map(one => one.subnet))}) leave by ${kind}, those of the same pool in ${zonesText(usual[1])} by ${usual[0]}`,
      `give \`${shortOf(subnet.id)}\` a route table that leads where the other zones leave`,
      {
        witness: `${addressText(node.interfaces[0].addresses, 4)} -> ${out.packet}`,
        path: [nodeHop(node), ...out.way.hops],
      },
    )
  }
}

const zonesText = (zones: readonly { readonly zone: string }[]): string =>
  zones.map(({ zone }) => `\`${zone}\``).join(' and ')

const leavingOf = ({ outward, places }: FabricView, node: NodeThere): Leaving | null => {
  const [sending] = node.interfaces
  const subnet = places.subnets.get(sending.subnet)
  const [out] = outward.from({ kind: 'interface', of: sending }, 4)
  if (subnet?.zone == null || out === undefined || !isMost(out.addresses, outward.internet(4))) return null
  const kind = out.way.verdict === 'denied' ? 'nothing' : KINDS[out.way.exit.kind]
  return kind === undefined ? null : { node, subnet, zone: subnet.zone, out, kind }
}

const KINDS: Readonly<Record<string, string>> = {
  'internet-gateway': 'an internet gateway',
  nat: 'NAT',
  'on-premises': 'a line on-premises',
}
