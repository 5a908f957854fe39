import type { CloudObject, Gateway, NetworkInterface, Subnet } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import type { Exit, Unknown, Verdict } from '../../model/reach.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { type Family, printAddress } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Grounds } from './grounds.ts'
import { type FabricReason, said } from './places.ts'

/** A part of what was asked, and what becomes of it. No two parts overlap, together they are all of it. */
export interface Way<F extends Family> {
  readonly region: Region<F>
  readonly verdict: Verdict
  readonly exit: Exit
  readonly hops: readonly Hop[]
  readonly grounds: readonly Grounds[]
  readonly unknowns: readonly Unknown[]
  /** What replies have to pass. */
  readonly edges: readonly ReplyEdge[]
  /** Whom the other end sees, and the network that has these addresses. */
  readonly seen: Addresses
  readonly home: string
}

/** Filters that a packet passed, which its reply meets the other way round: `in` where the packet went out. */
export interface ReplyEdge {
  readonly filters: readonly string[]
  readonly reply: 'in' | 'out'
  /** Of the reply on its way in: null, the other end; on its way out: whom the other end sees. */
  readonly toward: Addresses | null
  /** Who sent the packet had translated it. */
  readonly isTranslated: boolean
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
  /** No filter from here on knows whose member the sender is. */
  readonly isHidden: boolean
  /** Where routes were asked before. To be asked a second time is a circle, since they say the same again. */
  readonly asked: readonly Asked[]
  /** null: nobody wants to know. */
  readonly met: Met | null
  /** Everything is asked about: what many senders share is worth its while. */
  readonly isWhole: boolean
  /** No filter is asked. */
  readonly onlyRoutes: boolean
  readonly edges: readonly ReplyEdge[]
  readonly hops: readonly Hop[]
  readonly grounds: readonly Grounds[]
  readonly unknowns: readonly Unknown[]
}

/** What was asked from somewhere on, on behalf of a sender who is seen as himself. */
export interface Met {
  readonly seen: Addresses
  /** Whose routes. */
  readonly asked: Set<string>
  /** What of the sender: those with equal answers to all of these go the same ways. */
  readonly questions: Set<Question>
}

export type Question = (sender: Place) => string

export const noting = ({ met, seen }: Place, question: Question): void => {
  if (met !== null && met.seen === seen) met.questions.add(question)
}

export interface Asked {
  readonly key: string
  readonly id: string
}

type Ends<F extends Family> = readonly Way<F>[]

/** Where something on the way was open, so is the answer. */
export const leaves = <F extends Family>(
  place: Place,
  region: Region<F>,
  exit: Exit,
  more: readonly Unknown[] = [],
): Ends<F> => {
  const unknowns = [...place.unknowns, ...more]
  return [{ ...pathOf(place), region, verdict: unknowns.length === 0 ? 'allowed' : 'unknown', exit, unknowns }]
}

const pathOf = ({ hops, grounds, edges, seen, home }: Place) => ({ hops, grounds, edges, seen, home })

/** What certainly goes no further is denied, whatever was open before. */
export const stops = <F extends Family>(place: Place, region: Region<F>, reason: Grounds): Ends<F> => [
  {
    ...pathOf(place),
    region,
    verdict: 'denied',
    exit: BLACKHOLE,
    grounds: [...place.grounds, reason],
    unknowns: [],
  },
]

export const isOpen = <F extends Family>(place: Place, region: Region<F>, why: Unknown): Ends<F> => [
  { ...pathOf(place), region, verdict: 'unknown', exit: UNKNOWN, unknowns: [...place.unknowns, why] },
]

/** Past filters, out or in, which the reply meets the other way round. */
export const past = <P extends Place>(place: P, filters: readonly string[] | null, reply: ReplyEdge['reply']): P =>
  filters === null || filters.length === 0
    ? place
    : {
        ...place,
        edges: [
          ...place.edges,
          { filters, reply, toward: reply === 'in' ? null : place.seen, isTranslated: place.through !== null },
        ],
      }

export const over = <P extends Place>(place: P, hop: Hop): P => ({ ...place, hops: [...place.hops, hop] })

export const as = <P extends Place>(place: P, reason: Grounds): P => ({
  ...place,
  grounds: [...place.grounds, reason],
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
  place.met?.asked.add(key)
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
