import { type FabricCheck, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import { packetBy } from '../packets.ts'
import { decidedBy, leadsTo, takenBy } from '../routes.ts'
import { severalOf, shortOf } from '../words.ts'

export const defaultToInternet: FabricCheck = {
  id: 'PST-C002',
  title: 'Subnet of nodes with a default route to an internet gateway',
  severity: 'medium',
  why: 'A subnet whose default route leads to an internet gateway is a public one: one public address on a node, given at launch or later by hand, is all that is missing for a way out that no NAT gateway and no firewall sees. Pods go where their node goes.',
  remedy: 'Associate subnets of nodes with a table whose default route leads to NAT or a firewall.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
    'https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html',
  ],
  *run(view) {
    for (const { table, subnets } of view.nodeTables)
      for (const route of table.routes) {
        if (route.destination?.family !== 4 || route.destination.prefix > 0) continue
        const gateway = leadsTo(view, route)
        const taken = takenBy(view, table, route)
        if (gateway?.kind !== 'internet' || taken === null) continue
        const concerned = subnets.filter(
          ({ subnet }) => gateway.network === subnet.network && !isKeptOff(view, subnet.id),
        )
        if (concerned.length === 0) continue
        yield hitOn(
          table,
          `subnets of nodes (${severalOf(concerned.map(({ subnet }) => subnet))}) leave by ${decidedBy(view, table, route)}`,
          `in \`${shortOf(table.id)}\`: lead \`0.0.0.0/0\` to NAT or a firewall, or associate ${severalOf(concerned.map(({ subnet }) => subnet))} with a table that does`,
          { at: route.at, key: '0.0.0.0/0', ...packetBy(concerned, table, view.outward.internetIn(taken), gateway) },
        )
      }
  },
}
