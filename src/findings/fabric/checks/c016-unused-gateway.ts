import type { Gateway } from '../../../model/fabric.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { named, shortOf } from '../words.ts'

export const unusedGateway: FabricCheck = {
  id: 'PST-C016',
  title: 'Gateway to the internet that no route leads to',
  severity: 'low',
  why: 'A gateway that nobody uses is one route away from being a way out, and that route is a single call by whoever may change a table. Its addresses may still stand in the allow lists of partners.',
  remedy: 'Remove it, or say in an ApprovedExit what it is kept for.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
  ],
  *run({ fabric, places, approvals }) {
    const used = new Set(
      fabric.tables.flatMap(({ routes }) =>
        routes.flatMap(({ next }) => ('id' in next && next.id !== null ? [next.id] : [])),
      ),
    )
    const isOpen = new Set(
      fabric.tables
        .filter(({ routes }) => routes.some(({ next }) => next.kind === 'unknown' && next.id === null))
        .map(({ network }) => network),
    )
    for (const gateway of fabric.gateways) {
      const { id, network, isUp } = gateway
      if (!isUp || network === null || used.has(id) || !isOut(gateway)) continue
      // Where a table was not read, or a route in one, it may be what leads there.
      const around = places.networks.get(network)
      if (around === undefined || around.mainTable === null || isOpen.has(network)) continue
      if (!places.tables.has(around.mainTable) || approvals.ofGateway(gateway) !== null) continue
      yield hitOn(
        gateway,
        `it is ready in ${named(around)}, and no route of any table leads to it`,
        gateway.kind === 'internet'
          ? `detach \`${shortOf(id)}\` from \`${shortOf(network)}\`, or approve it as an exit`
          : `delete \`${shortOf(id)}\` and release its addresses, or approve it as an exit`,
        {
          severity: gateway.kind === 'nat' ? null : 'info',
          path: [
            { hop: 'network', id: network },
            { hop: 'gateway', id },
          ],
        },
      )
    }
  },
}

const isOut = ({ kind, reachesInternet }: Gateway): boolean =>
  reachesInternet && (kind === 'internet' || kind === 'nat' || kind === 'egress-only')
