import { LOOPBACK } from '../engine/ground.ts'
import { namedReachOf, withoutNames } from '../engine/names.ts'
import type { OutsideSpace } from '../engine/outside.ts'
import type { Subject } from '../engine/population.ts'
import { judged, passing, type Stacks } from '../engine/verdict.ts'
import { type Declaration, type Declared, declarationsFor, declarationsKey, declaredBy } from '../intent/declared.ts'
import { declaredTrafficTo } from '../intent/split.ts'
import type { Estate } from '../model/cluster.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import { splitByZone, type Zone } from '../sets/zones.ts'
import type { PossibleView } from './possible-view.ts'

/**
 * Possible less Declared, toward places outside the cluster: what policy lets leave and nobody declared. By what policies and
 * intents make equal, never by pod.
 */
export interface Undeclared {
  readonly subjects: readonly Subject[]
  readonly declarations: readonly Declaration[]
  /** Never empty. */
  readonly openings: readonly Opening[]
}

export interface Opening {
  readonly to:
    | { readonly kind: 'addresses'; readonly zone: Zone; readonly addresses: Addresses }
    | { readonly kind: 'names'; readonly patterns: readonly string[] }
  readonly traffic: Traffic
  /** Certainly, or for all that is known. */
  readonly verdict: 'allowed' | 'unknown'
}

/** Subjects that the same policies and the same declarations speak of. */
export interface DeclaredGroup {
  readonly stacks: Stacks
  readonly subjects: readonly Subject[]
  readonly declared: Declared
}

export const groupsIn = (estate: Estate, view: PossibleView, today: string): readonly DeclaredGroup[] => {
  const { name } = view.engine.cluster
  return view.signatures.flatMap(({ stacks, subjects }) => {
    const found = subjects.map(subject => ({
      subject,
      declarations: declarationsFor(estate.intents, subject.workload, subject.shape, today),
    }))
    return [...Map.groupBy(found, ({ declarations }) => declarationsKey(declarations)).values()].map(
      (same): DeclaredGroup => ({
        stacks,
        subjects: same.map(({ subject }) => subject),
        declared: declaredBy(same[0]?.declarations ?? [], estate.intents, name, view.zones.resolver),
      }),
    )
  })
}

export const undeclaredIn = (view: PossibleView, groups: readonly DeclaredGroup[]): readonly Undeclared[] => {
  const openings = openingsIn(view)
  return groups.flatMap(({ stacks, subjects, declared }): readonly Undeclared[] => {
    const left = openings(stacks, declared)
    return left.length === 0 ? [] : [{ subjects, declarations: declared.declarations, openings: left }]
  })
}

/** What policy lets leave toward places outside, the cluster's own addresses not taken out: as rules would say it. */
export interface Exposed {
  readonly addresses: readonly {
    readonly addresses: Addresses
    readonly traffic: Traffic
    readonly isCertain: boolean
  }[]
  readonly names: readonly {
    readonly patterns: readonly string[]
    readonly traffic: Traffic
    readonly isCertain: boolean
  }[]
}

/** Of several stacks together. */
export const exposedIn = ({ engine, zones }: PossibleView): ((all: readonly Stacks[]) => Exposed) => {
  const { table, spaces, ground } = engine
  const own = bothFamilies.union(ground.own, LOOPBACK)
  const inFamily = <F extends Family>(space: OutsideSpace<F>, all: readonly Stacks[], isCertain: boolean) => {
    const { regions, algebra } = space
    const each = all.map(stacks => judged(algebra, passing(space, withoutNames(stacks))))
    const certain = each.map(one => regions.union(one.allowed, one.notEnforced)).reduce(regions.union)
    const region = isCertain ? certain : regions.subtract(each.map(one => one.unknown).reduce(regions.union), certain)
    return regions.boxesOf(region).map(({ id, addresses }) => ({ id, addresses: both(space, addresses) }))
  }
  return all => ({
    addresses: [true, false].flatMap(isCertain => {
      const byTraffic = Map.groupBy(
        [...inFamily(spaces.v4, all, isCertain), ...inFamily(spaces.v6, all, isCertain)],
        ({ id }) => id,
      )
      return [...byTraffic].flatMap(([id, boxes]) => {
        const addresses = boxes.map(box => box.addresses).reduce(bothFamilies.union, bothFamilies.empty)
        return bothFamilies.isSubset(addresses, own) ? [] : [{ addresses, traffic: table.trafficOf(id), isCertain }]
      })
    }),
    names: [
      ...Map.groupBy(
        all.flatMap(stacks => namedReachOf(stacks, [spaces.v4, spaces.v6], zones.internet, table)),
        ({ patterns, passing: of }) => `${patterns.join()} ${of.may}`,
      ).values(),
    ].flatMap(same => {
      const [{ patterns, passing: of }] = same as [(typeof same)[number]]
      const traffic = table.trafficOf(of.may)
      const isCertain = same.every(one => one.passing.must === one.passing.may)
      return traffics.isEmpty(traffic) ? [] : [{ patterns, traffic, isCertain }]
    }),
  })
}

