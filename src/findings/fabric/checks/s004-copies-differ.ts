import { compareText } from '../../../model/order.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { firewallsOn, kindOfExit } from '../exits.ts'
import type { FabricView } from '../view.ts'
import { type PinnedWay, widestOfPinned } from '../ways-of-pinned.ts'
import { named, severalOf, shortOf } from '../words.ts'

export const copiesDiffer: FabricCheck = {
  id: 'PST-S004',
  title: 'Function or app that leaves otherwise from one of its subnets than from another',
  severity: 'medium',
  why: 'The provider picks the subnet for each copy, and nobody is told which. Where its subnets have different kinds of exits, the same call is let out, inspected and logged at one time and not at another, and what breaks cannot be reproduced.',
  remedy: 'Give its subnets tables that lead to the same kind of exit.',
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
    'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc',
  ],
  *run(view) {
    const byWorkload = Map.groupBy(widestOfPinned(view), ({ workload, out }) => `${workload.id} ${out.family}`)
    for (const [, ways] of [...byWorkload].sort(([a], [b]) => compareText(a, b))) {
      const found = differing(view, ways)
      if (found !== null) yield found
    }
  },
}

const differing = (view: FabricView, ways: readonly PinnedWay[]): FabricHit | null => {
  const kinds = ways.map(way => ({ ...way, kind: kindText(view, way) }))
  const [{ workload }] = ways as [PinnedWay]
  // Of one with a subnet that nobody knows enough of, none can be told from another.
  const all = new Set(view.places.interfacesOf(workload.id).map(({ id }) => id))
  if (kinds.some(({ kind }) => kind === null) || new Set(ways.map(({ one }) => one.id)).size < all.size) return null
  const byKind = [...Map.groupBy(kinds, ({ kind }) => kind ?? '')].sort(
    ([a, x], [b, y]) => y.length - x.length || compareText(a, b),
  )
  const [usual, other] = byKind
  const [shown] = other?.[1] ?? []
  if (usual === undefined || other === undefined || shown === undefined) return null
  return hitOn(
    workload,
    `copies of it in ${severalOf(other[1].map(({ subnet }) => subnet))} leave by ${other[0]}, those in ${severalOf(usual[1].map(({ subnet }) => subnet))} by ${usual[0]}`,
    `give ${severalOf(other[1].map(({ subnet }) => subnet))} a route table that leads where the others leave, or take it from ${named(workload)}`,
    {
      key: String(shown.out.family),
      witness: `${workload.name ?? shortOf(workload.id)} -> ${shown.out.packet}`,
      path: [{ hop: 'managed', id: workload.id }, ...shown.out.way.hops],
    },
  )
}

/** Firewalls with equal rules are one. */
const kindText = (view: FabricView, { subnet, out }: PinnedWay): string | null => {
  const kind = kindOfExit(view, subnet, out)
  const firewalls = [...new Set(firewallsOn(view, out).map(({ id, filter }) => filter ?? id))]
  return kind === null || firewalls.length === 0 || kind === 'a firewall'
    ? kind
    : `${kind} behind ${severalOf(firewalls.map(id => ({ id })))}`
}
