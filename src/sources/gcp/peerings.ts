import type { Peering } from '../../model/fabric.ts'
import { field, type Json, list, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { type AnyCidr, printCidr } from '../../sets/cidr.ts'
import { type Collected, cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idFor, idIn } from './links.ts'
import type { SubnetFacts } from './networks.ts'
import { cidrsOf, holds, setOfTexts } from './ranges.ts'

/** What one network has set about another. */
export interface Side {
  readonly network: string
  readonly peer: string
  readonly name: string
  readonly isUp: boolean
  readonly exportsCustom: boolean
  readonly importsCustom: boolean
  readonly exportsPublic: boolean
  readonly importsPublic: boolean
  readonly hasV6: boolean
}

export interface Peerings {
  readonly values: readonly Peering[]
  /** Sides that are up, by the network that they are of. */
  readonly of: (network: string) => readonly Side[]
  readonly idOf: (one: string, other: string) => string | null
  readonly isUp: (one: string, other: string) => boolean
  readonly called: (network: string, name: string) => string | null
  readonly faults: readonly Fault[]
}

/**
 * Each of two networks holds a half of a peering; it is up where both halves are there. Without a word, subnets with public blocks
 * are handed over and not taken. Source: Compute Engine API, NetworkPeering; “VPC Network Peering”, Route exchange options.
 */
export const peeringsIn = (collected: Collected, subnets: readonly SubnetFacts[]): Peerings => {
  const faults: Fault[] = []
  const read = collected.in('network').flatMap(item =>
    list(field(item.body, 'peerings')).flatMap((body, i) => {
      const side = readSide(body, item)
      if (side === null) faults.push({ id: item.id, why: 'a peering does not name both its ends' })
      else if (field(body, 'exchangeSubnetRoutes') === false || field(body, 'autoCreateRoutes') === false)
        faults.push({
          id: item.id,
          why: `the peering \`${side.name}\` does not exchange subnets, which is not evaluated`,
        })
      return side === null ? [] : [{ side, item, i }]
    }),
  )
  const pairs = Map.groupBy(read, ({ side }) => pairOf(side.network, side.peer))
  const values = [...pairs].map(([, halves]): Peering => {
    const sorted = halves.toSorted((a, b) => compareText(a.side.network, b.side.network) || a.i - b.i)
    const { side, item, i } = sorted[0] as (typeof sorted)[number]
    const networks = [side.network, side.peer].sort(compareText) as [string, string]
    return {
      ...cloudObject(item, {
        id: idFor('peering', item.link.project, item.link.name, side.name),
        name: side.name,
        at: ['peerings', i],
      }),
      networks,
      ranges: subnets.filter(one => networks.includes(one.network)).flatMap(({ ranges }) => ranges),
      isUp: halves.every(one => one.side.isUp),
      takesForwarded: [],
    }
  })
  const ids = new Map(values.map(one => [pairOf(...one.networks), one.id]))
  const sides = Map.groupBy(
    read.flatMap(one => (one.side.isUp ? [one.side] : [])),
    ({ network }) => network,
  )
  const idOf = (one: string, other: string): string | null => ids.get(pairOf(one, other)) ?? null
  return {
    values: values.toSorted((a, b) => compareText(a.id, b.id)),
    of: network => sides.get(network) ?? [],
    idOf,
    isUp: (one, other) => values.find(({ id }) => id === idOf(one, other))?.isUp ?? false,
    called: (network, name) => {
      const found = read.find(one => one.side.network === network && one.side.name === name)
      return found === undefined ? null : idOf(network, found.side.peer)
    },
    faults,
  }
}

const pairOf = (one: string, other: string): string => [one, other].sort(compareText).join(' ')

const readSide = (body: Json, { id, link }: GcpItem): Side | null => {
  const peer = idIn(field(body, 'network'), 'networks', link)
  const name = text(field(body, 'name'))
  if (peer === null || name === undefined || peer === id) return null
  return {
    network: id,
    peer,
    name,
    isUp: text(field(body, 'state')) === 'ACTIVE',
    exportsCustom: field(body, 'exportCustomRoutes') === true,
    importsCustom: field(body, 'importCustomRoutes') === true,
    exportsPublic: field(body, 'exportSubnetRoutesWithPublicIp') !== false,
    importsPublic: field(body, 'importSubnetRoutesWithPublicIp') === true,
    hasV6: text(field(body, 'stackType')) === 'IPV4_IPV6',
  }
}

/** Source: “Subnets”, Valid IPv4 ranges: every other block is public, whoever uses it. */
const PRIVATE_BLOCKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
]
const PRIVATE = setOfTexts(...PRIVATE_BLOCKS)

/** Blocks of the other network’s subnets that a network has routes to. `there`: the other half, where it was read. */
export const exchanged = (side: Side, there: Side | undefined, subnets: readonly SubnetFacts[]): readonly AnyCidr[] => {
  const takesPublic = side.importsPublic && (there?.exportsPublic ?? true)
  const takesV6 = side.hasV6 && (there?.hasV6 ?? true)
  const taken = subnets
    .filter(one => one.network === side.peer)
    .flatMap(({ ranges }) => ranges)
    .filter(range => (range.family === 6 ? takesV6 : takesPublic || holds(PRIVATE, range)))
  return [...new Map(taken.map(range => [printCidr(range), range])).values()]
}

/** What subnets of the other network that nobody read may be handed over. */
export const mayBeExchanged = ({ importsPublic, hasV6 }: Side): readonly AnyCidr[] =>
  cidrsOf(...(importsPublic ? ['0.0.0.0/0'] : PRIVATE_BLOCKS), ...(hasV6 ? ['::/0'] : []))
