import type { Node } from '../model/cluster.ts'
import type { Profile } from '../model/profile.ts'
import type { PolicyDialect, Selector } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { traffics } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import { addressesOfTexts, coverOf, type Ground } from './ground.ts'
import type { ClusterName } from './label-holds.ts'
import { nodeHolds } from './node-holds.ts'
import { certainly, type Match, matchOfPeer, type PeerSets, type PlainPeer } from './reading.ts'
import { matcher, type Space, spaceOf } from './space.ts'

/** One symbolic destination: a packet to it is a traffic, and nothing else. */
export type PointSpace = Space<TrafficId>

type Plain = PlainPeer

/** One destination is meant or is not. */
const MEANT: PeerSets<boolean> = {
  empty: false,
  full: true,
  union: (a, b) => a || b,
  intersect: (a, b) => a && b,
  complement: a => !a,
}

export const pointSpace = (
  table: TrafficTable,
  plainFor: (dialect: PolicyDialect) => (peer: Plain) => Match<boolean>,
): PointSpace =>
  spaceOf<TrafficId, boolean>({
    algebra: table,
    meets: (a, b) => table.intersect(a, b) !== table.empty,
    match: matcher(({ policy, rule }) => {
      const all = rule.peers.map(peer => matchOfPeer(peer, plainFor(policy.dialect), MEANT))
      return {
        must: all.some(match => match.must),
        open: all.some(match => match.open),
        may: all.some(match => match.may),
      }
    }, false),
    // Nodes and the API server name no ports: only pods' containers do.
    boxes: (isMeant, { exact, maybe }, withMaybe) =>
      isMeant
        ? [
            {
              destinations: true,
              id: table.idOf(withMaybe && !traffics.isEmpty(maybe) ? traffics.union(exact, maybe) : exact),
            },
          ]
        : [],
    ofBoxes: boxes => boxes.map(box => box.id).reduce(table.union, table.empty),
    // A sweep of ids is one by one, too, and what each item comes to is known from other runs.
    few: Number.POSITIVE_INFINITY,
  })

/**
 * The node of the pod itself, or any other one. Which of several nodes it is stays open: a rule certainly matches if it
 * matches every node there is, and may match if it matches one.
 */
export const nodeSpace = (
  which: 'own' | 'other',
  nodes: readonly (Node | string)[],
  table: TrafficTable,
  ground: Ground,
  profile: Profile,
  clusterName: ClusterName,
): PointSpace => {
  const addresses = nodes.map(node =>
    addressesOfTexts(typeof node === 'string' ? [] : [...node.internalAddresses, ...node.externalAddresses]),
  )
  const plainFor =
    (dialect: PolicyDialect) =>
    (peer: Plain): Match<boolean> => {
      switch (peer.kind) {
        case 'everything':
          return certainly(true)
        case 'block': {
          const looks = profile.blocks[dialect].nodes
          if (looks === 'no' || bothFamilies.isEmpty(peer.addresses)) return certainly(false)
          const covers =
            addresses.length === 0
              ? [coverOfUnknown(peer.addresses)]
              : addresses.map(own =>
                  bothFamilies.isEmpty(own) ? coverOfUnknown(peer.addresses) : coverOf(own, peer.addresses),
                )
          const all = covers.every(cover => cover === 'all')
          const may = covers.some(cover => cover !== 'none')
          return looks === 'yes' ? { must: all, open: all, may } : { must: false, open: all, may }
        }
        case 'nodes': {
          if (peer.which !== 'every' && peer.which !== which) return certainly(false)
          const holds = nodes.map(node => nodeHolds(peer.selector, node, clusterName))
          const must = holds.every(answer => answer === true) && (nodes.length > 0 || isEvery(peer.selector))
          return { must, open: must, may: nodes.length === 0 || holds.some(answer => answer !== false) }
        }
        case 'apiserver': {
          // Where the API server runs on nodes, they are meant, too.
          const cover = coverOf(ground.nodes, ground.apiserver)
          return { must: cover === 'all', open: cover === 'all', may: cover !== 'none' }
        }
        case 'names':
          return namesMatch(dialect)
        case 'outside':
        case 'pods':
          return certainly(false)
      }
    }
  return pointSpace(table, plainFor)
}

/** Cilium binds names to addresses outside; by the policy API's word a name may stand for any address. */
const namesMatch = (dialect: PolicyDialect): Match<boolean> =>
  dialect === 'policy-api' ? { must: false, open: false, may: true } : certainly(false)

const isEvery = (selector: Selector): boolean => selector.kind === 'all' && selector.of.every(isEvery)

/** Nodes whose addresses nobody knows: only a block of everything certainly holds them. */
const coverOfUnknown = (block: Addresses): 'all' | 'some' =>
  bothFamilies.equals(block, bothFamilies.full) ? 'all' : 'some'

/** The API server at the addresses that its own Service names. */
export const apiserverSpace = (table: TrafficTable, ground: Ground, profile: Profile): PointSpace => {
  const outside = bothFamilies.subtract(ground.apiserver, ground.nodes)
  const plainFor =
    (dialect: PolicyDialect) =>
    (peer: Plain): Match<boolean> => {
      switch (peer.kind) {
        case 'everything':
        case 'apiserver':
          return certainly(true)
        case 'block':
        case 'outside': {
          const looks =
            peer.kind === 'outside' || bothFamilies.isEmpty(outside) === false ? 'yes' : profile.blocks[dialect].nodes
          if (looks === 'no') return certainly(false)
          const cover = coverOf(peer.kind === 'outside' ? outside : ground.apiserver, peer.addresses)
          const all = cover === 'all'
          return looks === 'yes'
            ? { must: all, open: all, may: cover !== 'none' }
            : { must: false, open: all, may: cover !== 'none' }
        }
        case 'nodes': {
          const cover = coverOf(ground.apiserver, ground.nodes)
          return { must: false, open: false, may: cover !== 'none' && peer.which !== 'own' }
        }
        case 'names':
          // Its addresses are outside the cluster, or nodes'.
          return { must: false, open: false, may: !bothFamilies.isEmpty(outside) || namesMatch(dialect).may }
        case 'pods':
          return certainly(false)
      }
    }
  return pointSpace(table, plainFor)
}
