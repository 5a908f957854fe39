import { type FabricCheck, hitOn } from '../check.ts'
import { severalOf, shortOf } from '../words.ts'

export const hubJoinsAll: FabricCheck = {
  id: 'PST-C015',
  title: 'Hub that joins whatever is attached to it',
  severity: 'low',
  why: 'With association and propagation on by default every new attachment reaches all others and is reached by them, before anybody has looked at it. Which networks may meet is then decided by whoever attaches one, not by a table that somebody reviews.',
  remedy: 'Switch both defaults off, and associate and propagate each attachment with the table that it is meant for.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html',
    'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-best-design-practices.html',
  ],
  *run(view) {
    const { fabric, places, nodeSubnets } = view
    const networks = new Set(nodeSubnets.map(({ subnet }) => subnet.network))
    for (const hub of fabric.hubDefaults) {
      if (!hub.associates || !hub.propagates) continue
      const withNodes = places
        .attachmentsOf(hub.id)
        .flatMap(({ id, to }) =>
          to.kind === 'network' && networks.has(to.network) ? [{ id, network: to.network }] : [],
        )
      const [first] = withNodes
      if (first === undefined) continue
      yield hitOn(
        hub,
        `what is attached to it joins all others by itself, and networks of nodes (${severalOf(withNodes.map(({ network }) => ({ id: network })))}) are among them`,
        `switch off default association and propagation of \`${shortOf(hub.id)}\`, and choose a table for each attachment`,
        {
          witness: 'DefaultRouteTableAssociation: enable, DefaultRouteTablePropagation: enable',
          path: [
            { hop: 'network', id: first.network },
            { hop: 'attachment', id: first.id },
            { hop: 'gateway', id: hub.id },
          ],
        },
      )
    }
  },
}
