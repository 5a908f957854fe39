import type { Doubt, Peer } from '../model/rule.ts'
import type { BooleanAlgebra } from '../sets/algebra.ts'
import type { Item } from './stack.ts'

/**
 * What an item matches, in three steps that include each other: certainly; if everything that the specification leaves
 * open turned out to match; and possibly, whatever is missing.
 */
export interface Match<D> {
  readonly must: D
  readonly open: D
  readonly may: D
}

/**
 * `strict`: nothing that is open counts as certain. `lenient`: what the specification leaves open lets packets pass. What
 * is unknown in the first and certain in the second is `undefined`, not unknown.
 */
export type Reading = 'strict' | 'lenient'

/** A match with the doubts of its item taken into account. */
export const withDoubts = <D>(match: Match<D>, doubts: readonly Doubt[], nothing: D): Match<D> =>
  doubts.length === 0
    ? match
    : { must: nothing, open: doubts.some(doubt => doubt.level === 'unknown') ? nothing : match.open, may: match.may }

/** A peer that is not put together from others. */
export type PlainPeer = Exclude<Peer, { kind: 'maybe' | 'unknown' | 'all' | 'any' | 'not' }>

/** What sets of destinations must be able to do. */
export type PeerSets<D> = Pick<BooleanAlgebra<D>, 'empty' | 'full' | 'union' | 'intersect' | 'complement'>

/** What a peer of any kind comes to, given what the plain ones match. */
export const matchOfPeer = <D>(peer: Peer, plain: (peer: PlainPeer) => Match<D>, sets: PeerSets<D>): Match<D> => {
  const inner = (of: Peer): Match<D> => matchOfPeer(of, plain, sets)
  switch (peer.kind) {
    case 'unknown':
      return { must: sets.empty, open: peer.doubt.level === 'undefined' ? sets.full : sets.empty, may: sets.full }
    case 'maybe':
      return withDoubts(inner(peer.peer), [peer.doubt], sets.empty)
    case 'all':
      return peer.of.map(inner).reduce((a, b) => joined(a, b, sets.intersect), certainly(sets.full))
    case 'any':
      return peer.of.map(inner).reduce((a, b) => joined(a, b, sets.union), certainly(sets.empty))
    case 'not': {
      const { must, open, may } = inner(peer.of)
      const rest = sets.complement(must)
      return must === may ? certainly(rest) : { must: sets.complement(may), open: sets.complement(open), may: rest }
    }
    default:
      return plain(peer)
  }
}

const joined = <D>(a: Match<D>, b: Match<D>, join: (a: D, b: D) => D): Match<D> => {
  const must = join(a.must, b.must)
  return a.must === a.may && b.must === b.may
    ? certainly(must)
    : { must, open: join(a.open, b.open), may: join(a.may, b.may) }
}

export const certainly = <D>(set: D): Match<D> => ({ must: set, open: set, may: set })

/** Doubts of an item and of its peers, for the explanation. */
export const doubtsOf = ({ doubts, rule }: Item): readonly Doubt[] => [...doubts, ...rule.peers.flatMap(doubtsIn)]

const doubtsIn = (peer: Peer): readonly Doubt[] => {
  switch (peer.kind) {
    case 'unknown':
      return [peer.doubt]
    case 'maybe':
      return [peer.doubt, ...doubtsIn(peer.peer)]
    case 'all':
    case 'any':
      return peer.of.flatMap(doubtsIn)
    case 'not':
      return doubtsIn(peer.of)
    default:
      return []
  }
}
