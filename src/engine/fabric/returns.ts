import type { Hop } from '../../model/finding.ts'
import type { Unknown } from '../../model/reach.ts'
import type { Direction } from '../../model/rule.ts'
import type { AddressSet } from '../../sets/address-set.ts'
import type { Addresses } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import { portRange } from '../../sets/port-set.ts'
import { type PortProtocol, TCP, UDP } from '../../sets/protocol.ts'
import type { Region } from '../../sets/region.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import type { Around } from './around.ts'
import { inFamily } from './filters.ts'
import { reasonsFor } from './grounds.ts'
import { type FabricReason, notRead, rangesHeld, said } from './places.ts'
import type { Start } from './start.ts'
import type { ReplyEdge, Way } from './ways.ts'

/** What becomes of replies to packets that took a way. */
export interface Return {
  readonly verdict: 'symmetric' | 'asymmetric' | 'unknown' | 'not-assessed'
  readonly because: readonly FabricReason[]
  readonly unknowns: readonly Unknown[]
  /** Where replies go, if not the way back. */
  readonly hops: readonly Hop[]
}

/**
 * Replies pass what keeps state. What keeps none has to let them in: from the other end, to the ports that senders open. And the
 * other network has to have a way back. Of TCP and UDP; `walk` follows packets of the same family.
 */
export const returnsIn = <F extends Family>(
  { places, algebra, crossing, table }: Pick<Around<F>, 'places' | 'algebra' | 'crossing' | 'table'>,
  walk: (start: Start, asked: Region<F>) => readonly Way<F>[],
) => {
  const ofAddresses = (addresses: Addresses, traffic: Traffic): Region<F> =>
    algebra.ofBoxes([{ addresses: inFamily(addresses, algebra.family), id: table.idOf(traffic) }])

  const pastEdge = (edge: ReplyEdge, region: Region<F>, protocols: readonly PortProtocol[]): Return => {
    const ports = portsOf(edge)
    const traffic = unionOfTraffics(protocols.map(protocol => portTraffic(protocol, ports)))
    const replies =
      edge.toward === null
        ? algebra.ofBoxes([{ addresses: algebra.addressesOf(region), id: table.idOf(traffic) }])
        : ofAddresses(edge.toward, traffic)
    const direction: Direction = edge.reply === 'in' ? 'ingress' : 'egress'
    const lists = edge.filters.filter(id => places.filters.get(id)?.stateful !== true)
    const [lost] = lists.filter(id => !places.filters.has(id))
    if (lost !== undefined) return isOpen(notRead('the filter', lost))
    if (lists.length === 0 || algebra.isEmpty(replies)) return GOOD
    const all = lists.flatMap(id => places.filters.get(id) ?? [])
    const outcomes = all.map(filter => crossing.stateless(filter, direction))
    const must = outcomes.map(one => one.must).reduce(algebra.union, algebra.empty)
    const may = outcomes.map(one => one.may).reduce(algebra.union, algebra.empty)
    if (algebra.isSubset(replies, must)) return GOOD
    const [first] = all
    const way = `${edge.reply === 'in' ? 'in' : 'out'} to the ports ${edge.isTranslated ? TRANSLATED : OWN}`
    if (first !== undefined && algebra.isEmpty(algebra.intersect(replies, may)))
      return {
        ...GOOD,
        verdict: 'asymmetric',
        because: [said(first, `drops the replies: it lets none of them ${way}`)],
      }
    return isOpen({
      stage: 'return',
      why: `\`${lists.join('`, `')}\` lets only a part of the replies ${way}, and which ports a sender opens is its own matter`,
      settledBy: `rules for the whole of ${edge.isTranslated ? TRANSLATED : OWN}, or the settings of the sender`,
    })
  }

  /** By the routes of the subnets there that the packets came to: filters on the way are those that were passed. */
  const fromNetwork = (way: Way<F>, region: Region<F>): readonly Return[] =>
    places
      .subnetsOf(way.exit.id ?? '')
      .filter(({ ranges }) => !algebra.isEmpty(algebra.within(region, inFamily(rangesHeld(ranges), algebra.family))))
      .flatMap(subnet => {
        const asked = ofAddresses(way.seen, unionOfTraffics([TCP, UDP].map(protocolTraffic)))
        return algebra.isEmpty(asked)
          ? []
          : walk({ kind: 'subnet', of: subnet, onlyRoutes: true }, asked).map(back =>
              judged(back, way, algebra.addressesOf),
            )
      })

  return (way: Way<F>, region: Region<F>): Return => {
    const carried = algebra.boxesOf(region).map(({ id }) => table.trafficOf(id))
    const protocols = ([TCP, UDP] as const).filter(protocol =>
      carried.some(traffic => !traffics.isEmpty(traffics.intersect(traffic, protocolTraffic(protocol)))),
    )
    if (way.verdict === 'denied' || protocols.length === 0) return { ...GOOD, verdict: 'not-assessed' }
    const isElsewhere = way.exit.kind === 'peer-network' && way.exit.id !== way.home
    return worst([
      ...way.edges.map(edge => pastEdge(edge, region, protocols)),
      ...(isElsewhere ? fromNetwork(way, region) : []),
      ...(way.exit.kind === 'on-premises' || way.exit.kind === 'unknown' ? [isOpen(BEYOND)] : []),
    ])
  }
}

const judged = <F extends Family>(
  back: Way<F>,
  way: Way<F>,
  addressesOf: (region: Region<F>) => AddressSet<F>,
): Return => {
  const because = () => reasonsFor(back.grounds, addressesOf(back.region) as AddressSet<Family>)
  const { unknowns, hops } = back
  if (back.verdict === 'denied') return { verdict: 'asymmetric', because: because(), unknowns: [], hops }
  if (back.verdict === 'unknown') return { verdict: 'unknown', because: [], unknowns, hops }
  const isBack = back.exit.kind === 'peer-network' && back.exit.id === way.home
  return isBack ? GOOD : { verdict: 'asymmetric', because: because(), unknowns: [], hops }
}

const ORDER = ['asymmetric', 'unknown', 'symmetric'] as const

const worst = (all: readonly Return[]): Return => {
  const verdict = ORDER.find(one => all.some(part => part.verdict === one)) ?? 'symmetric'
  const same = all.filter(part => part.verdict === verdict)
  return {
    verdict,
    because: [...new Map(same.flatMap(one => one.because).map(reason => [JSON.stringify(reason), reason])).values()],
    unknowns: [...new Map(same.flatMap(one => one.unknowns).map(why => [JSON.stringify(why), why])).values()],
    hops: same[0]?.hops ?? [],
  }
}

const GOOD: Return = { verdict: 'symmetric', because: [], unknowns: [], hops: [] }

const isOpen = (why: Unknown): Return => ({ ...GOOD, verdict: 'unknown', unknowns: [{ ...why, stage: 'return' }] })

/** Source: Linux, Documentation/networking/ip-sysctl, `ip_local_port_range`. */
const OWN = '32768-60999'
/** Source: Amazon VPC User Guide, "Custom network ACLs", Ephemeral ports. */
const TRANSLATED = '1024-65535'

const portsOf = ({ isTranslated }: ReplyEdge) => {
  const read = isTranslated ? portRange(1024, 65_535) : portRange(32_768, 60_999)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

const BEYOND: Unknown = {
  stage: 'return',
  why: 'what lies beyond the way out, and which way it answers, is in no document',
  settledBy: 'the routes there, or a probe',
}
