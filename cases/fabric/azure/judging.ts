import type { Answer } from '../../../src/model/answer.ts'
import { addressesOf, blocksOfVnet, idOf, isIn, nameOf, nicsAt, ofType, refOf } from '../../oracle/azure/documents.ts'
import { written } from '../../oracle/fabric/generate-packets.ts'
import type { End, PacketWay } from '../../oracle/fabric/types.ts'
import { readAddress } from '../../oracle/ip.ts'
import { at, list } from '../../oracle/json.ts'
import { ICMP, ICMPV6 } from '../../oracle/types.ts'
import type { Compared } from './asking.ts'

export interface Accepted {
  readonly name: string
  /** Why it is no fault, or whose fault it is. */
  readonly because: string
  readonly fits: (one: Compared, way: PacketWay) => boolean
}

const says = ({ unknowns }: Answer, why: RegExp): boolean => unknowns.some(one => why.test(one.why))
const isLess = ({ verdict }: Answer, way: PacketWay): boolean =>
  verdict === 'unknown' && (way.verdict !== 'unknown' || way.ends.length > 1)

/** Of networks there, with nobody at the address. */
const isUnseen = ({ world, sent }: Compared): boolean => {
  const to = readAddress(sent.packet.destination)
  if (to === null) return false
  const isOf = (id: string): boolean => nicsAt(world, id, to).length === 0
  return ofType(world, 'virtualnetworks').some(one => isIn(to, blocksOfVnet(one)) && isOf(idOf(one)))
}

const senderAddresses = ({ world, sent }: Compared): number => {
  const nic = ofType(world, 'networkinterfaces').find(one => nameOf(idOf(one)) === sent.from.id)
  const family = sent.packet.destination.includes(':') ? 6 : 4
  return nic === undefined ? 0 : addressesOf(nic).filter(one => one.family === family).length
}

