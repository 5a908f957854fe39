import type { Entry } from '../engine/entries.ts'
import { lazily } from '../engine/lazily.ts'
import { type Across, acrossOf } from '../engine/mesh.ts'
import {
  CLUSTER_LABEL,
  declaredMeshOf,
  type Membership,
  type MeshMember,
  membershipOf,
  meshMemberOf,
} from '../inventory/cluster-mesh.ts'
import type { IntentDocuments } from '../model/intent.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { AnyAddress } from '../sets/cidr.ts'
import type { Possible } from './possible.ts'

/** The clusters of an estate as each other’s destinations. */
export interface Clusters {
  /** `only`: packets go to these addresses alone. */
  readonly between: (from: Possible, to: Possible, only?: Addresses) => Across
  readonly of: (name: string) => Possible | null
  /**
   * Those that a row speaks of: declared to share a mesh, or with settings that were read at both ends, and room for a mesh.
   * Without them a row keeps to addresses, and a fleet costs as much as its clusters do one by one.
   */
  readonly toldBy: (from: Possible) => readonly Possible[]
  /** Whether one of the two may know the other’s pods. */
  readonly mayShareMesh: (from: Possible, to: Possible) => boolean
  /** Others that have a pod or a node at one of the addresses. */
  readonly holdersOf: (from: Possible, addresses: Addresses) => readonly Possible[]
}

export const clustersIn = (all: readonly Possible[], { environments }: IntentDocuments): Clusters => {
  const declared = declaredMeshOf(environments)
  const members = new Map<Possible, MeshMember>()
  const memberOf = (one: Possible): MeshMember => {
    const member = members.get(one) ?? meshMemberOf(one.engine.cluster, one.engine.profile)
    members.set(one, member)
    return member
  }
  const membership = (one: Possible, other: Possible): Membership =>
    membershipOf(memberOf(one), memberOf(other), declared)
  const shared = lazily(() => sharedIn(all))
  const made = (from: Possible, to: Possible, only: Addresses | null): Across => {
    const [sender, receiver] = [memberOf(from), memberOf(to)]
    const knows = membership(from, to).knows
    // Whoever else may have the address: in a mesh its members alone.
    const rivals = lazily(() =>
      all.filter(one => one !== from && one !== to && (knows !== 'yes' || membership(from, one).knows !== 'no')),
    )
    return acrossOf(from.engine, to.engine, {
      terms: {
        sender: endOf(sender, knows),
        receiver: endOf(receiver, membership(to, from).knows),
        clusterLabel: CLUSTER_LABEL,
      },
      only,
      isTaken: address =>
        holds(from.engine.ground.own, address) ||
        (holds(shared(), address) && rivals().some(one => holds(placesOf(one), address))),
    })
  }
  return {
    // Nothing is kept: the pairs of a large fleet are many, and each is asked for once.
    between: (from, to, only) => made(from, to, only ?? null),
    of: name => all.find(({ engine }) => engine.cluster.name === name) ?? null,
    toldBy: from => all.filter(to => to !== from && membership(from, to).isSettled),
    mayShareMesh: (from, to) => membership(from, to).knows !== 'no' || membership(to, from).knows !== 'no',
    holdersOf: (from, addresses) =>
      all.filter(to => to !== from && !bothFamilies.isEmpty(bothFamilies.intersect(placesOf(to), addresses))),
  }
}

const endOf = ({ scope, name, keepsAddress }: MeshMember, knowsPods: Membership['knows']) => ({
  knowsPods,
  scope,
  name,
  keepsAddress,
})

/** Addresses of a cluster's pods and nodes. */
export const placesOf = ({ engine: { ground } }: Possible): Addresses => bothFamilies.union(ground.pods, ground.nodes)

/** Regions without these addresses, which are told elsewhere. */
export const withoutAddresses = (entries: readonly Entry[], told: Addresses): readonly Entry[] =>
  bothFamilies.isEmpty(told)
    ? entries
    : entries.flatMap((entry): readonly Entry[] => {
        if (entry.to.kind !== 'addresses') return [entry]
        const addresses = bothFamilies.subtract(entry.to.addresses, told)
        return bothFamilies.isEmpty(addresses) ? [] : [{ ...entry, to: { ...entry.to, addresses } }]
      })

const holds = ({ v4, v6 }: Addresses, address: AnyAddress): boolean =>
  address.family === 4 ? addresses4.contains(v4, address) : addresses6.contains(v6, address)

/** Addresses that several clusters have. */
const sharedIn = (all: readonly Possible[]): Addresses => {
  let seen = bothFamilies.empty
  let twice = bothFamilies.empty
  for (const one of all) {
    const own = placesOf(one)
    twice = bothFamilies.union(twice, bothFamilies.intersect(seen, own))
    seen = bothFamilies.union(seen, own)
  }
  return twice
}
