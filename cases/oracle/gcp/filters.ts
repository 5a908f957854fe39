import type { NetPacket } from '../fabric/types.ts'
import { type Address, readBlock } from '../ip.ts'
import { at, integer, isObject, list, text } from '../json.ts'
import { every, some, tri } from '../three.ts'
import { ICMP, ICMPV6, type Json, SCTP, TCP, type Tri, UDP } from '../types.ts'
import { blocksOf, byLink, type Documents, isIn, ofKind, pathOf, regionOf, textsOf } from './documents.ts'
import type { Broken } from './types.ts'

/** One end of a packet, as rules see it. null: nobody knows. */
export interface EndOf {
  readonly network: string
  /** null: any address of `ranges`. */
  readonly address: Address | null
  readonly isAlias: boolean
  readonly tags: readonly string[] | null
  readonly accounts: readonly string[] | null
}

export interface Asked {
  readonly network: string
  readonly region: string
  readonly direction: 'INGRESS' | 'EGRESS'
  readonly packet: NetPacket
  /** Addresses that the source may have, each of its own. */
  readonly from: Address
  readonly to: Address
  /** Whose rules these are. */
  readonly own: { readonly tags: readonly string[] | null; readonly accounts: readonly string[] | null }
  /** Of packets that come in: who sends; null: nobody of a network that was read. */
  readonly sender: EndOf | null
  readonly broken: Broken
}

type Word = 'allow' | 'deny' | 'next'

/**
 * Policies of the organisation, of folders, then rules of the network and policies of it in the order that the network has, then
 * what is implied. Source: Cloud NGFW documentation, "Firewall policy rule evaluation order"; "VPC firewall rules", implied rules.
 */
export const firewallPasses = (documents: Documents, asked: Asked): Tri => {
  const { network, direction, broken } = asked
  const isOut = direction === 'EGRESS'
  const body = byLink(documents, 'compute#network', network)
  const told = toldOf(documents, asked)
  if (told === null) return 'unknown'
  const policies = (type: string): readonly Stage[] =>
    told.policies
      .filter(one => typeOf(one) === type)
      .map(one => list(at(one, 'rules')).toSorted((a, b) => priorityOf(a) - priorityOf(b)))
      .map(rules => () => saidBy(rules, rule => [actionOf(rule, broken), policyRuleMatches(rule, asked)], asked))
  const classic: Stage = () =>
    saidBy(
      told.firewalls.toSorted(
        (a, b) =>
          (broken.has('priority of rules') ? 0 : priorityOf(a) - priorityOf(b)) ||
          (broken.has('denial before permission') ? 0 : Number(isDenying(b)) - Number(isDenying(a))),
      ),
      rule => [isDenying(rule) ? 'deny' : 'allow', classicMatches(rule, asked)],
      asked,
    )
  const own = broken.has('regional policies after global ones')
    ? [...policies('NETWORK_REGIONAL'), ...policies('NETWORK')]
    : [...policies('NETWORK'), ...policies('NETWORK_REGIONAL')]
  const order = at(body, 'networkFirewallPolicyEnforcementOrder')
  const isBefore = (order === 'BEFORE_CLASSIC_FIREWALL') !== broken.has('the order of classic rules and policies')
  const orders =
    body === undefined
      ? [
          [...own, classic],
          [classic, ...own],
        ]
      : [isBefore ? [...own, classic] : [classic, ...own]]
  const above = policies('HIERARCHY')
  const implied: Word = isOut
    ? broken.has('implied permission to leave')
      ? 'deny'
      : 'allow'
    : broken.has('implied denial to enter')
      ? 'allow'
      : 'deny'
  const all = orders.map(stages =>
    broken.has('hierarchy before the network') ? [...stages, ...above] : [...above, ...stages],
  )
  return fromWords(new Set(all.flatMap(stages => [...decided(stages, implied)])))
}

type Stage = () => ReadonlySet<Word>

const decided = ([stage, ...rest]: readonly Stage[], implied: Word): ReadonlySet<Word> => {
  if (stage === undefined) return new Set([implied])
  const words = stage()
  return words.has('next') ? new Set([...words, ...decided(rest, implied)].filter(one => one !== 'next')) : words
}

const fromWords = (words: ReadonlySet<Word>): Tri => (words.size === 1 ? tri(words.has('allow')) : 'unknown')

