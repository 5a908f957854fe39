import type { Gateway, Outward } from '../../model/fabric.ts'
import type { Exit, Unknown } from '../../model/reach.ts'
import { addressesOf as setsOf } from '../../sets/address-set.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Traffic } from '../../sets/traffic.ts'
import type { Around, Go } from './around.ts'
import { inFamily } from './filters.ts'
import { addressesOf } from './members.ts'
import { beyondIn, exitThrough, FOREIGN, internetDoubts, printed, takenBy } from './outward.ts'
import { type FabricReason, notRead, said } from './places.ts'
import { isForeign, isOpen, leaves, type Place, stops, type Way } from './ways.ts'

/**
 * Out by the provider’s own edge: no gateway stands there, and of those who may give packets an address of the internet the first
 * one that takes them does.
 */
export const providerEdgeIn = <F extends Family>(around: Around<F>): Go<F> => {
  const { places, algebra } = around
  const { family } = algebra
  const sets = setsOf(family)

  /** Whether what is seen here comes from such ranges; null: a part of it does. */
  const comesFrom = ({ seen }: Place, { from }: Extract<Outward, { kind: 'gateway' }>): boolean | null => {
    if (from === null) return true
    const [own, ranges] = [inFamily(seen, family), inFamily(addressesOfCidrs(from), family)]
    if (sets.isSubset(own, ranges)) return true
    return sets.isEmpty(sets.intersect(own, ranges)) ? false : null
  }

  /** Whoever was not asked about may still have an address. */
  const nobody = (place: Place, region: Region<F>, reason: FabricReason): readonly Way<F>[] => {
    const [doubt] = internetDoubts(places, place)
    if (doubt !== undefined) return isOpen(place, region, doubt)
    return place.unknowns.some(why => NOT_ASKED.has(why))
      ? isOpen(place, region, NOT_TOLD)
      : stops(place, region, reason)
  }

  /** What is taken leaves so; nobody else is asked for the rest. */
  const takenOut = (place: Place, region: Region<F>, takes: Traffic | null, exit: Exit): readonly Way<F>[] => {
    const taken = takenBy(around, region, { takes })
    const lost = algebra.subtract(region, taken)
    return [
      ...(algebra.isEmpty(lost) ? [] : nobody(place, lost, said(place.subnet, NOT_TAKEN))),
      ...(algebra.isEmpty(taken) ? [] : leaves(place, taken, exit, internetDoubts(places, place))),
    ]
  }

  const byGateway = (place: Place, region: Region<F>, id: string): readonly Way<F>[] => {
    const gateway = places.gateways.get(id)
    if (gateway === undefined) return isOpen(place, region, notRead('the gateway', id))
    if (!gateway.isUp) return stops(place, region, said(gateway, 'is not up'))
    const taken = takenBy(around, region, gateway)
    const lost = algebra.subtract(region, taken)
    return [
      ...(algebra.isEmpty(lost) ? [] : nobody(place, lost, said(gateway, 'does not translate it'))),
      ...(algebra.isEmpty(taken) ? [] : leaves(place, taken, exitThrough(gateway), internetDoubts(places, place))),
    ]
  }

  const balancersOf = (ids: readonly string[]): readonly Gateway[] =>
    ids.flatMap(id => places.gateways.get(id) ?? []).filter(({ isUp }) => isUp)

  /** By the first that takes it; `left` are those that were not asked yet. */
  const next = (place: Place, region: Region<F>, [first, ...left]: readonly Outward[]): readonly Way<F>[] => {
    if (first === undefined) return nobody(place, region, said(place.subnet, NOBODY))
    const on = (why: readonly Unknown[] = []): readonly Way<F>[] =>
      next({ ...place, unknowns: [...place.unknowns, ...why] }, region, left)
    if (first.kind !== 'own' && !first.families.includes(family)) return on()
    switch (first.kind) {
      case 'own': {
        const { through, sender } = place
        if (through !== null) {
          const seenAs = through.publicAddresses.filter(one => one.family === family)
          return seenAs.length === 0
            ? on()
            : leaves(place, region, exitThrough({ ...through, publicAddresses: seenAs }), internetDoubts(places, place))
        }
        if (sender === null) return on([OWN_NOT_ASKED])
        const its = sender.publicAddresses.filter(one => one.seenAs.family === family)
        const own = its.map(({ seenAs }) => seenAs)
        const inner = inFamily(addressesOf(its.map(({ of }) => of)), family)
        const sending = inFamily(place.seen, family)
        if (sets.isEmpty(sets.intersect(inner, sending))) return on()
        const partly = sets.isSubset(sending, inner) ? [] : [OTHER_ADDRESSES]
        const exit: Exit = { kind: 'internet-gateway', id: place.subnet.network, sourceAddresses: printed(own) }
        return leaves(place, region, exit, [...partly, ...internetDoubts(places, place)])
      }
      case 'gateway': {
        const its = comesFrom(place, first)
        if (its === false) return on()
        if (its === true) return byGateway(place, region, first.id)
        const why = partly(first.id)
        return byGateway({ ...place, unknowns: [...place.unknowns, why] }, region, first.id)
      }
      case 'balancers': {
        if (place.through !== null) return on()
        if (place.sender === null) return on([BALANCERS_NOT_ASKED])
        const [one, ...others] = balancersOf(place.sender.balancers)
        if (one === undefined) return on()
        const sourceAddresses = [one, ...others].flatMap(({ publicAddresses }) =>
          printed(publicAddresses.filter(address => address.family === family)),
        )
        const exit: Exit = {
          kind: 'load-balancer-outbound',
          id: others.length === 0 ? one.id : null,
          sourceAddresses: [...new Set(sourceAddresses)].sort(),
        }
        return leaves(place, region, exit, internetDoubts(places, place))
      }
      case 'provider':
        return takenOut(place, region, first.takes, {
          kind: 'provider-managed',
          id: place.subnet.network,
          sourceAddresses: [],
        })
    }
  }

  const beyond = beyondIn(around)
  return (place, region) =>
    beyond(place, region, place.subnet, rest =>
      isForeign(place)
        ? stops(place, rest, said(place.subnet, `leads to the internet, which ${FOREIGN}`))
        : next(place, rest, place.subnet.outward),
    )
}

