import type { BooleanAlgebra } from './algebra.ts'
import type { Words } from './bounds.ts'
import { type IcmpSet, icmpSets } from './icmp-set.ts'
import { type IntervalSet, intersectBounds, intervalAlgebra, unionOfMany } from './interval-set.ts'
import { type PortSet, portSets } from './port-set.ts'
import { hasPorts, type IcmpProtocol, NAMED_PROTOCOLS, type PortProtocol } from './protocol.ts'

/**
 * What an IP packet may carry: protocol × (port | type and code). It is one line, on which each protocol that has ports or
 * types owns a segment of 65,536 points in the order of NAMED_PROTOCOLS, and all other protocols share the one after, a
 * point each at their number. So one interval set is the whole product, and the laws hold because they hold there.
 */
export interface Traffic extends IntervalSet {
  readonly kind: 'traffic'
}

const SEGMENT = 0x10000
const OTHERS = NAMED_PROTOCOLS.length * SEGMENT

const wrap = (bounds: Words): Traffic => ({ kind: 'traffic', bounds })

/** The segment's part of the line, moved to where the segment starts, or back. */
const moved = (bounds: Words, by: number): Words => Uint32Array.from(bounds, bound => bound + by)

const segmentOf = (protocol: number): number => NAMED_PROTOCOLS.indexOf(protocol as PortProtocol) * SEGMENT

const isNamed = (protocol: number): boolean => segmentOf(protocol) >= 0

const everyOther = (): Words =>
  unionOfMany(
    1,
    Array.from({ length: 256 }, (_, protocol) => protocol)
      .filter(protocol => !isNamed(protocol))
      .map(protocol => Uint32Array.of(OTHERS + protocol, OTHERS + protocol + 1)),
  )

const OTHER_BOUNDS = everyOther()

export const traffics: BooleanAlgebra<Traffic> = intervalAlgebra(
  1,
  unionOfMany(1, [
    OTHER_BOUNDS,
    ...NAMED_PROTOCOLS.map(protocol =>
      moved((hasPorts(protocol) ? portSets : icmpSets).full.bounds, segmentOf(protocol)),
    ),
  ]),
  wrap,
)

/** Every protocol that is not TCP, UDP, SCTP, ICMP or ICMPv6. */
export const OTHER_PROTOCOLS: Traffic = wrap(OTHER_BOUNDS)

export const portTraffic = (protocol: PortProtocol, ports: PortSet): Traffic =>
  wrap(moved(ports.bounds, segmentOf(protocol)))

export const icmpTraffic = (protocol: IcmpProtocol, messages: IcmpSet): Traffic =>
  wrap(moved(messages.bounds, segmentOf(protocol)))

/** All of one protocol, by number. Errors: a number outside 0 to 255 is a bug. */
export const protocolTraffic = (protocol: number): Traffic => {
  if (!Number.isInteger(protocol) || protocol < 0 || protocol > 255) throw new RangeError(`protocol ${protocol}`)
  return isNamed(protocol)
    ? wrap(moved((hasPorts(protocol) ? portSets : icmpSets).full.bounds, segmentOf(protocol)))
    : wrap(Uint32Array.of(OTHERS + protocol, OTHERS + protocol + 1))
}

export const unionOfTraffics = (sets: readonly Traffic[]): Traffic =>
  wrap(
    unionOfMany(
      1,
      sets.map(set => set.bounds),
    ),
  )

/** Whether two have a packet in common: one pass, and nothing is made. */
export const meetTraffic = ({ bounds: a }: Traffic, { bounds: b }: Traffic): boolean => {
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if ((a[i + 1] as number) <= (b[j] as number)) i += 2
    else if ((b[j + 1] as number) <= (a[i] as number)) j += 2
    else return true
  }
  return false
}

const within = (traffic: Traffic, from: number): Words =>
  moved(intersectBounds(1, traffic.bounds, Uint32Array.of(from, from + SEGMENT)), -from)

export const portsOf = (traffic: Traffic, protocol: PortProtocol): PortSet => ({
  kind: 'ports',
  bounds: within(traffic, segmentOf(protocol)),
})

export const messagesOf = (traffic: Traffic, protocol: IcmpProtocol): IcmpSet => ({
  kind: 'icmp',
  bounds: within(traffic, segmentOf(protocol)),
})

/** The numbers of the protocols without ports or types, ascending. */
export const otherProtocolsOf = (traffic: Traffic): readonly number[] => {
  const bounds = within(traffic, OTHERS)
  const numbers: number[] = []
  for (let i = 0; i < bounds.length; i += 2)
    for (let number = bounds[i] as number; number < (bounds[i + 1] as number); number++) numbers.push(number)
  return numbers
}
