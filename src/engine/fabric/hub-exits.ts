import type { Attachment, AttachmentEnd } from '../../model/fabric.ts'
import type { Unknown } from '../../model/reach.ts'
import type { AddressSet } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Around, Entered, Taken } from './around.ts'
import { firewallsIn } from './firewalls.ts'
import { oneOf } from './one-of.ts'
import { notRead, type Places, said } from './places.ts'
import { isOpen, leaves, over, type Place, seenInside, stops, type Way } from './ways.ts'
import { subnetInZone } from './zones.ts'

type Enter<F extends Family> = (place: Place, region: Region<F>, entered: Entered) => readonly Way<F>[]

/** Where an attachment leads that a hub’s route gives packets to. `associated` goes on in another hub. */
export const hubExitsIn = <F extends Family>(around: Around<F>, associated: Enter<F>) => {
  const { places, algebra } = around
  const { shared } = around
  const { hanging } = firewallsIn(around)

  const unread = (place: Place, region: Region<F>, cover: AddressSet<F>, what: string, id: string) => {
    const own = algebra.within(region, cover)
    return algebra.isEmpty(own) ? [] : isOpen(place, own, notRead(what, id))
  }

  const intoNetwork = (place: Place, region: Region<F>, end: NetworkEnd, { attachment, from, cover }: Taken<F>) => {
    const next = over(place, { hop: 'network', id: end.network })
    if (!places.networks.has(end.network)) return isOpen(next, region, notRead('the network', end.network))
    const entered = subnetsOf(places, end, from)
    if (entered.length === 0) return unread(next, region, cover, 'the subnets of', attachment.id)
    return oneOf(
      algebra,
      entered.map(id => {
        const subnet = places.subnets.get(id)
        const at = over(next, { hop: 'subnet', id })
        // It comes from inside of that subnet, so that the filters at its edge see it when it goes on, not before.
        return subnet === undefined
          ? unread(at, region, cover, 'the subnet', id)
          : shared({ ...at, subnet }, region, cover)
      }),
      chosen(attachment, end),
    )
  }

  const intoHub = (place: Place, region: Region<F>, end: HubEnd, attachment: Attachment): readonly Way<F>[] => {
    const hub = places.gateways.get(end.hub)
    const next = over(place, { hop: 'gateway', id: end.hub })
    if (hub === undefined) return isOpen(next, region, notRead('the gateway', end.hub))
    if (!hub.isUp) return stops(next, region, said(hub, 'is not up'))
    const side = otherSide(places, end, attachment)
    if (side === undefined) return isOpen(next, region, notRead(`the side of \`${end.hub}\` of`, attachment.id))
    const at = over(hub.hidesMembers === true ? { ...next, isHidden: true } : next, { hop: 'attachment', id: side.id })
    if (!side.isUp) return stops(at, region, said(side, 'is not up'))
    return associated(at, region, { attachment: side, hub: end.hub, from: null })
  }

  return (from: Place, asked: Region<F>, id: string, entered: Taken<F>): readonly Way<F>[] => {
    const attachment = places.attachmentAt(entered.hub, id)
    const place = over(from, { hop: 'attachment', id })
    if (
      place.isWhole &&
      attachment?.isUp &&
      attachment.to.kind === 'network' &&
      places.networks.has(attachment.to.network)
    )
      return intoNetwork(place, asked, attachment.to, { ...entered, attachment })
    const region = algebra.within(asked, entered.cover)
    if (algebra.isEmpty(region)) return []
    if (attachment === undefined) return isOpen(place, region, notRead('the attachment', id))
    if (!attachment.isUp) return stops(place, region, said(attachment, 'is not up'))
    const { to } = attachment
    switch (to.kind) {
      case 'network':
        return intoNetwork(place, region, to, { ...entered, attachment })
      case 'hub':
        return intoHub(place, region, to, attachment)
      case 'on-premises':
        return leaves(place, region, { kind: 'on-premises', id, sourceAddresses: seenInside(place) })
      case 'firewall': {
        const firewall = places.gateways.get(to.id)
        const at = over(place, { hop: 'gateway', id: to.id })
        if (firewall === undefined) return isOpen(at, region, notRead('the firewall', to.id))
        return hanging(at, region, firewall, (passed, rest) => associated(passed, rest, { ...entered, attachment }))
      }
      case 'unknown':
        return isOpen(place, region, { stage: 'fabric', why: to.why, settledBy: to.settledBy })
    }
  }
}

type NetworkEnd = Extract<AttachmentEnd, { kind: 'network' }>
type HubEnd = Extract<AttachmentEnd, { kind: 'hub' }>

/** A packet stays in the zone that it comes from. Where there is no such subnet, or by flow, any of them takes it. */
const subnetsOf = (places: Places, { subnets, byFlow }: NetworkEnd, from: Entered['from']): readonly string[] => {
  const all = subnets ?? []
  if (byFlow || from === null) return all
  const read = all.flatMap(id => places.subnets.get(id) ?? [])
  const same = subnetInZone(read, from)
  return same === null || same === 'open' ? all : [same.id]
}

/** Of two hubs that are joined twice, only the id tells which side belongs to which. */
const otherSide = (places: Places, end: HubEnd, { hub, ...own }: Attachment): Attachment | undefined => {
  const sides = places.attachmentsOf(end.hub).filter(({ to }) => to.kind === 'hub' && to.hub === hub)
  return sides.find(({ id }) => id === (end.attachment ?? own.id)) ?? (sides.length === 1 ? sides[0] : undefined)
}

const chosen = ({ id }: Attachment, { byFlow }: NetworkEnd): Unknown => ({
  stage: 'fabric',
  why: byFlow
    ? `each flow is given one of the subnets of \`${id}\` by chance, and their ways differ`
    : `in which of its subnets \`${id}\` gives it on is not told, and their ways differ`,
  settledBy: 'the same routes for all of these subnets, or a probe of each',
})