/** What rules in their order may say. */
const saidBy = (
  rules: readonly Json[],
  read: (rule: Json) => readonly [Word, Tri],
  { direction, broken }: Asked,
): ReadonlySet<Word> => {
  const words = new Set<Word>()
  for (const rule of rules) {
    if (at(rule, 'direction') !== direction) continue
    if (at(rule, 'disabled') === true && !broken.has('disabled rules')) continue
    const [word, matches] = read(rule)
    if (matches === 'no') continue
    words.add(word)
    if (matches === 'yes') return words
  }
  return words.add('next')
}

const priorityOf = (rule: Json): number => integer(at(rule, 'priority')) ?? 1000
const typeOf = (policy: Json): string => text(at(policy, 'type')) ?? ''
const isDenying = (rule: Json): boolean => at(rule, 'denied') !== undefined
const actionOf = (rule: Json, broken: Broken): Word => {
  const action = at(rule, 'action')
  if (action === 'goto_next') return broken.has('goto_next') ? 'allow' : 'next'
  return action === 'deny' ? 'deny' : 'allow'
}

interface Told {
  readonly firewalls: readonly Json[]
  readonly policies: readonly Json[]
}

/**
 * What applies to a network: as the platform computes it, or, where nobody stands above the project, its own documents. null: nobody
 * can tell. Source: gcloud compute networks get-effective-firewalls; gcloud projects describe, parent.
 */
const toldOf = (documents: Documents, { network, region, broken }: Asked): Told | null => {
  const wrapped = documents.filter(
    one => at(one, 'effectiveFirewalls') !== undefined && pathOf(at(one, 'network')) === network,
  )
  const regional = wrapped.find(one => at(one, 'region') === region)
  const global = wrapped.find(one => at(one, 'region') === undefined) ?? wrapped[0]
  const body = at(regional ?? global, 'effectiveFirewalls')
  if (body !== undefined)
    return {
      firewalls: list(at(body, 'firewalls')),
      policies: list(at(body, 'firewallPolicys')).filter(
        one => regional !== undefined || typeOf(one) !== 'NETWORK_REGIONAL',
      ),
    }
  const project = network.split('/')[1]
  const isAlone = documents.some(
    one =>
      at(one, 'projectId') === project && at(one, 'projectNumber') !== undefined && at(one, 'parent') === undefined,
  )
  if (!isAlone && !broken.has('organisation may say more')) return null
  const isOwn = (one: Json): boolean =>
    list(at(one, 'associations')).some(of => pathOf(at(of, 'attachmentTarget')) === network)
  return {
    firewalls: ofKind(documents, 'compute#firewall').filter(one => pathOf(at(one, 'network')) === network),
    policies: ofKind(documents, 'compute#firewallPolicy')
      .filter(isOwn)
      .flatMap((one): readonly Json[] => {
        const place = regionOf(pathOf(at(one, 'selfLink')))
        if (place !== '' && place !== region) return []
        return [{ ...(isObject(one) ? one : {}), type: place === '' ? 'NETWORK' : 'NETWORK_REGIONAL' }]
      }),
  }
}

/** Source: Cloud NGFW documentation, "VPC firewall rules", Sources, Targets and Destinations. */
const classicMatches = (rule: Json, asked: Asked): Tri => {
  const { packet, own, from, to, broken, direction } = asked
  const entries = [...list(at(rule, 'allowed')), ...list(at(rule, 'denied'))]
  const target = every([
    broken.has('rules for some tags') ? 'yes' : isNamed(at(rule, 'targetTags'), own.tags, broken),
    broken.has('rules for some accounts') ? 'yes' : isNamed(at(rule, 'targetServiceAccounts'), own.accounts, broken),
  ])
  const traffic = some(entries.map(one => isTraffic(at(one, 'IPProtocol'), at(one, 'ports'), packet, broken)))
  if (direction === 'EGRESS')
    return every([
      target,
      traffic,
      inRanges(rule, 'destinationRanges', to, asked),
      inRanges(rule, 'sourceRanges', from, asked),
    ])
  const names = [
    at(rule, 'sourceTags') === undefined || broken.has('sources by tag') ? 'no' : isSource(rule, 'sourceTags', asked),
    at(rule, 'sourceServiceAccounts') === undefined || broken.has('sources by account')
      ? 'no'
      : isSource(rule, 'sourceServiceAccounts', asked),
  ] as const
  const hasNames = at(rule, 'sourceTags') !== undefined || at(rule, 'sourceServiceAccounts') !== undefined
  const hasRanges = at(rule, 'sourceRanges') !== undefined
  const ranges = inRanges(rule, 'sourceRanges', from, asked)
  const joined = broken.has('ranges and tags are alternatives') ? every : some
  const source = hasNames ? joined([...(hasRanges ? [ranges] : []), some(names)]) : ranges
  return every([target, traffic, source, inRanges(rule, 'destinationRanges', to, asked)])
}

