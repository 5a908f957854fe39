import { field, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Direction } from '../../model/rule.ts'
import { cidrPeers, cidrSetPeers } from './blocks.ts'
import { type CiliumContext, isOn } from './context.ts'
import { endpointPeer, nodePeer } from './endpoints.ts'
import { entityPeers, isEntity } from './entities.ts'
import { allNames, nameSelector, namesDoubt } from './names.ts'
import { anywhere, nowhereBecause, perhaps, type Reached, surely, together } from './reached.ts'
import { servicePeer } from './services.ts'

export interface Place {
  readonly direction: Direction
  readonly action: 'allow' | 'deny'
  /** null in a cluster-wide policy. */
  readonly namespace: string | null
  readonly context: CiliumContext
}

/** The field of a rule for a direction: `toEndpoints` or `fromEndpoints`. */
export const memberName = (direction: Direction, member: string): string =>
  `${direction === 'egress' ? 'to' : 'from'}${member}`

/** Members that say which other ends are meant. An empty list of one of the first five means none; of the others, nothing. */
const EMPTY_IS_NONE = ['Endpoints', 'Nodes', 'Entities', 'CIDR', 'CIDRSet']
const OUTWARD_ONLY = ['Services', 'FQDNs']
export const L3_MEMBERS = [...EMPTY_IS_NONE, 'Groups', ...OUTWARD_ONLY]

/** The members that this rule can have: what its type does not know is cut off by the API server. */
export const membersOf = ({ direction, action }: Pick<Place, 'direction' | 'action'>): readonly string[] =>
  L3_MEMBERS.filter(
    member => !(direction === 'ingress' && OUTWARD_ONLY.includes(member)) && !(action === 'deny' && member === 'FQDNs'),
  ).map(member => memberName(direction, member))

/** null: the rule has no member that limits the other end. */
export const lowerPeers = (rule: JsonObject, at: DocumentPath, place: Place): Reached | null => {
  const empty = EMPTY_IS_NONE.map(member => memberName(place.direction, member)).find(
    name => Array.isArray(field(rule, name)) && list(field(rule, name)).length === 0,
  )
  // Since 1.15 a list that is there and empty chooses nothing, whatever else the rule has.
  if (empty !== undefined) return nowhereBecause([...at, empty], `\`${empty}\` is empty: the rule matches nothing`)
  const present = membersOf(place).filter(name => list(field(rule, name)).length > 0)
  if (present.length === 0) return null
  return together(present.map(name => memberPeers(name, list(field(rule, name)), [...at, name], place)))
}

const memberPeers = (name: string, items: readonly Json[], at: DocumentPath, place: Place): Reached => {
  const { context } = place
  const each = (lower: (item: Json, at: DocumentPath) => Reached): Reached =>
    together(items.map((item, i) => lower(item, [...at, i])))
  switch (name.replace(/^(to|from)/, '')) {
    case 'Endpoints':
      return each((item, here) => endpointPeer(item, here, place.namespace, context))
    case 'Nodes':
      return each(item => nodePeer(item, context))
    case 'Entities':
      return each((item, here) => {
        const entity = text(item) ?? ''
        return isEntity(entity) ? entityPeers(entity, here, context) : nowhereBecause(here, 'is no entity')
      })
    case 'CIDR':
      return cidrPeers(items, at)
    case 'CIDRSet':
      return cidrSetPeers(items, at, context)
    case 'FQDNs':
      return fqdnPeers(items, at, context)
    case 'Services':
      // The agent resolves Services in allow rules only.
      return place.action === 'deny'
        ? nowhereBecause(at, 'Services are not resolved in deny rules: it matches nothing')
        : each((item, here) => servicePeer(item, here, context))
    default:
      return anywhere({
        level: 'unknown',
        why: 'which addresses a group of the cloud has is asked from the cloud by the operator',
        settledBy: 'the policy or CiliumCIDRGroup that the operator derives from it',
      })
  }
}

/**
 * Addresses that the proxy saw these names resolve to. Without the proxy none is ever learned. Whether the same pods have a
 * DNS rule that sends their questions through it is the whole policy's to say, not this rule's.
 * Source: docs.cilium.io, "DNS based"; pkg/policy/api, type FQDNSelector.
 */
const fqdnPeers = (items: readonly Json[], at: DocumentPath, context: CiliumContext): Reached => {
  if (isOn(context, 'enable-l7-proxy', true) === 'no')
    return nowhereBecause(at, 'the proxy is off (enable-l7-proxy): no name is learned, it matches nothing')
  const names = allNames(items.map(item => nameSelector(item, context)))
  const sure = surely(...(names.sure.length === 0 ? [] : [{ kind: 'names', patterns: names.sure } as const]))
  return names.maybe.length === 0
    ? sure
    : together([sure, perhaps([{ kind: 'names', patterns: [...names.sure, ...names.maybe] }], namesDoubt(names))])
}
