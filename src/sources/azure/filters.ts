import type { Filter, FilterPeers, FilterRule } from '../../model/fabric.ts'
import type { Direction } from '../../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { portRange } from '../../sets/port-set.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { doubtOf } from '../aws/filter-rule.ts'
import { HOST, INTERNET, LICENSING, METADATA, PLATFORM } from './blocks.ts'
import type { Extent } from './extents.ts'
import type { End, Group, GroupRule } from './security-rules.ts'
import { type ServiceTags, TAGS_READ } from './service-tags.ts'

export interface FilterContext {
  readonly serviceTags: ServiceTags
  /** Addresses of the interfaces that name an application security group; null: none that was read does. */
  readonly applications: (id: string) => Members | null
  /** Where networks have room for interfaces that were not read. */
  readonly room: Addresses
}

export interface Members {
  readonly addresses: Addresses
  /** Some of its interfaces have addresses that are not told. */
  readonly isOpen: boolean
}

/** A group as it stands for what is in one subnet: by priority, the first that matches decides, and every group has to let a packet pass. */
export const filterOf = (group: Group, id: string, extent: Extent, context: FilterContext): Filter => ({
  id,
  name: group.name,
  account: group.account,
  region: group.region,
  origin: group.origin,
  at: group.at,
  stateful: true,
  reads: 'ordered',
  joins: 'each',
  egress: [
    ...group.rules.flatMap(rule =>
      ownPartsOf(rule.own, extent, context).flatMap(own => platformRules(rule).map(one => ({ ...one, own }))),
    ),
    ruleFor('allow', { kind: 'addresses', addresses: PLATFORM }, null, traffics.full, group.at),
    ...rulesOf(group, 'egress', extent, context),
  ],
  ingress: rulesOf(group, 'ingress', extent, context),
  doubts: group.doubts.map(doubtOf),
})

const rulesOf = (group: Group, direction: Direction, extent: Extent, context: FilterContext): readonly FilterRule[] =>
  group.rules
    .filter(rule => rule.direction === direction)
    .flatMap(rule => {
      const { action, traffic, doubt } = rule
      const at = rule.at.length > 0 ? rule.at : group.at
      const peers =
        doubt === null
          ? partsOf(rule.peers, extent, context)
          : [unknownPeers(`what a rule covers cannot be told: ${doubt}`)]
      const own = ownPartsOf(rule.own, extent, context)
      return own.flatMap(end => peers.map(one => ruleFor(action, one, end, traffic, at)))
    })

const ruleFor = (
  action: FilterRule['action'],
  peers: FilterPeers,
  own: FilterPeers | null,
  traffic: Traffic,
  at: FilterRule['at'],
): FilterRule => ({ action, tier: 0, peers, own, traffic, at })

/** What holds for all of its own network is no matter of who sends. */
const ownPartsOf = (end: End, extent: Extent, context: FilterContext): readonly (FilterPeers | null)[] => {
  const parts = end === null ? [null] : partsOf(end, extent, context)
  const isEveryone = parts.some(
    one =>
      one === null ||
      (one.kind === 'addresses' &&
        !bothFamilies.isEmpty(extent.own) &&
        bothFamilies.isSubset(extent.own, one.addresses)),
  )
  return isEveryone ? [null] : parts
}

const partsOf = (end: End, extent: Extent, context: FilterContext): readonly FilterPeers[] => {
  if (end === null) return [{ kind: 'addresses', addresses: bothFamilies.full }]
  const own = addressesOfCidrs(end.ranges)
  return [
    ...(end.ranges.length > 0 ? [{ kind: 'addresses', addresses: own } as const] : []),
    ...end.tags.flatMap(tag => tagParts(tag, extent, context)),
    ...end.applications.flatMap(id => applicationParts(id, extent, context)),
    ...end.faults.map(unknownPeers),
  ]
}