const NOT_TAKEN = 'leaves by an address that many share, which is not lent to such packets'

const NOBODY = 'has nobody who gives its packets an address of the internet'

const OWN_NOT_ASKED: Unknown = {
  stage: 'fabric',
  why: 'who has a public address leaves with it, and which of the subnet’s interfaces has one is not asked',
  settledBy: 'a question about one interface or machine',
}

const OTHER_ADDRESSES: Unknown = {
  stage: 'fabric',
  why: 'a public address stands for one of its addresses alone, and which of them sends is not asked',
  settledBy: 'a question about a pod, or about the node as a cluster shows it',
}

const BALANCERS_NOT_ASKED: Unknown = {
  stage: 'fabric',
  why: 'who stands behind a balancer with outbound rules leaves by it, and which of the subnet’s interfaces does is not asked',
  settledBy: 'a question about one interface or machine',
}

const NOT_ASKED: ReadonlySet<Unknown> = new Set([OWN_NOT_ASKED, BALANCERS_NOT_ASKED])

const NOT_TOLD: Unknown = {
  stage: 'fabric',
  why: 'the subnet gives nobody an address of the internet, so that only those leave who have one by themselves',
  settledBy: 'a question about one interface or machine',
}

const partly = (id: string): Unknown => ({
  stage: 'fabric',
  why: `\`${id}\` translates some of the addresses that send here, and not all of them`,
  settledBy: 'a question about one interface or machine, or ranges that cover all of the subnet',
})
