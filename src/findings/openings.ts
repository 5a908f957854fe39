import type { Severity } from '../model/finding.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import type { ZoneMap } from '../sets/zones.ts'
import { several } from './check.ts'
import type { Opening } from './declared-view.ts'
import { DNS, portsText, TCP_AND_UDP, WITH_PORTS } from './known-traffic.ts'
import { only } from './rule-reach.ts'

/** How bad an undeclared opening is, and how it is told. Places that lead nowhere, and the cluster’s own resolvers, are left out. */
export interface ToldOpening {
  readonly severity: Severity
  readonly place: string
  readonly says: string
  readonly opening: Opening
}

/** What a cluster is, as far as it changes what an opening means. */
export interface Surroundings {
  readonly zones: ZoneMap
  /** Where this platform answers for its nodes; null: nowhere. */
  readonly metadata: Addresses | null
  /** Addresses of its own pods, nodes and Services: they are told elsewhere. */
  readonly own: Addresses
  /** false: nothing there has an IPv6 address. */
  readonly hasIpv6: boolean
}

/** Worst first. */
export const toldOpenings = (openings: readonly Opening[], around: Surroundings): readonly ToldOpening[] =>
  openings
    .flatMap((opening): readonly (ToldOpening & { readonly rank: number })[] => {
      const found = judgedOpening(opening, around)
      if (found === null) return []
      // What is not certain is told as less.
      const level = SEVERITIES.indexOf(found.severity) + (opening.verdict === 'unknown' ? 1 : 0)
      const severity = SEVERITIES[Math.min(level, SEVERITIES.length - 1)] as Severity
      const place = `${opening.verdict === 'unknown' ? 'perhaps ' : ''}${found.place}`
      const says = `${place} on ${trafficText(opening.traffic)}`
      return [{ severity, place, says, opening, rank: found.rank + 10 * level }]
    })
    .sort((a, b) => a.rank - b.rank)

const SEVERITIES = ['high', 'medium', 'low'] as const

const judgedOpening = (
  { to, traffic }: Opening,
  { zones, metadata, own, hasIpv6 }: Surroundings,
): { readonly severity: (typeof SEVERITIES)[number]; readonly rank: number; readonly place: string } | null => {
  if (to.kind === 'names') return { severity: 'medium', rank: 5, place: several(to.patterns) }
  const addresses = hasIpv6 ? to.addresses : only(4, to.addresses)
  if (bothFamilies.isEmpty(addresses)) return null
  const whole = ([4, 6] as const).filter(family => {
    const all = bothFamilies.subtract(only(family, zones[to.zone]), own)
    return !bothFamilies.isEmpty(all) && bothFamilies.isSubset(all, addresses)
  })
  const asksNames = traffics.isSubset(traffics.intersect(traffic, WITH_PORTS), DNS)
  const ranges = several(printAddresses(addresses))
  switch (to.zone) {
    case 'internet':
      if (asksNames && !traffics.isEmpty(traffics.intersect(traffic, DNS)))
        return {
          severity: 'medium',
          rank: 2,
          place: whole.length > 0 ? 'any resolver of the internet' : `resolvers ${ranges}`,
        }
      return whole.length > 0
        ? { severity: 'high', rank: 0, place: `every address of the ${family(whole)} internet` }
        : { severity: 'medium', rank: 3, place: ranges }
    case 'metadata': {
      const here = bothFamilies.intersect(addresses, metadata ?? bothFamilies.empty)
      return bothFamilies.isEmpty(here)
        ? null
        : { severity: 'high', rank: 1, place: `the node’s metadata service (${several(printAddresses(here))})` }
    }
    case 'network':
    case 'peer-network':
    case 'on-premises':
    case 'private':
      return whole.length > 0
        ? { severity: 'medium', rank: 4, place: `the whole private ${family(whole)} space` }
        : { severity: 'low', rank: 6, place: ranges }
    default:
      return null
  }
}

const family = (families: readonly (4 | 6)[]): string => families.map(one => `IPv${one}`).join(' and ')

const trafficText = (traffic: Traffic): string =>
  traffics.isSubset(TCP_AND_UDP, traffic) ? 'every port' : portsText(traffic) || 'protocols without ports'