/** Whether no part of what policies stop is certain. */
export const mayAllPass = ({ engine: { spaces } }: PossibleView, stacks: Stacks): boolean => {
  const inFamily = <F extends Family>(space: OutsideSpace<F>): boolean =>
    space.algebra.isSubset(space.algebra.full, passing(space, withoutNames(stacks)).may)
  return inFamily(spaces.v4) && inFamily(spaces.v6)
}

/** What policy lets leave toward places outside, less what is declared. */
export const openingsIn = (view: PossibleView): ((stacks: Stacks, declared: Declared) => readonly Opening[]) => {
  const { engine, zones } = view
  const { table, ground, spaces } = engine
  const own = bothFamilies.union(ground.own, LOOPBACK)
  const plain = new Map<Stacks, Stacks>()
  const withNone = (stacks: Stacks): Stacks => {
    const made = plain.get(stacks) ?? withoutNames(stacks)
    plain.set(stacks, made)
    return made
  }
  const inFamily = <F extends Family>(
    space: OutsideSpace<F>,
    stacks: Stacks,
    declared: Declared,
  ): readonly Opening[] => {
    const { regions, algebra } = space
    const { allowed, notEnforced, unknown } = judged(algebra, passing(space, withNone(stacks)))
    const known = regions.ofBoxes([
      ...declared.addresses.map(({ addresses, traffic }) => ({
        addresses: pick(space, addresses),
        id: table.idOf(traffic),
      })),
      { addresses: pick(space, own), id: table.full },
    ])
    const told = (region: typeof known, verdict: Opening['verdict']): readonly Opening[] =>
      regions
        .boxesOf(regions.subtract(region, known))
        .flatMap(({ id, addresses }) =>
          splitByZone(zones, both(space, addresses)).map(
            (part): Opening => ({ to: { kind: 'addresses', ...part }, traffic: table.trafficOf(id), verdict }),
          ),
        )
    return [...told(regions.union(allowed, notEnforced), 'allowed'), ...told(unknown, 'unknown')]
  }
  const named = (stacks: Stacks, declared: Declared): readonly Opening[] =>
    namedReachOf(stacks, [spaces.v4, spaces.v6], zones.internet, table).flatMap(
      ({ patterns, passing: of }): readonly Opening[] => {
        const traffic = table.trafficOf(of.may)
        const left = patterns.filter(pattern => !traffics.isSubset(traffic, declaredTrafficTo(declared, pattern)))
        return traffics.isEmpty(traffic) || left.length === 0
          ? []
          : [{ to: { kind: 'names', patterns: left }, traffic, verdict: of.must === of.may ? 'allowed' : 'unknown' }]
      },
    )
  return (stacks, declared) => [
    ...inBothFamilies([...inFamily(spaces.v4, stacks, declared), ...inFamily(spaces.v6, stacks, declared)]),
    ...named(stacks, declared),
  ]
}

/** What is the same in both families is one opening. */
const inBothFamilies = (all: readonly Opening[]): readonly Opening[] =>
  [
    ...Map.groupBy(all, ({ to, traffic, verdict }) =>
      [to.kind === 'addresses' ? to.zone : '', verdict, traffic.bounds.join(',')].join(),
    ).values(),
  ].map(same => {
    const [{ to, traffic, verdict }] = same as [Opening]
    if (to.kind !== 'addresses') return { to, traffic, verdict }
    const addresses = same
      .flatMap(one => (one.to.kind === 'addresses' ? [one.to.addresses] : []))
      .reduce(bothFamilies.union)
    return { to: { ...to, addresses }, traffic, verdict }
  })

const pick = <F extends Family>({ family }: OutsideSpace<F>, { v4, v6 }: Addresses) => (family === 4 ? v4 : v6) as never

const both = <F extends Family>({ family }: OutsideSpace<F>, addresses: unknown): Addresses =>
  family === 4
    ? { v4: addresses as Addresses['v4'], v6: addresses6.empty }
    : { v4: addresses4.empty, v6: addresses as Addresses['v6'] }
