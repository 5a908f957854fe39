import type { Space } from '../../engine/space.ts'
import type { Item } from '../../engine/stack.ts'
import { passing, type Stacks, type World } from '../../engine/verdict.ts'
import { keyOf } from '../../model/identity.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import { without } from '../asked.ts'
import { type Check, hit, several } from '../check.ts'
import { portsIn, portsText } from '../known-traffic.ts'
import { patternsOf } from '../name-rules.ts'
import type { PossibleView } from '../possible-view.ts'
import { includesTraffic, internetIn, only, outsideOf, packetOf } from '../rule-reach.ts'
import { isOrdered, itemsOf, namesOf, type RuleUse, type Signature } from '../signatures.ts'

export const mootAllowList: Check = {
  id: 'PST-P014',
  title: 'Allow list that another policy makes moot',
  severity: 'medium',
  why: 'Policies add up: what one of them allows is allowed. A list of names or addresses limits nothing where a second policy lets the same pods send the same traffic to the whole internet.',
  remedy: 'Remove the wider rule, or the list if it is not meant any more.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
    'https://docs.cilium.io/en/stable/security/policy/intro/',
  ],
  *run(view) {
    const possible = view.possible()
    for (const { policy, rules } of possible.policies) {
      const isCalico = policy.place.tier === 'calico'
      if (policy.place.tier !== 'workload' && !isCalico) continue
      for (const use of rules) {
        const wider = widerThan(use, possible)
        if (wider === null) continue
        const { rule } = use
        yield hit(
          policy,
          `its list decides nothing for ${several(namesOf(use.uses.map(({ signature }) => signature)))}: ${several(wider.names)} ${wider.names.length === 1 ? 'opens' : 'open'} ${portsText(rule.traffic.exact)} to the whole internet`,
          `remove the wider rule of ${several(wider.names)}, so that \`${policy.ref.name}\` decides`,
          {
            at: rule.at,
            // In an order the list is asked and says what it was written for: the wider rule is told as its own.
            severity: isCalico ? 'low' : null,
            witness: packetOf(use.uses[0]?.signature, wider.beyond, rule.traffic.exact),
          },
        )
        break
      }
    }
  },
}

interface Wider {
  readonly names: readonly string[]
  /** Addresses that pass and that the list does not hold. */
  readonly beyond: Addresses
}

/** Who makes a list moot for every pod that it selects; null where it is no list, or decides something. */
const widerThan = ({ policy, rule, uses }: RuleUse, possible: PossibleView): Wider | null => {
  const traffic = portsIn(rule.traffic.exact)
  const own = outsideOf(rule)
  const isList = patternsOf(rule).length > 0 || !bothFamilies.isEmpty(own)
  if (rule.action !== 'allow' || !isList || traffics.isEmpty(traffic) || isEverywhere(own)) return null
  const names = new Set<string>()
  const internet = only(4, possible.zones.internet)
  let beyond = bothFamilies.empty
  for (const { signature, item } of uses) {
    const others = openedBy(signature, keyOf(policy.ref), traffic, possible)
    const all = others.map(one => one.addresses).reduce(bothFamilies.union, bothFamilies.empty)
    if (!bothFamilies.isSubset(own, all) || bothFamilies.isSubset(all, own)) return null
    if (!possible.mostly(signature, internet, traffic)) return null
    if (isOrdered(signature) && patternsOf(rule).length === 0 && isNeeded(item, signature, possible)) return null
    for (const one of others) names.add(one.name)
    beyond = bothFamilies.subtract(only(4, all), bothFamilies.union(own, possible.zones.metadata))
  }
  if (names.size === 0) return null
  const outside = bothFamilies.subtract(internet, own)
  return { names: [...names].sort(), beyond: bothFamilies.isEmpty(outside) ? beyond : outside }
}

/** Where an order decides, a list may stand before a denial: without it something else would pass. */
const isNeeded = (item: Item, { stacks }: Signature, { engine: { spaces } }: PossibleView): boolean => {
  const rest: World = { counting: without(stacks.counting, item), written: without(stacks.written, item) }
  return (
    stacks.others.length > 0 ||
    !isSameWithout(spaces.v4, stacks, rest) ||
    !isSameWithout(spaces.v6 as Space<unknown>, stacks, rest)
  )
}

const isSameWithout = <S>(space: Space<S>, stacks: Stacks, rest: World): boolean => {
  const [before, after] = [passing(space, stacks), passing(space, { ...rest, others: [] })]
  return space.algebra.equals(before.must, after.must) && space.algebra.equals(before.may, after.may)
}

const isEverywhere = (addresses: Addresses): boolean => bothFamilies.isSubset(only(4, bothFamilies.full), addresses)

/** Rules of other policies that let this traffic out to the whole internet. */
const openedBy = (
  { stacks }: Signature,
  policy: string,
  traffic: Traffic,
  { zones }: PossibleView,
): readonly { readonly name: string; readonly addresses: Addresses }[] =>
  [...itemsOf(stacks.counting)].flatMap(({ kind, doubts, rule, policy: other }) => {
    if (kind !== 'rule' || doubts.length > 0 || rule.action !== 'allow' || rule.limit !== null) return []
    if (keyOf(other.ref) === policy || !includesTraffic(rule.traffic.exact, traffic)) return []
    const addresses = outsideOf(rule)
    return bothFamilies.isEmpty(only(4, internetIn(addresses, zones))) ? [] : [{ name: other.ref.name, addresses }]
  })
