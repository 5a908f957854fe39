import { type FabricCheck, hitOn } from '../check.ts'
import { leavesHere } from '../guards.ts'
import { isMost } from '../outward.ts'
import { readThere } from '../read-there.ts'
import { waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const storageByInternet: FabricCheck = {
  id: 'PST-C020',
  title: 'Storage that nodes reach by the internet alone',
  severity: 'info',
  why: 'Images, backups and logs go to the storage service by NAT or an internet gateway, mixed with everything else that leaves, so that the way out has to stay open for them. An endpoint costs nothing, takes them another way, and has a policy that says whose buckets they may be for.',
  remedy:
    'Make a gateway endpoint for the service with a policy of its own, and associate it with the tables of the nodes.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html'],
  *run(view) {
    const { fabric, places, outward } = view
    const { endpoints } = fabric
    if (endpoints === null) return
    const isRead = readThere(
      view,
      endpoints.map(({ network }) => network),
    )
    const leaving = waysOfNodes(view).filter(
      ({ out }) => out.family === 4 && leavesHere(out) && isMost(out.addresses, outward.internet(4)),
    )
    for (const [id, ways] of Map.groupBy(leaving, ({ subnet }) => subnet.network)) {
      const network = places.networks.get(id)
      const [first] = ways
      const has = endpoints.some(one => one.network === id && one.service.endsWith('.s3'))
      // The service is one of the cloud whose networks are called so.
      if (network === undefined || first === undefined || has || !isRead(id) || !id.startsWith('aws:')) continue
      yield hitOn(
        network,
        `it has no endpoint for S3: subnets of nodes (${severalOf(ways.map(({ subnet }) => subnet))}) reach it by \`${shortOf(first.out.way.exit.id ?? '')}\``,
        `make a gateway endpoint for S3 in \`${shortOf(id)}\`, and associate it with the tables of these subnets`,
        {
          witness: `${addressText(first.one.addresses, 4)} -> ${first.out.packet}`,
          path: [nodeHop(first.node), ...first.out.way.hops],
        },
      )
    }
  },
}
