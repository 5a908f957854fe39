import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { TrafficTable } from '../sets/traffic-table.ts'
import { NOTHING_GIVEN, zonesOf } from '../sets/zones.ts'
import { coverOf, type Ground } from './ground.ts'
import { type PointSpace, pointSpace } from './node-space.ts'
import { certainly, type Match, type PlainPeer } from './reading.ts'

/** Where a packet of unknown origin may seem to come from. */
const ANYWHERE: Addresses = (() => {
  const { internet, private: inside } = zonesOf(NOTHING_GIVEN)
  return bothFamilies.union(internet, inside)
})()

/** What of a set is of one family. */
export const ofFamily = (family: 4 | 6, { v4, v6 }: Addresses): Addresses =>
  family === 4 ? { v4, v6: bothFamilies.empty.v6 } : { v4: bothFamilies.empty.v4, v6 }

/**
 * The addresses that the packets of pods may carry when they arrive elsewhere: the pods' own, or those of the nodes, which
 * may put theirs in place of them; each set by itself. What the network between translates is not looked at: no stage of it
 * is assessed.
 */
export const sourcesOf = (
  family: 4 | 6,
  pods: Addresses,
  { nodes }: Pick<Ground, 'nodes'>,
  keepsAddress: boolean,
): readonly Addresses[] => {
  const [own, theirs] = [ofFamily(family, pods), ofFamily(family, nodes)]
  const isOpen = bothFamilies.isEmpty(own) || (!keepsAddress && bothFamilies.isEmpty(theirs))
  return isOpen ? [ofFamily(family, ANYWHERE)] : keepsAddress ? [own] : [own, theirs]
}

/** One symbolic sender with one of these addresses outside; which one it is stays open. */
export const sourceSpace = (sources: Addresses, table: TrafficTable, { apiserver }: Ground): PointSpace =>
  pointSpace(table, () => peer => matchFrom(peer, sources, apiserver))

const matchFrom = (peer: PlainPeer, sources: Addresses, apiserver: Addresses): Match<boolean> => {
  switch (peer.kind) {
    case 'everything':
      return certainly(true)
    case 'block':
    case 'outside':
      return covered(sources, peer.addresses)
    case 'apiserver':
      return covered(sources, apiserver)
    case 'names':
      return { must: false, open: false, may: true }
    case 'pods':
    case 'nodes':
      return certainly(false)
  }
}

const covered = (sources: Addresses, by: Addresses): Match<boolean> => {
  const cover = coverOf(sources, by)
  return cover === 'some' ? { must: false, open: false, may: true } : certainly(cover === 'all')
}
