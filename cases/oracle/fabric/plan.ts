import type { Random } from '../random.ts'
import type { Json } from '../types.ts'

/** A network to be written, with what its routes and rules may speak of. */
export interface VpcPlan {
  readonly id: string
  /** Its number in names and addresses. */
  readonly n: number
  readonly blocks: readonly string[]
  readonly six: string | null
  readonly subnets: readonly SubnetPlan[]
  readonly groups: readonly string[]
  readonly gateways: GatewayPlan
  /** As people build it: the first subnet is public and holds the NAT gateway, and the others leave by that. */
  readonly isUsual: boolean
}

export interface SubnetPlan {
  readonly id: string
  readonly block: string
  /** The first three parts of its addresses. */
  readonly stem: string
  readonly six: string | null
  readonly sixStem: string
  readonly zone: string
}

/** Ids of what may stand as the target of a route. */
export interface GatewayPlan {
  readonly internet: string
  readonly egressOnly: string
  readonly vpn: string
  readonly endpoint: string
  readonly nats: readonly string[]
}

export type Fields = { readonly [key: string]: Json }

/** Two networks may have one range: then they cannot be peered. */
export const planVpcs = (random: Random): readonly VpcPlan[] => {
  const count = 1 + random.below(3)
  const isOverlapping = random.percent(25)
  return Array.from({ length: count }, (_, index) => {
    const n = index + 1
    const second = isOverlapping && n === 2 ? 1 : n
    const six = random.percent(70) ? `2001:db8:0:${n}00::/56` : null
    const blocks = [`10.${second}.0.0/16`, ...(random.percent(20) ? [`10.${100 + n}.0.0/24`] : [])]
    const isUsual = random.percent(30)
    return {
      id: `vpc-${n}`,
      isUsual,
      n,
      blocks,
      six,
      subnets: planSubnets(random, n, second, six !== null, blocks.length > 1),
      groups: ['a', 'b', 'c'].slice(0, 2 + random.below(2)).map(name => `sg-${n}${name}`),
      gateways: {
        internet: `igw-${n}`,
        egressOnly: `eigw-${n}`,
        vpn: `vgw-${n}`,
        endpoint: `vpce-${n}`,
        nats: ['a', 'b']
          .slice(0, isUsual ? random.pick([1, 2]) : random.pick([0, 1, 1, 2]))
          .map(name => `nat-${n}${name}`),
      },
    }
  })
}

const planSubnets = (
  random: Random,
  n: number,
  second: number,
  hasSix: boolean,
  hasMore: boolean,
): readonly SubnetPlan[] =>
  ['a', 'b', 'c', 'd'].slice(0, 2 + random.below(3)).map((name, index) => {
    // The last may lie in a block that was added later.
    const stem = hasMore && index === 1 ? `10.${100 + n}.0` : `10.${second}.${index}`
    const sixStem = `2001:db8:0:${n}0${index}::`
    return {
      id: `subnet-${n}${name}`,
      block: `${stem}.0/${random.pick([24, 24, 26])}`,
      stem,
      six: hasSix && random.percent(75) ? `${sixStem}/64` : null,
      sixStem,
      zone: `eu-west-1${random.pick(['a', 'b'])}`,
    }
  })
