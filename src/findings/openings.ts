import type { Severity } from '../model/finding.ts'
import { printAddresses } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import type { ZoneMap } from '../sets/zones.ts'
import { several } from './check.ts'
import type { Opening } from './declared-view.ts'
import { DNS, portsText, TCP_AND_UDP, WITH_PORTS } from './known-traffic.ts'
import { only } from './rule-reach.ts'

/** How bad an undeclared opening is, and how it is told. Places that lead nowhere are left out. */
export interface ToldOpening {
  readonly severity: Severity
  readonly says: string
  readonly opening: Opening
}

/** Worst first. */
export const toldOpenings = (openings: readonly Opening[], zones: ZoneMap): readonly ToldOpening[] =>
  openings
    .flatMap((opening): readonly (ToldOpening & { readonly rank: number })[] => {
      const found = judgedOpening(opening, zones)
      if (found === null) return []
      // What is not certain is told as less.
      const level = SEVERITIES.indexOf(found.severity) + (opening.verdict === 'unknown' ? 1 : 0)
      const severity = SEVERITIES[Math.min(level, SEVERITIES.length - 1)] as Severity
      const says = `${opening.verdict === 'unknown' ? 'perhaps ' : ''}${found.place} on ${trafficText(opening.traffic)}`
      return [{ severity, says, opening, rank: found.rank + 10 * level }]
    })
    .sort((a, b) => a.rank - b.rank)

const SEVERITIES = ['high', 'medium', 'low'] as const

const judgedOpening = (
  { to, traffic }: Opening,
  zones: ZoneMap,
): { readonly severity: (typeof SEVERITIES)[number]; readonly rank: number; readonly place: string } | null => {
  if (to.kind === 'names') return { severity: 'medium', rank: 5, place: several(to.patterns) }
  const whole = ([4, 6] as const).filter(family => {
    const all = only(family, zones[to.zone])
    return !bothFamilies.isEmpty(all) && bothFamilies.isSubset(all, to.addresses)
  })
  const asksNames = traffics.isSubset(traffics.intersect(traffic, WITH_PORTS), DNS)
  const ranges = several(printAddresses(to.addresses))
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
    case 'metadata':
      return { severity: 'high', rank: 1, place: `the node’s metadata service (${ranges})` }
    case 'resolver':
      return { severity: 'low', rank: 4, place: `a resolver that nobody declared (${ranges})` }
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