/** Without ranges: everybody. */
const inRanges = (rule: Json, key: string, address: Address, { direction, broken }: Asked): Tri => {
  const value = at(rule, key)
  const isPeer = (key === 'destinationRanges') === (direction === 'EGRESS')
  if (value === undefined || (!isPeer && broken.has('both ends of a rule'))) return 'yes'
  const isAny = textsOf(value).some(one => readBlock(one)?.length === 0) && broken.has('families apart')
  return tri(isAny || isIn(address, blocksOf(list(value))))
}

const isNamed = (names: Json | undefined, held: readonly string[] | null, broken: Broken): Tri => {
  if (names === undefined) return 'yes'
  if (held === null) return broken.has('a machine that was not read may have any tag') ? 'no' : 'unknown'
  return tri(textsOf(names).some(one => held.includes(one)))
}

/**
 * Machines of the network itself, by the first address of their interface or by IPv6. Source: Cloud NGFW documentation, "VPC
 * firewall rules", Source network tags: alias ranges are none.
 */
const isSource = (rule: Json, key: 'sourceTags' | 'sourceServiceAccounts', { sender, network, broken }: Asked): Tri => {
  if (sender === null) return 'no'
  if (sender.network !== network && !broken.has('tags are of one network')) return 'no'
  if (sender.isAlias && !broken.has('a tag stands for no alias address')) return 'no'
  return isNamed(at(rule, key), key === 'sourceTags' ? sender.tags : sender.accounts, broken)
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', ICMP],
  ['tcp', TCP],
  ['udp', UDP],
  ['sctp', SCTP],
  ['ipip', 94],
  ['esp', 50],
  ['ah', 51],
])

const isTraffic = (named: Json | undefined, ports: Json | undefined, packet: NetPacket, broken: Broken): Tri => {
  const name = text(named) ?? ''
  if (name === 'all') return 'yes'
  const number = PROTOCOLS.get(name) ?? Number(name)
  if (number !== packet.protocol) return 'no'
  if (ports === undefined || packet.protocol === ICMP || packet.protocol === ICMPV6) return 'yes'
  return some(
    textsOf(ports).map(range => {
      const [first = '', last = first] = range.split('-')
      const end = Number(last) - (broken.has('the last port of a range') ? 1 : 0)
      return tri(packet.port !== undefined && packet.port >= Number(first) && packet.port <= end)
    }),
  )
}

/** What stands for addresses that no document has: names, countries, lists, groups, secure tags. */
const OPEN_SOURCES = ['srcFqdns', 'srcRegionCodes', 'srcThreatIntelligences', 'srcAddressGroups', 'srcSecureTags']
const OPEN_TARGETS = ['destFqdns', 'destRegionCodes', 'destThreatIntelligences', 'destAddressGroups']

/** Source: Compute Engine API, firewallPolicies: rules[].match, targetResources, targetServiceAccounts, targetSecureTags. */
const policyRuleMatches = (rule: Json, asked: Asked): Tri => {
  const { packet, own, from, to, network, broken } = asked
  const match = at(rule, 'match')
  const resources = at(rule, 'targetResources')
  const isHere = tri(resources === undefined || list(resources).some(one => pathOf(one) === network))
  const end = (key: string, opens: readonly string[], address: Address): Tri => {
    const isOpen = opens.some(one => at(match, one) !== undefined)
    if (at(match, key) === undefined && !isOpen) return 'yes'
    return some([
      at(match, key) === undefined ? 'no' : inRanges(match as Json, key, address, NEITHER),
      isOpen ? 'unknown' : 'no',
    ])
  }
  return every([
    isHere,
    at(rule, 'targetSecureTags') === undefined ? 'yes' : 'unknown',
    broken.has('rules for some accounts') ? 'yes' : isNamed(at(rule, 'targetServiceAccounts'), own.accounts, broken),
    some(
      list(at(match, 'layer4Configs')).map(one => isTraffic(at(one, 'ipProtocol'), at(one, 'ports'), packet, broken)),
    ),
    end('srcIpRanges', OPEN_SOURCES, from),
    end('destIpRanges', OPEN_TARGETS, to),
  ])
}

const NEITHER = { direction: 'EGRESS', broken: new Set() } as unknown as Asked
