import { boundaryWitnesses, firstOf } from '../sets/address-points.ts'
import type { AddressSet } from '../sets/address-set.ts'
import { type Address, type Family, printAddress } from '../sets/cidr.ts'
import { hasPorts, hasTypes, ICMP, ICMPV6, NAMED_PROTOCOLS } from '../sets/protocol.ts'
import { messagesOf, otherProtocolsOf, portsOf, type Traffic } from '../sets/traffic.ts'
import type { Entry } from './entries.ts'

/** A packet's traffic, as numbers. */
export interface TrafficPoint {
  readonly protocol: number
  readonly port?: number
  readonly type?: number
  readonly code?: number
}

/** One packet on each side of each boundary of a region of addresses: what a proof has to send. */
export interface Boundary {
  readonly inside: readonly { readonly address: string; readonly traffic: TrafficPoint }[]
  readonly outside: readonly { readonly address: string; readonly traffic: TrafficPoint }[]
}

/**
 * Both sides of a region: at each end of its addresses with one of its traffic, and at each end of its traffic with one of its
 * addresses. Regions of other kinds have no neighbours, and no boundary.
 */
export const boundaryOf = ({ to }: Entry, traffic: Traffic): Boundary => {
  if (to.kind !== 'addresses') return { inside: [], outside: [] }
  const ends = [...addressEnds(to.addresses.v4), ...addressEnds(to.addresses.v6)]
  const points = trafficEnds(traffic)
  const [somewhere, something] = [ends.find(end => end.isInside)?.address, points.find(point => point.isInside)?.point]
  if (somewhere === undefined || something === undefined) return { inside: [], outside: [] }
  const side = (isInside: boolean): Boundary['inside'] =>
    [
      ...ends.filter(end => end.isInside === isInside).map(({ address }) => ({ address, traffic: something })),
      ...points.filter(one => one.isInside === isInside).map(({ point }) => ({ address: somewhere, traffic: point })),
    ].filter(({ address, traffic: { protocol } }) => canCarry(address, protocol))
  return { inside: side(true), outside: side(false) }
}

/** ICMP is IPv4's, and ICMPv6 is IPv6's: no packet has one of the other. */
const canCarry = (address: string, protocol: number): boolean =>
  address.includes(':') ? protocol !== ICMP : protocol !== ICMPV6

const addressEnds = <F extends Family>(
  set: AddressSet<F>,
): readonly { readonly address: string; readonly isInside: boolean }[] => {
  const text = (address: Address<F>): string => printAddress(address)
  const first = firstOf(set)
  const pairs = boundaryWitnesses(set)
  return [
    ...(first === null ? [] : [{ address: text(first), isInside: true }]),
    ...pairs.flatMap(({ inside, outside }) => [
      { address: text(inside), isInside: true },
      { address: text(outside), isInside: false },
    ]),
  ]
}

const trafficEnds = (traffic: Traffic): readonly { readonly point: TrafficPoint; readonly isInside: boolean }[] => {
  const ends: { point: TrafficPoint; isInside: boolean }[] = []
  for (const protocol of NAMED_PROTOCOLS) {
    const bounds = hasPorts(protocol) ? portsOf(traffic, protocol).bounds : messagesOf(traffic, protocol).bounds
    const lowest = hasPorts(protocol) ? 1 : 0
    const put = (at: number, isInside: boolean): void => {
      if (at < lowest || at > 65535) return
      const point = hasTypes(protocol)
        ? { protocol, type: Math.floor(at / 256), code: at % 256 }
        : { protocol, port: at }
      ends.push({ point, isInside })
    }
    for (let i = 0; i < bounds.length; i += 2) {
      const [from, after] = [bounds[i] as number, bounds[i + 1] as number]
      put(from, true)
      put(after - 1, true)
      put(from - 1, false)
      put(after, false)
    }
  }
  const other = otherProtocolsOf(traffic)[0]
  if (other !== undefined) ends.push({ point: { protocol: other }, isInside: true })
  return ends
}
