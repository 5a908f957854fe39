import { written } from '../fabric/generate-packets.ts'
import { lost, open, type Step, through } from '../fabric/traveller.ts'
import type { Address } from '../ip.ts'
import { at } from '../json.ts'
import { blocksOfVnet, idOf, isIn, isSame, nameOf, nicsAt, oneAddress, publicText, vnetIdOf } from './documents.ts'
import { firewallPasses, firewallsAt, hidesSender, privateOf, publicIdsOf, subnetOf } from './firewalls.ts'
import { peersOf } from './networks.ts'
import type { Traveller } from './traveller.ts'

/** Where a packet goes on; given, so that these files stand in one line. */
export interface Onward {
  readonly leave: (traveller: Traveller) => readonly Step[]
  readonly arrive: (traveller: Traveller, network: string, isOver: boolean) => readonly Step[]
}

/**
 * Whoever has the address in the network or in one beside it. A machine passes on what is not for it where forwarding is on for its
 * interface, and how stands in no document. Source: "Virtual network traffic routing", User-defined, Virtual appliance.
 */
export const appliance = (traveller: Traveller, address: Address, onward: Onward): readonly Step[] => {
  const { world, subnet, to, packet, block, broken } = traveller
  const here = world.byId.get(vnetIdOf(subnet))
  if (here === undefined) return open(null, [])
  if (address.family !== to.family) return lost([])
  const peers = peersOf(world, here, broken)
  const near = [idOf(here), ...peers.map(({ network }) => network)]
  const isSure = (network: string): boolean => peers.every(one => one.network !== network || one.hasAccess)
  const firewalls = firewallsAt(world, address)
  // Networks may have the same addresses.
  const firewall = firewalls.find(one => near.includes(vnetIdOf(world.byId.get(subnetOf(one)) ?? one))) ?? firewalls[0]
  if (firewall !== undefined) {
    const place = world.byId.get(subnetOf(firewall))
    if (place === undefined) return open(null, [])
    if (!near.includes(vnetIdOf(place))) return lost([])
    const passes = firewallPasses(world, firewall, packet, block, to, broken)
    const reached = isSure(vnetIdOf(place)) || passes === 'no' ? [] : open(null, [])
    return [
      ...reached,
      ...through(passes, [], () => {
        const isHidden = hidesSender(to, broken)
        const [own] = privateOf(firewall)
        if (!isHidden || own === undefined) return onward.leave({ ...traveller, subnet: place })
        const hidden = {
          id: nameOf(idOf(firewall)),
          privateAddresses: privateOf(firewall).map(written),
          isPublic: publicIdsOf(firewall).length > 0,
          publicAddresses: publicIdsOf(firewall).flatMap(id => publicText(world, id) ?? []),
        }
        return onward.leave({ ...traveller, subnet: place, through: hidden, block: oneAddress(own), nic: null })
      }),
    ]
  }
  // An address without a direct way is no valid target.
  const reached = [...blocksOfVnet(here), ...peers.flatMap(({ blocks }) => blocks)]
  if (!isIn(address, reached)) return lost([])
  const network = near.find(one => nicsAt(world, one, address).length > 0)
  if (network === undefined || !isSure(network)) return open(null, [])
  if (isSame(to, address)) return onward.arrive(traveller, network, network !== idOf(here))
  const [machine] = nicsAt(world, network, address)
  if (machine === undefined) return open(null, [])
  const forwards = at(machine, 'enableIPForwarding') === true
  return forwards ? open(nameOf(idOf(machine)), []) : lost([])
}
