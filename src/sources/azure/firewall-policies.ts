import type { CloudObject, Filter } from '../../model/fabric.ts'
import { integer } from '../../model/json.ts'
import type { Doubt } from '../../model/rule.ts'
import { doubtOf } from '../aws/filter-rule.ts'
import type { Lowered } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { type Collection, type FirewallContext, rulesOfCollections } from './firewall-rules.ts'
import { cloudObject, type Item, within } from './item.ts'
import { idOf, itemsIn, named, names, prop, wordsUnder } from './property.ts'
import { modelId, parentOf } from './resource-id.ts'

/**
 * Its parent’s rules stand before its own, whatever priority these have; groups of rules by priority, and in them collections.
 * Source: Azure Firewall Manager, “Azure Firewall Manager policy overview”, Hierarchical policies; Azure Firewall, “Azure Firewall rule
 * processing logic”; Azure REST API Reference, FirewallPolicy, FirewallPolicyRuleCollectionGroup.
 */
export const lowerFirewallPolicy = (item: Item, context: FirewallContext): Lowered<Filter> => {
  const { collections, doubts } = collectionsOf(item, context.collected, 0)
  return {
    id: item.id,
    item,
    value: {
      ...cloudObject(item),
      stateful: true,
      reads: 'ordered',
      joins: 'each',
      // Rules of another document point to no place in this one.
      egress: rulesOfCollections(collections, context).map(rule => ({ ...rule, at: item.at })),
      ingress: [],
      doubts: doubts.map((why): Doubt => doubtOf(why)),
    },
    faults: doubts,
  }
}

interface Gathered {
  readonly collections: readonly Collection[]
  readonly doubts: readonly string[]
}

/** Policies have one level of parents. */
const DEEPEST = 4

const collectionsOf = (policy: Item, collected: Collected, depth: number): Gathered => {
  const parent = collected.get(named(policy.body, 'basePolicy') ?? '')
  const above: Gathered =
    !names(policy.body, 'basePolicy') || depth >= DEEPEST
      ? { collections: [], doubts: [] }
      : parent === undefined
        ? { collections: [], doubts: ['the policy that it is built on was not read'] }
        : collectionsOf(parent, collected, depth + 1)
  const groups = collected
    .in('microsoft.network/firewallpolicies/rulecollectiongroups')
    .filter(group => collected.get(group.id) === group && idOfParent(group) === policy.id)
  const listed = wordsUnder(policy.body, 'ruleCollectionGroups').flatMap(one => idOf(prop(one, 'id')) ?? [])
  const lost = listed.filter(id => !groups.some(group => group.id === id))
  const own = groups.flatMap(group =>
    itemsIn(group.body, 'ruleCollections').map(({ body, at }) => ({
      body,
      at: within(group, at),
      tier: null,
      order: [DEEPEST - depth, integer(prop(group.body, 'priority')) ?? 0],
    })),
  )
  return {
    collections: [...above.collections, ...own],
    doubts: [...above.doubts, ...lost.map(id => `its rules \`${id}\` were not read`)],
  }
}

const idOfParent = ({ resource }: Item): string | null => {
  const around = parentOf(resource)
  return around === null ? null : modelId(around)
}

/** Groups of rules and of addresses are parts of policies, and no objects of the model. */
export const lowerPart = (item: Item): Lowered<CloudObject> => ({ id: item.id, item, value: null, faults: [] })
