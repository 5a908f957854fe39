import { isSameZone } from '../../../engine/fabric/zones.ts'
import { several } from '../../check.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { waysOfNodes } from '../ways-of-nodes.ts'
import { addressText, nodeHop, severalOf, shortOf } from '../words.ts'

export const natInAnotherZone: FabricCheck = {
  id: 'PST-C008',
  title: 'NAT gateway that serves other zones than its own',
  severity: 'low',
  why: 'A NAT gateway stands in one zone. When that zone fails, subnets of the others that send by it lose their way out, and somebody in a hurry gives them another one; until then every packet between the zones is paid for.',
  remedy: 'Give each zone a NAT gateway of its own, or use a regional one.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html',
  ],
  *run(view) {
    const { places } = view
    const byNat = Map.groupBy(
      waysOfNodes(view).filter(
        ({ out }) => out.family === 4 && out.way.exit.kind === 'nat' && out.way.verdict !== 'denied',
      ),
      ({ out }) => out.way.exit.id ?? '',
    )
    for (const [id, ways] of byNat) {
      const gateway = places.gateways.get(id)
      const own = gateway?.subnet == null ? undefined : places.subnets.get(gateway.subnet)
      if (gateway === undefined || own === undefined) continue
      // What a hub brings is the concern of its own network.
      const far = ways.filter(({ subnet }) => subnet.network === own.network && isSameZone(own, subnet) === false)
      const [first] = far
      if (first === undefined) continue
      const zones = [...new Set(far.flatMap(({ subnet }) => subnet.zone ?? []))].sort()
      yield hitOn(
        gateway,
        `it stands in \`${own.zone ?? ''}\`, and subnets of nodes in ${several(zones)} (${severalOf(far.map(({ subnet }) => subnet))}) leave by it`,
        `make a NAT gateway in ${several(zones)} and lead those subnets to it, so that \`${shortOf(id)}\` serves its own zone`,
        {
          witness: `${addressText(first.one.addresses, 4)} -> ${first.out.packet}`,
          path: [nodeHop(first.node), ...first.out.way.hops],
        },
      )
    }
  },
}
