import type { CloudObject } from '../../model/fabric.ts'
import { integer, type Json } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Direction } from '../../model/rule.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Traffic } from '../../sets/traffic.ts'
import { DIFFERS, type Lowered } from '../aws/lowered.ts'
import { cloudObject, type Item, within } from './item.ts'
import { itemsIn, prop, readBlock, word, wordsUnder } from './property.ts'
import { modelId, readResourceId } from './resource-id.ts'
import { trafficOfRule } from './traffic.ts'

/** A group as its owner wrote it: what its tags mean depends on the subnet that it is for. */
export interface Group extends CloudObject {
  readonly rules: readonly GroupRule[]
  readonly doubts: readonly string[]
}

export interface GroupRule {
  readonly direction: Direction
  readonly action: 'allow' | 'deny'
  readonly priority: number
  /** This end, and the other one. */
  readonly own: End
  readonly peers: End
  readonly traffic: Traffic
  /** Not null: it is about a part of this alone, and nobody can tell which. */
  readonly doubt: string | null
  readonly at: DocumentPath
}

/** null: whoever. */
export type End = {
  readonly ranges: readonly AnyCidr[]
  /** Tags of the platform: `VirtualNetwork`, `Storage.WestEurope`. */
  readonly tags: readonly string[]
  /** Application security groups. */
  readonly applications: readonly string[]
  readonly faults: readonly string[]
} | null

/** Source: Azure REST API Reference, NetworkSecurityGroup, SecurityRule; “Azure network security groups overview”, Security rules. */
export const lowerGroup = (item: Item): Lowered<Group> => {
  const { body } = item
  const isRead = Array.isArray(prop(body, 'securityRules'))
  const read = ['securityRules', 'defaultSecurityRules'].flatMap(key =>
    itemsIn(body, key).map(one => readRule(one.body, within(item, one.at))),
  )
  const written = read.flatMap(({ rule }) => (rule === null ? [] : [rule]))
  const own = [...written, ...DEFAULTS.filter(one => !written.some(other => isSame(one, other)))]
  const rules = own.toSorted((a, b) => a.priority - b.priority)
  const doubts = [
    ...(isRead ? [] : ['its rules were not read']),
    ...read.flatMap(({ fault }) => fault ?? []),
    ...repeatedIn(rules),
  ]
  return {
    id: item.id,
    item,
    value: { ...cloudObject(item), rules, doubts },
    faults: [...doubts, ...written.flatMap(faultsOfRule)],
  }
}

export const doubtfulGroup = (kept: Group): Group => ({ ...kept, doubts: [...kept.doubts, DIFFERS] })

const isSame = (a: GroupRule, b: GroupRule): boolean => a.direction === b.direction && a.priority === b.priority

const faultsOfRule = ({ own, peers, doubt }: GroupRule): readonly string[] => [
  ...(own?.faults ?? []),
  ...(peers?.faults ?? []),
  ...(doubt === null ? [] : [`what a rule covers cannot be told: ${doubt}`]),
]

interface RuleReading {
  readonly rule: GroupRule | null
  /** Why nobody can tell what the list of rules comes to. */
  readonly fault: string | null
}

const readRule = (rule: Json, at: DocumentPath): RuleReading => {
  const direction = word(rule, 'direction')?.toLowerCase()
  const access = word(rule, 'access')?.toLowerCase()
  const priority = integer(prop(rule, 'priority'))
  if (
    (direction !== 'inbound' && direction !== 'outbound') ||
    (access !== 'allow' && access !== 'deny') ||
    priority === undefined
  )
    return { rule: null, fault: 'a rule does not say its direction, its priority, or whether it allows' }
  const isDefault = priority >= 65000
  const source = endIn(rule, 'source', isDefault)
  const destination = endIn(rule, 'destination', isDefault)
  const { traffic, doubt } = trafficOfRule(rule)
  return {
    rule: {
      direction: direction === 'outbound' ? 'egress' : 'ingress',
      action: access,
      priority,
      own: direction === 'outbound' ? source : destination,
      peers: direction === 'outbound' ? destination : source,
      traffic,
      doubt,
      at,
    },
    fault: null,
  }
}

/**
 * In rules of the platform `0.0.0.0/0` is everybody. Source: “Azure network security groups overview”, Default security rules.
 */
const endIn = (rule: Json, side: 'source' | 'destination', isDefault: boolean): End => {
  const written = wordsUnder(rule, `${side}AddressPrefix`, `${side}AddressPrefixes`)
  const named = wordsUnder(rule, `${side}ApplicationSecurityGroups`)
  const ranges: AnyCidr[] = []
  const tags: string[] = []
  const faults: string[] = []
  for (const one of written) {
    if (typeof one !== 'string') {
      faults.push('whom a rule is about cannot be read: it is no text')
      continue
    }
    if (one === '*' || one.toLowerCase() === 'any' || (isDefault && one === '0.0.0.0/0')) return null
    if (/^[a-z][a-z0-9._]*$/i.test(one) && !one.includes(':')) {
      tags.push(one)
      continue
    }
    const read = readBlock(one)
    if (read.kind === 'read') ranges.push(read.value)
    else faults.push(`whom a rule is about cannot be read: ${read.why}`)
  }
  const ids = named.map(one => readResourceId(word(one, 'id') ?? ''))
  if (ids.includes(null)) faults.push('a rule names an application security group without an id')
  if (written.length + named.length === 0) faults.push('a rule does not say whom it is about')
  return { ranges, tags, applications: ids.flatMap(id => (id === null ? [] : [modelId(id)])), faults }
}

const tagged = (tag: string): End => ({ ranges: [], tags: [tag], applications: [], faults: [] })

const platformRule = (
  direction: Direction,
  priority: number,
  action: GroupRule['action'],
  own: End,
  peers: End,
): GroupRule => ({ direction, action, priority, own, peers, traffic: trafficOfRule(null).traffic, doubt: null, at: [] })

/** Nobody can take them away. Source: as above, Default security rules. */
const DEFAULTS: readonly GroupRule[] = [
  platformRule('ingress', 65000, 'allow', tagged('VirtualNetwork'), tagged('VirtualNetwork')),
  platformRule('ingress', 65001, 'allow', null, tagged('AzureLoadBalancer')),
  platformRule('ingress', 65500, 'deny', null, null),
  platformRule('egress', 65000, 'allow', tagged('VirtualNetwork'), tagged('VirtualNetwork')),
  platformRule('egress', 65001, 'allow', null, tagged('Internet')),
  platformRule('egress', 65500, 'deny', null, null),
]

/** Which of two rules of one priority comes first is not told. */
const repeatedIn = (rules: readonly GroupRule[]): readonly string[] =>
  rules.flatMap((rule, i) =>
    rules.findIndex(other => isSame(rule, other)) < i
      ? [`two rules of one direction have the priority ${rule.priority}`]
      : [],
  )
