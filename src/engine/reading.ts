import type { Doubt, Peer } from '../model/rule.ts'
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

/** What a peer of any kind comes to, given what the plain ones match. */
export const matchOfPeer = <D>(
  peer: Peer,
  plain: (peer: Exclude<Peer, { kind: 'maybe' | 'unknown' }>) => Match<D>,
  nothing: D,
  everything: D,
): Match<D> => {
  switch (peer.kind) {
    case 'unknown':
      return { must: nothing, open: peer.doubt.level === 'undefined' ? everything : nothing, may: everything }
    case 'maybe': {
      const inner = matchOfPeer(peer.peer, plain, nothing, everything)
      return withDoubts(inner, [peer.doubt], nothing)
    }
    default:
      return plain(peer)
  }
}

export const certainly = <D>(set: D): Match<D> => ({ must: set, open: set, may: set })

/** Doubts of an item and of its peers, for the explanation. */
export const doubtsOf = ({ doubts, rule }: Item): readonly Doubt[] => [
  ...doubts,
  ...rule.peers.flatMap(peer => (peer.kind === 'unknown' || peer.kind === 'maybe' ? [peer.doubt] : [])),
]
