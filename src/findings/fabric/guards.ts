import type { WayOutward } from './outward.ts'
import type { FabricView } from './view.ts'
import { shortOf } from './words.ts'

/** Who watches over a way out, in words: an approved exit, or a hub behind which it goes on in another network; null: nobody. */
export const guardOf = ({ approvals, places }: FabricView, { way }: WayOutward): string | null => {
  const approved = approvals.ofWay(way)
  if (approved !== null) return `the approved exit \`${approved.ref.name}\``
  // Where exits are declared, what is not among them is no guard.
  if (approvals.areDeclared) return null
  const hub = way.hops.find(({ hop, id }) => hop === 'gateway' && places.gateways.get(id)?.kind === 'hub')
  if (hub !== undefined) return `the hub \`${shortOf(hub.id)}\``
  const appliance = way.hops.find(({ hop }) => hop === 'appliance')
  return appliance === undefined ? null : `the appliance \`${shortOf(appliance.id)}\``
}

/** A way that certainly ends at a public gateway of the networks, if filters let it. */
export const leavesHere = ({ way }: WayOutward): boolean =>
  way.verdict !== 'denied' && ['internet-gateway', 'egress-only-gateway', 'nat'].includes(way.exit.kind)
