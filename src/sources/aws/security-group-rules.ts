import type { CloudObject, Filter, FilterRule } from '../../model/fabric.ts'
import { field } from '../../model/json.ts'
import { compareOrigins } from '../../model/provenance.ts'
import { blockPeers, doubtOf, groupPeers, listPeers, ruleOf, unknownIn, unknownPeers } from './filter-rule.ts'
import { cloudObject, type Item, idIn, wordIn } from './item.ts'
import { content, type Lowered } from './lowered.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { trafficOfPermission } from './traffic.ts'

/** A rule of a security group as an object of its own: the newer form of what the group says itself. */
export interface GroupRule extends CloudObject {
  readonly group: string
  /** null: not told. */
  readonly direction: 'egress' | 'ingress' | null
  readonly rules: readonly FilterRule[]
}

/** Source: EC2 API Reference, SecurityGroupRule. */
export const lowerGroupRule = (item: Item, lists: PrefixLists): Lowered<GroupRule> => {
  const { body } = item
  const object = cloudObject('SecurityGroupRules', item)
  const group = idIn('SecurityGroups', body, 'GroupId')
  const isEgress = field(body, 'IsEgress')
  const rules = peersOf(item, lists).map(peers => ruleOf('allow', peers, trafficOfPermission(body), item.at))
  return {
    id: object.id,
    item,
    value:
      group === null
        ? null
        : {
            ...object,
            account: wordIn(body, 'GroupOwnerId'),
            group,
            direction: isEgress === true ? 'egress' : isEgress === false ? 'ingress' : null,
            rules,
          },
    faults: [
      ...(group === null ? ['it names no group'] : []),
      ...(typeof isEgress === 'boolean' ? [] : ['it does not say its direction']),
      ...unknownIn(rules),
    ],
  }
}

const peersOf = ({ body }: Item, lists: PrefixLists) => {
  const has = (key: string): boolean => (field(body, key) ?? null) !== null
  if (has('CidrIpv4')) return [blockPeers(body, 'CidrIpv4')]
  if (has('CidrIpv6')) return [blockPeers(body, 'CidrIpv6')]
  if (has('PrefixListId')) return listPeers(body, lists)
  if (has('ReferencedGroupInfo')) return [groupPeers(field(body, 'ReferencedGroupInfo'))]
  return [unknownPeers('a rule does not say whom it is about')]
}

/** Two documents that say different things of one rule: nobody can tell what it does, not even to which direction. */
export const doubtfulRule = (rule: GroupRule): GroupRule => ({ ...rule, direction: null, rules: [] })

/**
 * The groups that only their rules tell of. They have no name, and nothing says that a group has no rules of a direction but that
 * none was read.
 */
export const groupsOfRules = (
  rules: readonly GroupRule[],
  known: ReadonlySet<string>,
  rulesAreCut: boolean,
): readonly Lowered<Filter>[] =>
  [...Map.groupBy(rules, ({ group }) => group)].flatMap(([id, own]) => {
    const [first] = own
    if (first === undefined || known.has(id)) return []
    // Steps lead into one document: what another one says is shown at the first.
    const at = (rule: GroupRule) => (compareOrigins(rule.origin, first.origin) === 0 ? rule.at : first.at)
    const under = (direction: 'egress' | 'ingress'): readonly FilterRule[] =>
      own
        .filter(rule => rule.direction === direction)
        .flatMap(rule => rule.rules.map(one => ({ ...one, at: at(rule) })))
    const value: Filter = {
      id,
      name: null,
      account: first.account,
      region: first.region,
      origin: first.origin,
      at: first.at,
      stateful: true,
      reads: 'any',
      joins: 'any',
      egress: under('egress'),
      ingress: under('ingress'),
      doubts: [
        ...(rulesAreCut ? [doubtOf('its rules were not read in full')] : []),
        ...(own.some(({ direction }) => direction === null) ? [doubtOf('a rule does not say its direction')] : []),
      ],
    }
    const item: Item = { id, body: {}, origin: first.origin, at: first.at }
    return [{ id, item, value, faults: value.doubts.map(({ why }) => why) }]
  })

/** Groups with what their rules as objects say beside them: the same, or nobody can tell which holds. */
export const agreeing = (
  groups: readonly Lowered<Filter>[],
  rules: readonly GroupRule[],
): readonly Lowered<Filter>[] => {
  const byGroup = Map.groupBy(rules, ({ group }) => group)
  return groups.map(lowered => {
    const { value } = lowered
    const own = byGroup.get(lowered.id)
    if (value === null || own === undefined) return lowered
    const said = new Set([...value.egress.map(keyOf('egress')), ...value.ingress.map(keyOf('ingress'))])
    const agrees = own.every(
      ({ direction, rules }) => direction !== null && rules.every(rule => said.has(keyOf(direction)(rule))),
    )
    if (agrees) return lowered
    const why = 'a rule of it that was read by itself is not among its own'
    return {
      ...lowered,
      value: { ...value, doubts: [...value.doubts, doubtOf(why)] },
      faults: [...lowered.faults, why],
    }
  })
}

const keyOf =
  (direction: string) =>
  ({ peers, traffic }: FilterRule): string =>
    `${direction} ${content({ peers, traffic })}`
