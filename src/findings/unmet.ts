import { everywhere, namedReachOf } from '../engine/names.ts'
import type { OutsideSpace } from '../engine/outside.ts'
import { passing, type Stacks } from '../engine/verdict.ts'
import { withEndpoint } from '../intent/declared.ts'
import type { Allowance, IntentDocuments } from '../model/intent.ts'
import { bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import type { Region } from '../sets/region.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import type { PossibleView } from './possible-view.ts'

/** How much of a declaration policy lets leave. `open`: nobody can tell. */
export type Meeting = 'met' | 'broken' | 'partly' | 'open'

/**
 * Declared less Possible: a declared dependency that policy stops. A name is met by a rule about names that includes it, or by
 * the whole internet on its ports; what lies inside the cluster is not asked here.
 */
export const meetingOf = (
  { engine, zones }: PossibleView,
  stacks: Stacks,
  allowance: Allowance,
  documents: IntentDocuments,
): Meeting => {
  const { table, spaces, ground } = engine
  const { names, addresses, traffic } = withEndpoint(allowance, documents)
  const outside = bothFamilies.subtract(addresses, ground.own)
  const inFamily = <F extends Family>(space: OutsideSpace<F>): Meeting | null => {
    const asked = (space.family === 4 ? outside.v4 : outside.v6) as never
    const wanted: Region<F> = space.regions.ofBoxes([{ addresses: asked, id: table.idOf(traffic) }])
    const { isEmpty, isSubset, intersect } = space.algebra
    if (isEmpty(wanted)) return null
    const { must, may } = passing(space, stacks)
    if (isSubset(wanted, must)) return 'met'
    const possible = intersect(wanted, may)
    return isEmpty(possible) ? 'broken' : isSubset(wanted, may) ? 'open' : 'partly'
  }
  const rules = namedReachOf(stacks, [spaces.v4, spaces.v6], zones.internet, table)
  const internet = [
    everywhere(spaces.v4, stacks, zones.internet, table).must,
    everywhere(spaces.v6, stacks, zones.internet, table).must,
  ].reduce(table.union)
  const byName = (pattern: NamePattern): Meeting => {
    const including = rules.filter(rule => mayMean(rule.patterns, pattern))
    const may = [internet, ...including.map(rule => rule.passing.may)].reduce(table.union)
    return metBy(traffic, table.trafficOf(may))
  }
  const all = [inFamily(spaces.v4), inFamily(spaces.v6), ...names.map(byName)].filter(one => one !== null)
  return all.reduce<Meeting>((a, b) => (a === b ? a : joinedMeeting(a, b)), all[0] ?? 'met')
}

const joinedMeeting = (a: Meeting, b: Meeting): Meeting => (a === 'open' || b === 'open' ? 'open' : 'partly')

const metBy = (wanted: Traffic, passes: Traffic): Meeting =>
  traffics.isSubset(wanted, passes) ? 'met' : traffics.isEmpty(traffics.intersect(wanted, passes)) ? 'broken' : 'partly'

const algebra = nameSets()

/** Whether a rule opens some of the declared names: which of them is not asked. */
const mayMean = (patterns: readonly string[], declared: NamePattern): boolean => {
  const known = patterns.flatMap(text => {
    const read = readNamePattern(text)
    return read.kind === 'refused' ? [] : [read.value]
  })
  return algebra.isEmpty(algebra.intersect(algebra.ofPatterns(known), algebra.ofPatterns([declared]))) !== 'yes'
}