const tagParts = (tag: string, extent: Extent, { serviceTags }: FilterContext): readonly FilterPeers[] => {
  switch (tag.toLowerCase()) {
    case 'virtualnetwork':
    case 'virtual_network':
      return [
        { kind: 'addresses', addresses: extent.network },
        ...(extent.isOpen === null
          ? []
          : [{ kind: 'perhaps', addresses: bothFamilies.complement(extent.network), ...extent.isOpen } as const]),
      ]
    case 'internet':
      return [{ kind: 'addresses', addresses: extent.internet }]
    case 'azureloadbalancer':
    case 'azure_loadbalancer':
      return [{ kind: 'addresses', addresses: addressesOfCidrs(HOST) }]
    // Rules about these stand before all others.
    case 'azureplatformdns':
    case 'azureplatformimds':
      return [{ kind: 'addresses', addresses: bothFamilies.empty }]
    case 'azureplatformlkm':
      return [{ kind: 'addresses', addresses: addressesOfCidrs(LICENSING) }]
    default: {
      const known = serviceTags.get(tag)
      if (known !== null) return [{ kind: 'addresses', addresses: addressesOfCidrs(known) }]
      const why = `which addresses \`${tag}\` stands for was not read`
      return [{ kind: 'perhaps', addresses: INTERNET, why, settledBy: TAGS_READ }]
    }
  }
}

/**
 * The interfaces that name it, and perhaps others of the network that were not read: all of one application security group are in one
 * network, where whoever names it in a rule is, too. Source: “Application security groups”.
 */
const applicationParts = (
  id: string,
  { own }: Extent,
  { applications, room }: FilterContext,
): readonly FilterPeers[] => {
  const members = applications(id)
  const unseen = bothFamilies.intersect(own, room)
  return [
    ...(members === null ? [] : [{ kind: 'addresses', addresses: members.addresses } as const]),
    ...(members?.isOpen === true
      ? [{ ...unknownPeers(`an interface in \`${id}\` does not tell its address`), settledBy: NICS_READ }]
      : []),
    bothFamilies.isEmpty(own)
      ? { ...unknownPeers(`which interfaces are in \`${id}\` was not read`), settledBy: NICS_READ }
      : {
          kind: 'perhaps',
          addresses: unseen,
          why: `whether an interface that was not read is in \`${id}\` cannot be told`,
          settledBy: NICS_READ,
        },
  ]
}

const NICS_READ = 'the output of `az network nic list`, and of `az vmss nic list` for each scale set'

const unknownPeers = (why: string): Extract<FilterPeers, { kind: 'unknown' }> => ({
  kind: 'unknown',
  why,
  settledBy: 'a value that the API gives',
})

const onPort = (port: number, protocols: readonly (typeof TCP | typeof UDP)[]): Traffic => {
  const ports = portRange(port)
  return ports.kind === 'refused'
    ? traffics.empty
    : unionOfTraffics(protocols.map(protocol => portTraffic(protocol, ports.value)))
}

/** Source: “Virtual network service tags”, AzurePlatformDNS, AzurePlatformIMDS; “Azure platform considerations”. */
const PLATFORM_TAGS: ReadonlyMap<string, { readonly addresses: Addresses; readonly traffic: Traffic }> = new Map([
  ['azureplatformdns', { addresses: addressesOfCidrs(HOST), traffic: onPort(53, [TCP, UDP]) }],
  ['azureplatformimds', { addresses: addressesOfCidrs(METADATA), traffic: onPort(80, [TCP]) }],
])

/** No other rule is about what the platform answers at itself. */
const platformRules = ({ direction, action, peers, traffic, doubt, at }: GroupRule): readonly FilterRule[] =>
  direction === 'ingress'
    ? []
    : (peers?.tags ?? []).flatMap(tag => {
        const known = PLATFORM_TAGS.get(tag.toLowerCase())
        if (known === undefined) return []
        const about: FilterPeers =
          doubt === null
            ? { kind: 'addresses', addresses: known.addresses }
            : { kind: 'perhaps', addresses: known.addresses, why: doubt, settledBy: 'a value that the API gives' }
        return [ruleFor(action, about, null, traffics.intersect(traffic, known.traffic), at)]
      })

/** What of the platform’s own a group speaks of, so that filters have to decide there. */
export const platformAskedIn = ({ rules }: Group): Addresses =>
  rules
    .flatMap(rule => platformRules(rule))
    .filter(({ action }) => action === 'deny')
    .map(({ peers }) => (peers.kind === 'addresses' || peers.kind === 'perhaps' ? peers.addresses : bothFamilies.empty))
    .reduce(bothFamilies.union, bothFamilies.empty)
