import type { Address, Block } from '../ip.ts'
import type { Json, Tri } from '../types.ts'
import type { Broken, End, NetPacket, PacketWay } from './types.ts'

/** The packet on its way, with what the next filter or gateway can see of where it comes from. */
export interface Traveller {
  /** As translated so far. */
  readonly packet: NetPacket
  readonly to: Address
  /** Where it is. */
  readonly subnet: Json
  readonly vpc: string
  /** Its source: one address, or all that a subnet has. */
  readonly block: Block
  /** Of the interface that sent it; null: nobody knows which did. */
  readonly groups: readonly string[] | null
  readonly sender: Sender
  readonly hops: readonly string[]
  readonly broken: Broken
}

export type Sender =
  | { readonly kind: 'interface'; readonly id: string; readonly address: Address; readonly interface: Json }
  /** Any interface of a subnet. */
  | { readonly kind: 'any' }
  /** `passed`: the NAT gateways before it. */
  | {
      readonly kind: 'nat'
      readonly id: string
      readonly privateAddress: string
      readonly publicAddress: string | null
      readonly passed: readonly string[]
    }

/** A NAT gateway shows its own private address to its neighbours. Source: Amazon VPC User Guide, "NAT gateways". */
export const seenInside = ({ sender, broken }: Traveller): readonly string[] =>
  sender.kind === 'nat' && !broken.has('a NAT gateway is seen by its private address') ? [sender.privateAddress] : []

/** One end, and how the packet came there. */
export interface Step extends End {
  readonly hops: readonly string[]
}

const BLACKHOLE = { kind: 'blackhole', id: null, sourceAddresses: [] } as const

export const lost = (hops: readonly string[]): readonly Step[] => [{ verdict: 'denied', exit: BLACKHOLE, hops }]

/** What comes next is in no document; `id`: what is known of it. */
export const open = (id: string | null, hops: readonly string[]): readonly Step[] => [
  { verdict: 'unknown', exit: { kind: 'unknown', id, sourceAddresses: [] }, hops },
]

export const over = (
  kind: string,
  id: string,
  sourceAddresses: readonly string[],
  hops: readonly string[],
): readonly Step[] => [{ verdict: 'allowed', exit: { kind, id, sourceAddresses }, hops }]

/** Behind a filter: nothing, what comes next, or either. */
export const through = (passes: Tri, hops: readonly string[], next: () => readonly Step[]): readonly Step[] =>
  passes === 'no' ? lost(hops) : passes === 'yes' ? next() : [...lost(hops), ...next()]

/** One answer for ends each of which may be the real one. */
export const joined = (steps: readonly Step[]): PacketWay => {
  const byPlace = new Map<string, End>()
  for (const { verdict, exit } of steps) {
    const key = JSON.stringify([verdict, exit.kind, exit.id])
    const before = byPlace.get(key)?.exit.sourceAddresses ?? []
    const sourceAddresses = [...new Set([...before, ...exit.sourceAddresses])].sort()
    byPlace.set(key, { verdict, exit: { ...exit, sourceAddresses } })
  }
  const ends = [...byPlace.values()]
  const [first] = ends
  const verdicts = new Set(ends.map(({ verdict }) => verdict))
  const leading = ends.filter(({ verdict }) => verdict !== 'denied')
  const [way] = leading.length > 0 ? leading : ends
  return {
    verdict: first !== undefined && verdicts.size === 1 ? first.verdict : 'unknown',
    exit: way !== undefined && leading.length <= 1 ? way.exit : { kind: 'unknown', id: null, sourceAddresses: [] },
    ends,
    hops: shared(steps.map(({ hops }) => hops)),
  }
}

const shared = (all: readonly (readonly string[])[]): readonly string[] => {
  const [first = [], ...rest] = all
  const end = first.findIndex((hop, index) => !rest.every(hops => hops[index] === hop))
  return end < 0 ? first : first.slice(0, end)
}