/** Where the engine may say less; nothing here lets it say a wrong end. */
export const ACCEPTED: readonly Accepted[] = [
  {
    name: 'a machine on the way',
    because: 'that one takes nothing for others, or is itself who is asked for, is not asked: what it does is open',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /^what a machine on the way does|^whoever has `/),
  },
  {
    name: 'routes that may be for any address',
    because:
      'what a gateway learns, or a service has, is open for all that is routed, also where networks and peers go first',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /is for addresses that were not read/),
  },
  {
    name: 'who stands behind a balancer that lends nothing',
    because: 'that such a one is lent no address is a doubt of all its subnet, and of both families',
    fits: ({ answer }, way) =>
      isLess(answer, way) && says(answer, /^`.*` stands behind a standard balancer|^the balancer `/),
  },
  {
    name: 'a public address that was not read',
    because: 'which family it has is not asked, and the way out of its subnet is open for everybody',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /^a public address of `/),
  },
  {
    name: 'a public address for one of several addresses',
    because: 'each of them may send, and which one does is not asked',
    fits: ({ answer, ...one }, way) =>
      isLess(answer, way) &&
      senderAddresses({ answer, ...one }) > 1 &&
      says(answer, /^a public address stands for one/),
  },
  {
    name: 'a group that was not read',
    because: 'it may speak of what answers at the host, whichever port is asked for',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /^the filter `.*` was not read/),
  },
  {
    name: 'a peering without access',
    because: 'what is sent to a firewall over one is open, also where the firewall would let none of it pass',
    fits: ({ answer }, way) => isLess(answer, way) && says(answer, /has no access to the other network/),
  },
  {
    name: 'a rule about what was not read',
    because:
      'where two networks have the same addresses, an interface that was not read may be in either; and a rule for some ports of the sender is open also where no packet of it is asked for',
    fits: ({ answer }, way) =>
      isLess(answer, way) && says(answer, /^a rule of a filter on the way is about|^a filter at the other end was/),
  },
]

/** What the engine gets wrong: each is told where it is to be mended. */
export const KNOWN: readonly Accepted[] = [
  {
    name: 'ICMP by addresses that are shared',
    because: 'balancers translate TCP and UDP alone, and the edge of the provider does not ask what they take',
    fits: ({ answer, sent }, way) =>
      [ICMP, ICMPV6].includes(sent.packet.protocol) &&
      answer.exit.kind === 'load-balancer-outbound' &&
      way.ends.some(({ verdict }) => verdict === 'denied'),
  },
  {
    name: 'a balancer for one of several addresses',
    because: 'the pool has one of them, and the others leave otherwise or not at all',
    fits: (one, way) => senderAddresses(one) > 1 && isEnd(one.answer, way),
  },
  {
    name: 'nobody who gives an address, as far as was read',
    because: 'that a public address or a balancer was not read is noted, and forgotten where nobody else gives one',
    fits: (one, way) =>
      one.answer.verdict === 'denied' &&
      hasUnreadAddress(one) &&
      way.ends.some(({ exit }) => OUTWARD.includes(exit.kind)),
  },
  {
    name: 'a private endpoint that was not read',
    because: 'its interface names it, and the way out is told as one into the network',
    fits: ({ answer, world }, way) =>
      answer.exit.kind === 'peer-network' &&
      way.ends.some(
        ({ verdict, exit }) =>
          verdict === answer.verdict &&
          exit.kind === 'private-endpoint' &&
          ![...world.byId.keys()].some(id => nameOf(id) === exit.id),
      ),
  },
]

/** Where a missing document makes the engine certain of what it cannot know. */
export const MISSED: readonly Accepted[] = [
  ...KNOWN,
  {
    name: 'who was not read at the other end',
    because:
      'where nobody is known in a network the group of the subnet alone decides: an interface of its own may refuse, and one of a private endpoint may take what the group refuses',
    fits: (one, way) =>
      isUnseen(one) &&
      ['peer-network', 'blackhole'].includes(one.answer.exit.kind) &&
      way.ends.some(({ exit }) => ['peer-network', 'private-endpoint', 'blackhole'].includes(exit.kind)),
  },
]

const OUTWARD = ['internet-gateway', 'load-balancer-outbound', 'firewall', 'unknown']

/** Of the sender itself, or of a firewall that it may go by. */
const hasUnreadAddress = ({ world, sent }: Compared): boolean =>
  ofType(world, 'azurefirewalls').some(one =>
    list(at(one, 'ipConfigurations')).some(config => !world.byId.has(refOf(config, 'publicIPAddress') ?? '')),
  ) ||
  ofType(world, 'networkinterfaces')
    .filter(one => nameOf(idOf(one)) === sent.from.id)
    .flatMap(one => list(at(one, 'ipConfigurations')))
    .some(one => {
      const pools = list(at(one, 'loadBalancerBackendAddressPools')).map(
        pool => idOf(pool).split('/backendaddresspools/')[0],
      )
      return [refOf(one, 'publicIPAddress'), ...pools].some(id => id != null && !world.byId.has(id))
    })

/** What answers at the host, where a rule is about it. */
const PLATFORM = 'azure:platform'

/** Ids by their last part, in small letters. What a service is called is the reader’s affair. */
const isSameExit = (ours: End['exit'], theirs: End['exit']): boolean =>
  (ours.kind === theirs.kind || (ours.id === PLATFORM && theirs.kind === 'provider-managed')) &&
  (ours.id === PLATFORM || lastOf(ours.id) === theirs.id || (theirs.id?.startsWith('microsoft.') ?? false)) &&
  inFull(ours.sourceAddresses) === inFull(theirs.sourceAddresses)

const lastOf = (id: string | null): string | null => (id === null ? null : nameOf(id.toLowerCase()))

const inFull = (texts: readonly string[]): string =>
  texts
    .map(text => {
      const read = readAddress(text)
      return read === null ? text : written(read)
    })
    .sort()
    .join()

const isEnd = ({ verdict, exit }: Answer, { ends }: PacketWay): boolean =>
  ends.some(end => end.verdict === verdict && isSameExit(exit, end.exit))

/** Where both leave it open, the exit that the engine names must be one of the ends, or none. */
export const isSame = ({ verdict, exit }: Answer, way: PacketWay): boolean => {
  if (verdict !== way.verdict) return false
  if (verdict !== 'unknown') return isSameExit(exit, way.exit)
  return exit.kind === 'unknown' || way.ends.some(end => isSameExit(exit, end.exit) || end.exit.kind === 'unknown')
}

export const toldEnd = ({ verdict, exit }: { readonly verdict: string; readonly exit: End['exit'] }): string =>
  [verdict, exit.kind, lastOf(exit.id) ?? '', ...exit.sourceAddresses.toSorted()].filter(Boolean).join(' ')

/** Whether an answer may stand beside what all documents say. Which addresses an exit has may not be told. */
export const isPossible = (answer: Answer, way: PacketWay): boolean => {
  const bare = ({ exit }: Pick<End, 'exit'>): string => `${exit.kind} ${lastOf(exit.id) ?? ''}`
  return (
    answer.verdict === 'unknown' ||
    isEnd(answer, way) ||
    way.ends.some(end => end.verdict === answer.verdict && bare(end) === bare(answer))
  )
}
