import { written } from '../../oracle/fabric/generate-packets.ts'
import type { End, PacketWay } from '../../oracle/fabric/types.ts'
import { type Documents, type Nic, nicsOf } from '../../oracle/gcp/documents.ts'
import type { Sent } from '../../oracle/gcp/generate-packets.ts'
import { readAddress } from '../../oracle/ip.ts'
import type { Answer } from './asking.ts'

/** One packet, what the engine says of it, and what the documents say. */
export interface Compared {
  readonly documents: Documents
  readonly sent: Sent
  readonly answer: Answer
}

export interface Accepted {
  readonly name: string
  /** Why it is no fault, or whose fault it is. */
  readonly because: string
  readonly fits: (one: Compared, way: PacketWay) => boolean
}

const says = ({ whys }: Answer, why: RegExp): boolean => whys.some(one => why.test(one))
const isLess = ({ verdict }: Answer, way: PacketWay): boolean =>
  verdict === 'unknown' && way.ends.length === 1 && way.verdict !== 'unknown'

export const senderOf = ({ documents, sent: { from } }: Compared): Nic | undefined =>
  nicsOf(documents).find(one => from.kind === 'interface' && one.instance === from.instance && one.name === from.nic)

/** Where the engine may say less; nothing here lets it say a wrong end. */
export const ACCEPTED: readonly Accepted[] = [
  {
    name: 'a machine that does not forward',
    because: 'that a machine takes nothing for others is not asked: what it does is open',
    fits: ({ answer }, way) =>
      isLess(answer, way) && way.verdict === 'denied' && says(answer, /^what a machine on the way does|^whoever has/),
  },
  {
    name: 'an address of the internet that a subnet cannot have',
    because: 'whether any interface has one is not asked, also where the subnet has inner IPv6 alone',
    fits: ({ answer, sent }, way) =>
      isLess(answer, way) && sent.from.kind === 'subnet' && says(answer, /^who has a public address leaves with it/),
  },
  {
    name: 'a rule for what was not read',
    because:
      'of a whole range some may have the tag, and some not; a rule for both ends is open at an address that nobody has, whichever it is for',
    fits: ({ answer, documents, sent }, way) =>
      isLess(answer, way) &&
      (sent.from.kind !== 'interface' || hasInwardRuleForBothEnds(documents)) &&
      says(answer, /^a rule of a filter on the way is about|^a filter at the other end was/),
  },
  {
    name: 'a route for tags',
    because: 'of whom nobody asked for the tags, the table is open also where both ways end the same',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /^a route is for machines with some tags/),
  },
  {
    name: 'a policy-based route for a part',
    because: 'a table is that of a subnet, and not of each range of it',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /is for a part of those who send$/),
  },
  {
    name: 'a table with open routes',
    because: 'routes that a peer may hand over are for any address, and the subnets of peers are routes as any other',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /is for addresses that were not read/),
  },
]

const hasInwardRuleForBothEnds = (documents: Documents): boolean =>
  documents.some(one => /"sourceRanges":\[[^\]]*\],"destinationRanges"/.test(JSON.stringify(one)))

const lastOf = (id: string | null): string => id?.split('/').at(-1) ?? ''

/** IPv6 in full, so that one address is one text. */
const inFull = (text: string): string => {
  const read = readAddress(text)
  return read === null ? text : written(read)
}

/** The edge of the provider stands in no document, and services have names of their own. */
const NAMELESS = ['internet-gateway', 'private-endpoint', 'blackhole', 'unknown']

export const toldEnd = ({ verdict, exit }: Pick<End, 'verdict' | 'exit'>): string =>
  [verdict, exit.kind, NAMELESS.includes(exit.kind) ? '' : lastOf(exit.id), ...exit.sourceAddresses.map(inFull).sort()]
    .filter(Boolean)
    .join(' ')

/** Where several ends fit, the engine has to leave it open, and the exit that it names is one of them, or none. */
export const isSame = (answer: Answer, way: PacketWay): boolean => {
  const [only, ...more] = way.ends
  if (more.length === 0 && only?.verdict !== 'unknown') return only !== undefined && toldEnd(answer) === toldEnd(only)
  return (
    answer.verdict === 'unknown' &&
    (answer.exit.kind === 'unknown' || way.ends.some(({ exit }) => exit.kind === answer.exit.kind))
  )
}
