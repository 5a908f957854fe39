import type { Filter, Gateway } from '../../model/fabric.ts'
import type { Unknown } from '../../model/reach.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Outcome } from '../fold.ts'
import type { Around, Go } from './around.ts'
import { inFamily } from './filters.ts'
import { addressesOf } from './members.ts'
import { exitThrough } from './outward.ts'
import { notRead, said } from './places.ts'
import { isOpen, leaves, over, type Place, past, stops, type Way } from './ways.ts'

/** What a firewall on the way lets pass, and where that goes on. */
export interface Firewalls<F extends Family> {
  /** One that stands in a subnet: on by the routes there. */
  readonly standing: (place: Place, region: Region<F>, firewall: Gateway) => readonly Way<F>[]
  /** One that hangs on a hub: what it translates leaves by it, the rest is `back`. */
  readonly hanging: (place: Place, region: Region<F>, firewall: Gateway, back: Go<F>) => readonly Way<F>[]
}

export const firewallsIn = <F extends Family>({
  places,
  algebra,
  crossing,
  arrival,
  routed,
}: Pick<Around<F>, 'places' | 'algebra' | 'crossing' | 'arrival' | 'routed'>): Firewalls<F> => {
  const { family } = algebra
  const filtered = (place: Place, region: Region<F>, firewall: Gateway, next: Go<F>): readonly Way<F>[] => {
    if (place.onlyRoutes) return next(place, region)
    const filter = firewall.filter === null ? undefined : places.filters.get(firewall.filter)
    if (filter === undefined) return next({ ...place, unknowns: [...place.unknowns, rulesUnread(firewall)] }, region)
    const { must, may }: Outcome<Region<F>> = crossing.through(filter, place)
    const sure = algebra.intersect(region, must)
    const rest = algebra.subtract(region, must)
    const open = algebra.intersect(rest, may)
    const closed = algebra.subtract(rest, may)
    return [
      ...(algebra.isEmpty(sure) ? [] : next(place, sure)),
      ...(algebra.isEmpty(open) ? [] : next({ ...place, unknowns: [...place.unknowns, rulesOpen(filter)] }, open)),
      ...(algebra.isEmpty(closed) ? [] : stops(place, closed, said(filter, 'lets none of it pass'))),
    ]
  }

  /** What its own address is put on, and what goes on as it came. */
  const parted = (region: Region<F>, { translates }: Gateway): readonly [Region<F>, Region<F>] => {
    const translated = algebra.within(region, inFamily(translates, family))
    return [translated, algebra.subtract(region, translated)]
  }

  const standing: Firewalls<F>['standing'] = (place, region, firewall) => {
    const subnet = places.subnets.get(firewall.subnet ?? '')
    if (subnet === undefined) return isOpen(place, region, notRead('the subnet', firewall.subnet ?? ''))
    const isElsewhere = subnet.id !== place.subnet.id
    const entered = isElsewhere ? subnet.filters : []
    return arrival.into(
      past(isElsewhere ? over(place, { hop: 'subnet', id: subnet.id }) : place, entered, 'out'),
      region,
      crossing.takenIn(entered, place, null),
      said(subnet, 'its filters let none of it in'),
      (at, taken) =>
        filtered(at, taken, firewall, (passed, rest) => {
          const [translated, plain] = parted(rest, firewall)
          const here = { ...passed, subnet }
          const its = {
            ...here,
            sender: null,
            through: firewall,
            home: subnet.network,
            seen: addressesOf(firewall.privateAddresses),
          }
          return [
            ...(algebra.isEmpty(translated) ? [] : routed(its, translated)),
            ...(algebra.isEmpty(plain) ? [] : routed(here, plain)),
          ]
        }),
    )
  }

  const hanging: Firewalls<F>['hanging'] = (place, region, firewall, back) =>
    filtered(place, region, firewall, (passed, rest) => {
      const [translated, plain] = parted(rest, firewall)
      return [
        ...(algebra.isEmpty(translated) ? [] : leaves(passed, translated, exitThrough(firewall))),
        ...(algebra.isEmpty(plain) ? [] : back(passed, plain)),
      ]
    })
  return { standing, hanging }
}

const rulesUnread = ({ id }: Gateway): Unknown => ({
  stage: 'fabric',
  why: `what the firewall \`${id}\` lets pass was not read`,
  settledBy: 'the documents of its policy and its rules',
})

/** By the first rule that leaves it open, since that is what would have to be known. */
const rulesOpen = (filter: Filter): Unknown => {
  const [doubt] = filter.doubts
  if (doubt !== undefined) return { stage: 'fabric', why: doubt.why, settledBy: doubt.settledBy }
  const named = filter.egress.find(({ peers }) => peers.kind === 'names')
  if (named?.peers.kind === 'names')
    return {
      stage: 'fabric',
      why: `\`${filter.id}\` goes by names there (${named.peers.patterns.slice(0, 3).join(', ')}), and which name a packet is for is not told by its address`,
      settledBy: 'a question about a name, or a log of the firewall',
    }
  return {
    stage: 'fabric',
    why: `a rule of \`${filter.id}\` is about something that was not read`,
    settledBy: 'the lists, groups and variables that the rule names',
  }
}
