import type { Attachment, Gateway } from '../../model/fabric.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Around, Go } from './around.ts'
import { hubRoutesIn } from './hub-routes.ts'
import { notRead, type Places, said } from './places.ts'
import { isOpen, over, type Place, past, stops, type Way } from './ways.ts'
import { subnetInZone } from './zones.ts'

/** Many networks and lines hang on a hub; which of them reach each other is in its own tables. */
export const hubsIn = <F extends Family>(around: Around<F>) => {
  const { places, crossing, arrival } = around
  const { associated } = hubRoutesIn(around)

  /** By the attachment of the network where the packet is. */
  const enter = (place: Place, region: Region<F>, hub: Gateway): readonly Way<F>[] => {
    const { network } = place.subnet
    const held = places.attachmentsOf(hub.id)
    const own = held.filter(({ to }) => to.kind === 'network' && to.network === network)
    const attachment = own.find(({ isUp }) => isUp) ?? own[0]
    if (attachment === undefined)
      return isMissing(places, hub, held, network)
        ? stops(place, region, said(hub, `has no attachment to \`${network}\``))
        : isOpen(place, region, notRead(`the attachment of \`${network}\` to`, hub.id))
    const next = over(hidingIn(hub, place), { hop: 'attachment', id: attachment.id })
    if (!attachment.isUp) return stops(next, region, said(attachment, 'is not up'))
    return fromZone(next, region, attachment, (passed, rest) =>
      associated(passed, rest, { attachment, hub: hub.id, from: place.subnet }),
    )
  }

  /** A hub takes what a zone sends in the subnet that it has there: past the filters at its edge, and by no other. */
  const fromZone = (place: Place, region: Region<F>, attachment: Attachment, next: Go<F>): readonly Way<F>[] => {
    if (attachment.to.kind !== 'network') return next(place, region)
    const ids = attachment.to.subnets ?? []
    const read = ids.flatMap(id => places.subnets.get(id) ?? [])
    const subnet = subnetInZone(read, place.subnet)
    if (subnet !== null && subnet !== 'open')
      return arrival.into(
        past(place, subnet.filters, 'out'),
        region,
        crossing.takenIn(subnet.filters, place, null),
        said(subnet, 'its filters let none of it in'),
        next,
      )
    const isOpenZone = attachment.to.subnets === null || subnet === 'open' || read.length < ids.length
    if (isOpenZone) return next({ ...place, unknowns: [...place.unknowns, zoneOpen(attachment)] }, region)
    const says = `stands in no subnet of the zone \`${place.subnet.zone ?? ''}\`, and takes nothing from it`
    return stops(place, region, said(attachment, says))
  }
  return { enter }
}

const hidingIn = ({ hidesMembers }: Gateway, place: Place): Place =>
  hidesMembers === true ? { ...place, isHidden: true } : place

/** Who was shown one attachment of an account was shown all of them. */
const isMissing = (places: Places, hub: Gateway, held: readonly Attachment[], network: string): boolean => {
  const owner = places.networks.get(network)?.account ?? null
  return !hub.isCut && owner !== null && held.some(({ to, account }) => to.kind === 'network' && account === owner)
}

const zoneOpen = ({ id }: Attachment) => ({
  stage: 'fabric',
  why: `whether \`${id}\` has a subnet in the zone of the sender is not told`,
  settledBy: `the document of \`${id}\`, and those of its subnets with their zones`,
})
