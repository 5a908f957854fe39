import type { Subject } from '../engine/population.ts'
import { certainly, type Match, matchOfPeer, type PlainPeer } from '../engine/reading.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { Peer, Rule } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import type { ZoneMap } from '../sets/zones.ts'
import { HTTP } from './known-traffic.ts'
import { nameOf, type RuleUse, type Signature } from './signatures.ts'

/** What a rule by itself says about addresses outside, and how a check shows it. */

/** Addresses that the rule certainly means; names, pods and nodes are no part of it. */
export const outsideOf = ({ peers }: Rule): Addresses => joined(peers.map(peer => meantBy(peer).must))

/** Addresses that it may mean, whatever names resolve to. */
export const outsideMayOf = ({ peers }: Rule): Addresses => joined(peers.map(peer => meantBy(peer).may))

const joined = (parts: readonly Addresses[]): Addresses => parts.reduce(bothFamilies.union, bothFamilies.empty)

const meantBy = (peer: Peer): Match<Addresses> => matchOfPeer(peer, plainMeaning, bothFamilies)

const plainMeaning = (peer: PlainPeer): Match<Addresses> => {
  switch (peer.kind) {
    case 'everything':
      return certainly(bothFamilies.full)
    case 'block':
    case 'outside':
      return certainly(peer.addresses)
    case 'names':
    case 'apiserver':
      return { must: bothFamilies.empty, open: bothFamilies.empty, may: bothFamilies.full }
    case 'pods':
    case 'nodes':
      return certainly(bothFamilies.empty)
  }
}

export const only = (family: 4 | 6, { v4, v6 }: Addresses): Addresses =>
  family === 4 ? { v4, v6: bothFamilies.empty.v6 } : { v4: bothFamilies.empty.v4, v6 }

/** The internet of each family that the set holds the whole of; empty where it holds neither. */
export const internetIn = (addresses: Addresses, { internet }: ZoneMap): Addresses =>
  ([4, 6] as const)
    .map(family => only(family, internet))
    .filter(part => bothFamilies.isSubset(part, addresses))
    .reduce(bothFamilies.union, bothFamilies.empty)

/** A rule that lets out to the whole internet of a family on some port, with nothing else bound to it. */
export const opensInternet = ({ rule }: RuleUse, zones: ZoneMap): Addresses =>
  rule.action !== 'allow' || (rule.limit !== null && rule.limit.kind !== 'other')
    ? bothFamilies.empty
    : internetIn(outsideOf(rule), zones)

export const includesTraffic = (wide: Traffic, narrow: Traffic): boolean => traffics.isSubset(narrow, wide)

export const meets = (a: Traffic, b: Traffic): boolean => !traffics.isEmpty(traffics.intersect(a, b))

/** Rules that let web traffic out to the whole IPv4 internet, and to none of its metadata addresses: somebody thought of them. */
export const sparesMetadata4 = (rules: readonly RuleUse[], internet: Addresses, metadata: Addresses): boolean => {
  const all = rules
    .filter(({ rule }) => rule.action === 'allow' && includesTraffic(rule.traffic.exact, HTTP))
    .map(({ rule }) => outsideOf(rule))
    .reduce(bothFamilies.union, bothFamilies.empty)
  return (
    bothFamilies.isSubset(only(4, internet), all) &&
    bothFamilies.isEmpty(bothFamilies.intersect(only(4, metadata), all))
  )
}

/** `10.244.1.9 -> 1.1.1.1:443/TCP` */
export const packetOf = (
  from: Pick<Signature, 'subjects'> | undefined,
  addresses: Addresses,
  traffic: Traffic,
): string | null => {
  const [subject] = from?.subjects ?? []
  const [destination, example] = [exampleAddress(addresses), exampleOf(traffic)]
  return subject === undefined || destination === null || example === null
    ? null
    : `${sourceOf(subject)} -> ${packetTo(destination, example)}`
}

const sourceOf = (subject: Subject): string =>
  subject.pods.find(pod => pod.addresses.length > 0)?.addresses[0] ?? nameOf(subject)
