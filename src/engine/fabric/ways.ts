import type { CloudObject, Gateway, NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import type { Exit, Unknown, Verdict } from '../../model/reach.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { type Family, printAddress } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import { type FabricReason, said } from './places.ts'

/** A part of what was asked, and what becomes of it. No two parts overlap, together they are all of it. */
export interface Way<F extends Family> {
  readonly region: Region<F>
  readonly verdict: Verdict
  readonly exit: Exit
  readonly hops: readonly Hop[]
  readonly because: readonly FabricReason[]
  readonly unknowns: readonly Unknown[]
}

/** Where packets are on their way, and what they met so far. */
export interface Place {
  readonly subnet: Subnet
  /** null: anything in the subnet where they began. */
  readonly sender: NetworkInterface | null
  /** The gateway whose address they have by now. */
  readonly through: Gateway | null
  /** Whom the other end sees, and the network that has these addresses. */
  readonly seen: Addresses
  readonly home: string
  /** Where routes were asked before. To be asked a second time is a circle, since they say the same again. */
  readonly asked: readonly Asked[]
  readonly hops: readonly Hop[]
  readonly because: readonly FabricReason[]
  readonly unknowns: readonly Unknown[]
}

export interface Asked {
  readonly key: string
  readonly id: string
}

type Ends<F extends Family> = readonly Way<F>[]

/** Where something on the way was open, so is the answer. */
export const leaves = <F extends Family>(
  { hops, because, unknowns }: Place,
  region: Region<F>,
  exit: Exit,
  more: readonly Unknown[] = [],
): Ends<F> => {
  const all = [...unknowns, ...more]
  return [{ region, verdict: all.length === 0 ? 'allowed' : 'unknown', exit, hops, because, unknowns: all }]
}

/** What certainly goes no further is denied, whatever was open before. */
export const stops = <F extends Family>({ hops, because }: Place, region: Region<F>, reason: FabricReason): Ends<F> => [
  { region, verdict: 'denied', exit: BLACKHOLE, hops, because: [...because, reason], unknowns: [] },
]

export const isOpen = <F extends Family>(
  { hops, because, unknowns }: Place,
  region: Region<F>,
  why: Unknown,
): Ends<F> => [{ region, verdict: 'unknown', exit: UNKNOWN, hops, because, unknowns: [...unknowns, why] }]

export const over = <P extends Place>(place: P, hop: Hop): P => ({ ...place, hops: [...place.hops, hop] })

export const as = <P extends Place>(place: P, reason: FabricReason): P => ({
  ...place,
  because: [...place.because, reason],
})

/** Whether its addresses are another network’s than the one that it is in. */
export const isForeign = ({ home, subnet }: Place): boolean => home !== subnet.network

/** The private addresses of what translated it last, which private places see; none: they see the sender’s own. */
export const seenInside = ({ through }: Place): readonly string[] =>
  through === null ? [] : through.privateAddresses.map(printAddress)

/** Asks the routes of `of` next; `circle` takes what they were asked before. */
export const asking = <P extends Place, T>(
  place: P,
  of: CloudObject,
  key: string,
  next: (place: P) => T,
  circle: (place: P, reason: FabricReason) => T,
): T => {
  const last = place.asked.at(-1)
  if (last === undefined || place.asked.every(before => before.key !== key))
    return next({ ...place, asked: [...place.asked, { key, id: of.id }] })
  const says = `has it a second time, from \`${last.id}\`: the way goes in a circle`
  return circle(place, said(of, says))
}

/** An answer that something leaves open, whichever it was: what is denied may pass. */
export const openly = <F extends Family>(way: Way<F>, why: Unknown): Way<F> => ({
  ...way,
  verdict: 'unknown',
  exit: way.exit.kind === 'blackhole' ? UNKNOWN : way.exit,
  unknowns: [...way.unknowns, why],
})

const BLACKHOLE: Exit = { kind: 'blackhole', id: null, sourceAddresses: [] }
const UNKNOWN: Exit = { kind: 'unknown', id: null, sourceAddresses: [] }
