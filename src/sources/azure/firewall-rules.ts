import type { FilterPeers, FilterRule } from '../../model/fabric.ts'
import { integer, type Json, list } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { readRanges } from '../../sets/address-text.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { ICMP, TCP, UDP } from '../../sets/protocol.ts'
import { portTraffic, protocolTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { INTERNET } from './blocks.ts'
import type { Collected } from './collect.ts'
import { idOf, itemsIn, prop, readBlock, word, wordsUnder } from './property.ts'
import { type ServiceTags, TAGS_READ } from './service-tags.ts'
import { portsOf } from './traffic.ts'

export interface FirewallContext {
  readonly collected: Collected
  readonly serviceTags: ServiceTags
}

/** Rules that have one action and one place in the order. */
export interface Collection {
  readonly body: Json
  readonly at: DocumentPath
  /** null: each rule tells of which kind it is. */
  readonly tier: number | null
  /** Places of what stands around it: of the policy, of the group. */
  readonly order: readonly number[]
}

/**
 * Rules for addresses before rules for names, and of each kind by priority; what none matches is denied.
 * Source: Azure Firewall, “Azure Firewall rule processing logic”.
 */
export const rulesOfCollections = (
  collections: readonly Collection[],
  context: FirewallContext,
): readonly FilterRule[] =>
  collections
    .map(one => ({ ...one, order: [...one.order, integer(prop(one.body, 'priority')) ?? 0] }))
    .toSorted((a, b) => compareOrders(a.order, b.order))
    .flatMap(({ body, at, tier }) => {
      const action = word(prop(body, 'action'), 'type')?.toLowerCase()
      if (action !== 'allow' && action !== 'deny') return []
      return itemsIn(body, 'rules').flatMap(rule => {
        const its = tier ?? (isOfNames(rule.body) ? 1 : 0)
        const made = its === 1 ? nameRule(rule.body, context) : addressRule(rule.body, context)
        return made.map((one): FilterRule => ({ ...one, action, tier: its, at: [...at, ...rule.at] }))
      })
    })
    .toSorted((a, b) => a.tier - b.tier)

const compareOrders = (a: readonly number[], b: readonly number[]): number => {
  for (const [i, one] of a.entries()) if (one !== b[i]) return one - (b[i] ?? 0)
  return 0
}

const isOfNames = (rule: Json): boolean =>
  word(rule, 'ruleType')?.toLowerCase() === 'applicationrule' ||
  ['targetFqdns', 'fqdnTags', 'targetUrls', 'webCategories'].some(key => wordsUnder(rule, key).length > 0)

type Made = Pick<FilterRule, 'own' | 'peers' | 'traffic'>

const addressRule = (rule: Json, context: FirewallContext): readonly Made[] => {
  const protocols = wordsUnder(rule, 'ipProtocols', 'protocols').map(one => String(one).toLowerCase())
  const { ports, fault } = portsOf(wordsUnder(rule, 'destinationPorts'))
  const traffic = unionOfTraffics(
    protocols.map(protocol => {
      switch (protocol) {
        case 'tcp':
          return ports === null ? protocolTraffic(TCP) : portTraffic(TCP, ports)
        case 'udp':
          return ports === null ? protocolTraffic(UDP) : portTraffic(UDP, ports)
        case 'icmp':
          return protocolTraffic(ICMP)
        default:
          return ports === null ? traffics.full : unionOfTraffics([portTraffic(TCP, ports), portTraffic(UDP, ports)])
      }
    }),
  )
  const names = wordsUnder(rule, 'destinationFqdns').map(String)
  const peers: readonly FilterPeers[] = [
    ...(partsOf(rule, 'destination', context) ?? [EVERYBODY]),
    ...(names.length > 0 ? [{ kind: 'names', patterns: names } as const] : []),
  ]
  return joined(
    rule,
    fault === null ? peers : [unknownPeers(`the ports of a rule cannot be read: ${fault}`)],
    fault === null ? traffic : traffics.full,
    context,
  )
}

/** Only HTTP, HTTPS and the protocol of SQL Server, on ports that the rule names. */
const nameRule = (rule: Json, context: FirewallContext): readonly Made[] => {
  const { ports } = portsOf(list(prop(rule, 'protocols')).flatMap(one => prop(one, 'port') ?? []))
  const patterns = wordsUnder(rule, 'targetFqdns').map(String)
  const others = ['fqdnTags', 'targetUrls', 'webCategories'].filter(key => wordsUnder(rule, key).length > 0)
  const peers: readonly FilterPeers[] = [
    ...(patterns.includes('*') ? [EVERYBODY] : patterns.length > 0 ? [{ kind: 'names', patterns } as const] : []),
    ...others.map(key => unknownPeers(`what \`${key}\` of a rule stand for is not known`)),
  ]
  return joined(rule, peers, ports === null ? protocolTraffic(TCP) : portTraffic(TCP, ports), context)
}

const joined = (
  rule: Json,
  peers: readonly FilterPeers[],
  traffic: Traffic,
  context: FirewallContext,
): readonly Made[] =>
  (partsOf(rule, 'source', context) ?? [null]).flatMap(own => peers.map(one => ({ own, peers: one, traffic })))

const EVERYBODY: FilterPeers = { kind: 'addresses', addresses: bothFamilies.full }

const unknownPeers = (why: string): Extract<FilterPeers, { kind: 'unknown' }> => ({
  kind: 'unknown',
  why,
  settledBy: 'a value that the API gives, or a log of the firewall',
})

/** null: whoever. */
const partsOf = (
  rule: Json,
  side: 'source' | 'destination',
  { collected, serviceTags }: FirewallContext,
): readonly FilterPeers[] | null => {
  const parts: FilterPeers[] = []
  let known: Addresses = bothFamilies.empty
  const take = (written: Json): void => {
    const read = typeof written === 'string' ? readPlace(written) : null
    if (read !== null) known = bothFamilies.union(known, read)
    else if (typeof written === 'string' && /^[a-z][a-z0-9._]*$/i.test(written)) {
      const blocks = serviceTags.get(written)
      if (blocks !== null) known = bothFamilies.union(known, addressesOfCidrs(blocks))
      else
        parts.push({
          kind: 'perhaps',
          addresses: INTERNET,
          why: `which addresses \`${written}\` stands for was not read`,
          settledBy: TAGS_READ,
        })
    } else parts.push(unknownPeers('whom a rule is about cannot be read'))
  }
  const written = wordsUnder(rule, `${side}Addresses`)
  if (written.includes('*')) return null
  for (const one of written) take(one)
  for (const reference of wordsUnder(rule, `${side}IpGroups`)) {
    const id = idOf(reference)
    const group = id === null ? undefined : collected.get(id)
    if (group === undefined) parts.push(unknownPeers(`the group of addresses \`${id ?? ''}\` was not read`))
    else for (const one of wordsUnder(group.body, 'ipAddresses')) take(one)
  }
  return [...(bothFamilies.isEmpty(known) ? [] : [{ kind: 'addresses', addresses: known } as const]), ...parts]
}

/** An address, a block, or the first and the last of a range. */
const readPlace = (written: string): Addresses | null => {
  if (written.includes('-')) {
    const read = readRanges([written])
    return read.kind === 'read' ? read.value : null
  }
  const read = readBlock(written)
  return read.kind === 'read' ? addressesOfCidrs([read.value]) : null
}
