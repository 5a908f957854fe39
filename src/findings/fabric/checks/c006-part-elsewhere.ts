import { reasonsFor } from '../../../engine/fabric/grounds.ts'
import { printCidrs } from '../../../sets/address-text.ts'
import { several } from '../../check.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { guardOf, leavesHere } from '../guards.ts'
import { isKeptOff } from '../kept-off.ts'
import type { NodeSubnet, NodeThere } from '../nodes.ts'
import { isMost } from '../outward.ts'
import type { FabricView, NodeTable } from '../view.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const partElsewhere: FabricCheck = {
  id: 'PST-C006',
  title: 'Part of the internet past the exit that the rest goes by',
  severity: 'medium',
  why: 'A longer route leads some addresses of the internet to a public gateway, while everything else goes to an exit that somebody watches. Such routes are made for one partner and one day, and the block that they are for is often shared with everybody at that provider.',
  remedy: 'Lead these addresses where the rest goes, or approve the exit that they take.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html'],
  *run(view) {
    for (const each of view.nodeTables) for (const family of [4, 6] as const) yield* hitsIn(view, each, family)
  },
}

function* hitsIn(view: FabricView, { table, subnets }: NodeTable, family: 4 | 6): Iterable<FabricHit> {
  const found = subnets.filter(({ subnet }) => !isKeptOff(view, subnet.id)).flatMap(one => partsAt(view, one, family))
  for (const [gateway, same] of Map.groupBy(found, ({ part }) => part.way.exit.id ?? '')) {
    const [{ part, node, one, guard }] = same as [(typeof found)[number]]
    const decided = reasonsFor(part.way.grounds, part.addresses).find(({ of }) => of?.id === table.id)
    const blocks = several(printCidrs(part.addresses))
    yield hitOn(
      table,
      `from subnets of nodes (${severalOf(same.map(({ subnet }) => subnet))}) ${blocks} leaves by \`${shortOf(gateway)}\`, while the rest of the internet goes by ${guard}`,
      `in \`${shortOf(table.id)}\`: remove the longer routes to \`${shortOf(gateway)}\`, or approve it as an exit`,
      {
        at: decided?.at ?? table.at,
        key: `${family} ${gateway}`,
        witness: `${addressText(one.addresses, family)} -> ${part.packet}`,
        path: [nodeHop(node), ...part.way.hops],
      },
    )
  }
}

const partsAt = (view: FabricView, { subnet, nodes, interfaces }: NodeSubnet, family: 4 | 6) =>
  interfaces.flatMap((one, i) => {
    if (addressText(one.addresses, family) === null) return []
    const [rest, ...parts] = view.outward.from({ kind: 'interface', of: one }, family)
    const guard = rest === undefined || rest.way.verdict === 'denied' ? null : guardOf(view, rest)
    if (rest === undefined || guard === null || !isMost(rest.addresses, view.outward.internet(family))) return []
    return parts
      .filter(part => leavesHere(part) && guardOf(view, part) === null)
      .map(part => ({ subnet, node: nodes[i] as NodeThere, one, part, guard }))
  })
