import { matchesOne } from '../../../intent/subjects.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import { packetBy } from '../packets.ts'
import { decidedBy, isPublic, leadsTo } from '../routes.ts'
import { severalOf, shortOf } from '../words.ts'

export const mainTableLeadsOut: FabricCheck = {
  id: 'PST-C010',
  title: 'Subnets of nodes without a table of their own, where the main one leads out',
  severity: 'low',
  why: 'A subnet that nobody associated with a table goes by the main one, and so does the next one that somebody makes and forgets. Where the main table leads to the internet, forgetting gives a way out.',
  remedy: 'Associate every subnet with a table, and leave the main one without a way out.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html'],
  *run(view) {
    const { approvals, outward } = view
    for (const { table, subnets } of view.nodeTables) {
      const bare = subnets.filter(({ subnet }) => subnet.table === null && !isKeptOff(view, subnet.id))
      const [first] = bare
      if (first === undefined) continue
      // Somebody said that subnets without a table are meant to have this one.
      const declared = approvals
        .environmentsOf(first.subnet.network)
        .flatMap(({ defaultRouteTables }) => [...defaultRouteTables])
      if (matchesOne(declared, table.id) || matchesOne(declared, shortOf(table.id))) continue
      for (const family of [4, 6] as const)
        for (const { route, addresses } of view.partOf(table, family)) {
          const gateway = route === null ? null : leadsTo(view, route)
          if (route === null || gateway === null || !isPublic(gateway) || !isMost(addresses, outward.internet(family)))
            continue
          yield hitOn(
            table,
            `subnets of nodes (${severalOf(bare.map(({ subnet }) => subnet))}) have no table of their own and leave by the main one: ${decidedBy(view, table, route)}`,
            `associate ${severalOf(bare.map(({ subnet }) => subnet))} with a table, and take the route to \`${shortOf(gateway.id)}\` out of \`${shortOf(table.id)}\``,
            { at: route.at, key: String(family), ...packetBy(bare, table, outward.internetIn(addresses), gateway) },
          )
        }
    }
  },
}
