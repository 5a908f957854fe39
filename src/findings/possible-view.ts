import type { OutsideSpace } from '../engine/outside.ts'
import type { Item } from '../engine/stack.ts'
import { type Passing, passing } from '../engine/verdict.ts'
import { isUserWorkload } from '../inventory/identity.ts'
import type { Cluster } from '../model/cluster.ts'
import { compareText } from '../model/order.ts'
import type { Profile } from '../model/profile.ts'
import { addresses4 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import type { Region } from '../sets/region.ts'
import type { Traffic } from '../sets/traffic.ts'
import { takenBy } from './asked.ts'
import { coversHalf } from './covers-half.ts'
import { type Possible, possibleOf } from './possible.ts'
import { isOrdered, nameOf, type PolicyUse, policiesOf, type RuleUse, type Signature } from './signatures.ts'
import { mayBeSelectedUnseen, policiesAreKnown } from './unseen-policies.ts'

/**
 * The Possible as checks ask it: egress alone, by signature and never by pod. Only users' workloads on the pod network are in
 * it, and only those whose policies are all evaluated: of the others nothing is said.
 */
export interface PossibleView extends Possible {
  readonly signatures: readonly Signature[]
  /** Policies that certainly select one of them, with the egress rules that count. */
  readonly policies: readonly PolicyUse[]
  readonly passes: (signature: Signature, addresses: Addresses, traffic: Traffic) => Passes
  /** Whether more than half of the addresses certainly pass: a list of a few that are denied closes no internet. */
  readonly mostly: (signature: Signature, addresses: Addresses, traffic: Traffic) => boolean
  /** Whether some of it comes as far as the item, which may take it. */
  readonly decides: (item: Item, signature: Signature, addresses: Addresses, traffic: Traffic) => boolean
  /** Whether more than half passes, and where an order decides, by this rule. */
  readonly opens: (use: RuleUse['uses'][number], addresses: Addresses, traffic: Traffic) => boolean
  /** Everything that certainly passes, and that may. */
  readonly outside: (signature: Signature) => Outside
}

/** `yes`: all of it certainly passes; `no`: certainly none of it. */
export type Passes = 'yes' | 'no' | 'unknown'

export interface Outside {
  readonly v4: Passing<Region<4>>
  readonly v6: Passing<Region<6>>
}

export const possibleView = (cluster: Cluster, profile: Profile | null = null): PossibleView => {
  const possible = possibleOf(cluster, { profile, compat: null })
  const { engine } = possible
  const { spaces, table } = engine
  const signatures = policiesAreKnown(cluster, engine.profile) ? signaturesOf(cluster, possible) : []
  const known = new Map<Signature, Outside>()
  const outside = (signature: Signature): Outside => {
    let answer = known.get(signature)
    if (answer === undefined) {
      const { stacks } = signature
      answer = { v4: passing(spaces.v4, stacks), v6: passing(spaces.v6, stacks) }
      known.set(signature, answer)
    }
    return answer
  }
  const regionOf = <F extends Family>(space: OutsideSpace<F>, { v4, v6 }: Addresses, traffic: Traffic): Region<F> =>
    space.regions.ofBoxes([{ addresses: (space.family === 4 ? v4 : v6) as never, id: table.idOf(traffic) }])
  const passesIn = <F extends Family>(
    space: OutsideSpace<F>,
    of: Passing<Region<F>>,
    addresses: Addresses,
    traffic: Traffic,
  ): Passes | null => {
    const wanted = regionOf(space, addresses, traffic)
    const { isEmpty, isSubset, intersect } = space.algebra
    if (isEmpty(wanted)) return null
    if (isSubset(wanted, of.must)) return 'yes'
    return isEmpty(intersect(wanted, of.may)) ? 'no' : 'unknown'
  }
  const mostly = (signature: Signature, addresses: Addresses, traffic: Traffic): boolean => {
    if (bothFamilies.isEmpty(addresses)) return false
    const { v4, v6 } = outside(signature)
    return (
      coversHalf(spaces.v4, v4.must, addresses.v4, table.idOf(traffic), table) &&
      coversHalf(spaces.v6, v6.must, addresses.v6, table.idOf(traffic), table)
    )
  }
  const takesHalf = <F extends Family>(
    space: OutsideSpace<F>,
    { signature, item }: RuleUse['uses'][number],
    addresses: Addresses,
    traffic: Traffic,
  ): boolean =>
    coversHalf(
      space,
      takenBy(space, signature.stacks.counting, item, regionOf(space, addresses, traffic)),
      (space.family === 4 ? addresses.v4 : addresses.v6) as never,
      table.idOf(traffic),
      table,
    )
  return {
    ...possible,
    signatures,
    policies: policiesOf(signatures),
    outside,
    passes: (signature, addresses, traffic) => {
      if (bothFamilies.isEmpty(addresses)) return 'no'
      const { v4, v6 } = outside(signature)
      const answers = [passesIn(spaces.v4, v4, addresses, traffic), passesIn(spaces.v6, v6, addresses, traffic)].filter(
        answer => answer !== null,
      )
      const [first = 'no', ...more] = answers
      return more.every(answer => answer === first) ? first : 'unknown'
    },
    mostly,
    opens: (use, addresses, traffic) =>
      mostly(use.signature, addresses, traffic) &&
      (!isOrdered(use.signature) ||
        // One family stands for both where both are asked.
        (addresses4.isEmpty(addresses.v4)
          ? takesHalf(spaces.v6, use, addresses, traffic)
          : takesHalf(spaces.v4, use, addresses, traffic))),
    decides: (item, { stacks }, addresses, traffic) =>
      [spaces.v4, spaces.v6].some(space => {
        const one = space as OutsideSpace<4>
        return !one.algebra.isEmpty(takenBy(one, stacks.counting, item, regionOf(one, addresses, traffic)))
      }),
  }
}

const signaturesOf = (cluster: Cluster, { engine }: Possible): readonly Signature[] => {
  const unseen = mayBeSelectedUnseen(cluster, engine.profile)
  const judged = engine.population.subjects.filter(
    ({ identity, workload }) => identity !== null && isUserWorkload(workload) && !unseen(workload),
  )
  return [...Map.groupBy(judged, subject => engine.stacksOf(subject, 'egress'))].map(([stacks, subjects]) => ({
    stacks,
    subjects: subjects.toSorted((a, b) => compareText(nameOf(a), nameOf(b))),
  }))
}
