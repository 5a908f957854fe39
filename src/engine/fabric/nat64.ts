import { rangesIn } from '../../sets/address-points.ts'
import { addresses4, addresses6 } from '../../sets/address-set.ts'
import { type Cidr, readCidr } from '../../sets/cidr.ts'
import { icmpSets } from '../../sets/icmp-set.ts'
import { ICMP, ICMPV6, type IcmpProtocol, TCP, UDP } from '../../sets/protocol.ts'
import { type Region, regions } from '../../sets/region.ts'
import {
  icmpTraffic,
  messagesOf,
  protocolTraffic,
  type Traffic,
  traffics,
  unionOfTraffics,
} from '../../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../../sets/traffic-table.ts'

/** IPv6 packets that carry an IPv4 address, as the IPv4 packets that they become, and back: each kind of traffic by itself. */
export interface Translation {
  readonly toIPv4: (region: Region<6>) => Region<4>
  readonly toIPv6: (region: Region<4>) => Region<6>
}

/** Source: RFC 6052, 2.1, the prefix; RFC 7915, 4.2 and 5.2: echo messages are those of the other family, code by code. */
export const nat64In = (table: TrafficTable): readonly Translation[] => {
  const [four, six] = [regions<4, TrafficId>(4, table), regions<6, TrafficId>(6, table)]
  const kind = (forth: Change, back: Change): Translation => ({
    toIPv4: region =>
      four.ofBoxes(
        six.boxesOf(six.within(region, addresses6.ofCidrs([WELL_KNOWN]))).map(({ addresses, id }) => ({
          addresses: addresses4.unionOfMany(
            rangesIn(addresses).map(({ first, last }) =>
              addresses4.ofRange({ family: 4, words: first.words.slice(3) }, { family: 4, words: last.words.slice(3) }),
            ),
          ),
          id: table.idOf(forth(table.trafficOf(id))),
        })),
      ),
    toIPv6: region =>
      six.ofBoxes(
        four.boxesOf(region).map(({ addresses, id }) => ({
          addresses: addresses6.unionOfMany(
            rangesIn(addresses).map(({ first, last }) =>
              addresses6.ofRange(
                { family: 6, words: [...PREFIX, ...first.words] },
                { family: 6, words: [...PREFIX, ...last.words] },
              ),
            ),
          ),
          id: table.idOf(back(table.trafficOf(id))),
        })),
      ),
  })
  return [
    kind(withPorts, withPorts),
    kind(asMessage([ICMPV6, 128], [ICMP, 8]), asMessage([ICMP, 8], [ICMPV6, 128])),
    kind(asMessage([ICMPV6, 129], [ICMP, 0]), asMessage([ICMP, 0], [ICMPV6, 129])),
  ]
}

type Change = (traffic: Traffic) => Traffic

const PORTS = unionOfTraffics([TCP, UDP].map(protocolTraffic))
const withPorts: Change = traffic => traffics.intersect(traffic, PORTS)

/** Messages of one type as those of another; all others are left out. */
const asMessage =
  ([from, type]: readonly [IcmpProtocol, number], [to, other]: readonly [IcmpProtocol, number]): Change =>
  traffic => {
    const ofType = { kind: 'icmp', bounds: Uint32Array.of(256 * type, 256 * (type + 1)) } as const
    const { bounds } = icmpSets.intersect(messagesOf(traffic, from), ofType)
    return icmpTraffic(to, { kind: 'icmp', bounds: Uint32Array.from(bounds, bound => bound + 256 * (other - type)) })
  }

const WELL_KNOWN = ((): Cidr<6> => {
  const read = readCidr('64:ff9b::/96')
  if (read.kind === 'refused' || read.value.family !== 6) throw new Error('no prefix of IPv6')
  return read.value as Cidr<6>
})()
const PREFIX = WELL_KNOWN.words.slice(0, 3)
