import { joined, lost, open, over, type Step, through } from '../fabric/traveller.ts'
import type { NetPacket, PacketWay } from '../fabric/types.ts'
import { type Address, inBlock, readAddress } from '../ip.ts'
import { at } from '../json.ts'
import {
  blocksOf,
  byLink,
  type Documents,
  isIn,
  isSame,
  lastOf,
  type Nic,
  nicsOf,
  pathOf,
  rangesOf,
  regionOf,
  subnetsOf,
} from './documents.ts'
import { leaveNetwork } from './edge.ts'
import { type EndOf, firewallPasses } from './filters.ts'
import { routed, type Target } from './routes.ts'
import { type Sender, type Senders, sendersOf } from './senders.ts'
import { serviceSends } from './services.ts'
import type { Broken, From } from './types.ts'

const NONE: Broken = new Set()

/**
 * Follows one packet, hop by hop, as the platform documents it: metadata; rules on the way out; the route; what that leads to.
 * `broken` leaves rules out, to see that a comparison notices.
 */
export const packetWay = (documents: Documents, from: From, packet: NetPacket, broken: Broken = NONE): PacketWay => {
  const steps = begin(documents, from, packet, broken)
  return joined(steps.map(step => ({ ...step, hops: [] })))
}

const METADATA = ['169.254.169.254/32', 'fd20:ce::254/128']

const begin = (documents: Documents, from: From, packet: NetPacket, broken: Broken): readonly Step[] => {
  const to = readAddress(packet.destination)
  if (to === null) return open('the destination cannot be read', [])
  if (from.kind === 'service') {
    const sent = serviceSends(documents, from.name, to, broken)
    if (sent.kind === 'provider') return over('provider-managed', from.name, [], [])
    if (sent.kind !== 'network') return open(null, [])
    return leaveAll(documents, sent.senders, packet, to, broken)
  }
  const senders = sendersOf(documents, from, to)
  return senders === null ? open(null, []) : leaveAll(documents, senders, packet, to, broken)
}

const leaveAll = (
  documents: Documents,
  { network, all }: Senders,
  packet: NetPacket,
  to: Address,
  broken: Broken,
): readonly Step[] => {
  // Source: Cloud NGFW documentation, "Always allowed traffic".
  if (isIn(to, blocksOf(METADATA)) && !broken.has('metadata is kept from nobody'))
    return over('provider-managed', lastOf(network), [], [])
  const own = all.filter(({ address }) => address.family === to.family)
  if (own.length === 0) return lost([])
  return own.flatMap(sender => leave(documents, sender, packet, to, broken))
}

const leave = (
  documents: Documents,
  sender: Sender,
  packet: NetPacket,
  to: Address,
  broken: Broken,
): readonly Step[] => {
  const { network, subnet: path, address, tags, accounts } = sender
  const region = regionOf(path)
  const subnet = byLink(documents, 'compute#subnetwork', path)
  const own = { tags, accounts }
  const asked = { network, region, direction: 'EGRESS', packet, from: address, to, own, sender: null, broken } as const
  const passes = firewallPasses(documents, asked)
  const targets = (): readonly Target[] => routed(documents, { network, region, from: address, to, tags, broken })
  const follow = (target: Target): readonly Step[] => {
    switch (target.kind) {
      case 'nowhere':
        return lost([])
      case 'open':
        return open(target.id, [])
      case 'line':
        return over('on-premises', target.id, [], [])
      case 'internet':
        return subnet === undefined
          ? open(null, [])
          : leaveNetwork(documents, { subnet, from: address, outside: sender.outside, to, packet, broken })
      case 'inside':
        return arrive(documents, sender, packet, to, target.network, broken)
    }
  }
  return through(passes, [], () => targets().flatMap(follow))
}

/** The rules of whoever has the address, of that network. */
const arrive = (
  documents: Documents,
  sender: Sender,
  packet: NetPacket,
  to: Address,
  network: string,
  broken: Broken,
): readonly Step[] => {
  const end = over('peer-network', lastOf(network), [], [])
  if (broken.has('filters at the other end')) return end
  const subnet = subnetsOf(documents, network).find(one => rangesOf(one).some(range => inBlock(to, range)))
  if (subnet === undefined) return open(null, [])
  const holder: Nic | undefined = nicsOf(documents).find(
    one => one.network === network && one.sources.some(source => isSame(source.address, to)),
  )
  const from: EndOf = sender
  const passes = firewallPasses(documents, {
    network,
    region: regionOf(pathOf(at(subnet, 'selfLink'))),
    direction: 'INGRESS',
    packet,
    from: sender.address,
    to,
    own: { tags: holder?.tags ?? null, accounts: holder?.accounts ?? null },
    sender: from,
    broken,
  })
  return through(passes, [], () => end)
}
