import type { Json, JsonObject } from '../../../model/json.ts'
import { pathText } from '../../../model/provenance.ts'
import type { Direction, Peer, ProxyLimit, Rule, RulePolicy, RuleTraffic, Selector } from '../../../model/rule.ts'
import { printAddresses } from '../../../sets/address-text.ts'
import { printNamePattern } from '../../../sets/name-pattern.ts'
import { printProtocol } from '../../../sets/protocol.ts'
import { type Traffic, traffics } from '../../../sets/traffic.ts'
import { trafficElements } from '../../../sets/traffic-text.ts'
import { identify } from '../../kubernetes/object.ts'
import type { CiliumContext } from '../context.ts'
import { lowerCiliumRules } from '../lower-rules.ts'

/** Policies in short text, so that a test says what it expects in a line. For tests only. */

/** A cluster of 1.18 with default settings, outside any mesh, of which everything was read. */
export const CONTEXT: CiliumContext = {
  clusterName: 'one',
  settings: new Map([['cluster-name', 'one']]),
  version: [1, 18],
  cidrGroups: new Map(),
  services: [],
  complete: true,
}

export const settings = (values: Readonly<Record<string, string>>): Partial<CiliumContext> => ({
  settings: new Map(Object.entries(values)),
})

interface Document {
  readonly kind?: string
  readonly spec?: Json
  readonly specs?: Json
  readonly status?: Json
}

/** In namespace `ns`, which a cluster-wide policy does not have. */
export const lower = (
  document: Document,
  context: Partial<CiliumContext> = {},
): ReturnType<typeof lowerCiliumRules> => {
  const kind = document.kind ?? 'CiliumNetworkPolicy'
  const body: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind,
    metadata: { name: 'p', namespace: 'ns' },
    ...(document as JsonObject),
  }
  const origin = { file: 'x', source: 0, start: 0, end: 1, line: 1, format: 'json', item: null } as const
  const found = identify('c', body, origin, kind !== 'CiliumNetworkPolicy')
  if (found.kind === 'refused') throw new Error(found.why)
  return lowerCiliumRules(found.object, { ...CONTEXT, ...context })
}

export const only = (document: Document, context: Partial<CiliumContext> = {}): RulePolicy => {
  const [policy, ...more] = lower(document, context).policies
  if (policy === undefined || more.length > 0) throw new Error('not one policy')
  return policy
}

/** The rules of a section as lines. */
export const lines = (policy: RulePolicy, direction: Direction = 'egress'): readonly string[] =>
  policy[direction].rules.map(ruleText)

const ruleText = ({ action, peers, traffic, limit, doubt }: Rule): string =>
  [
    `${action} [${peers.map(peerText).join(', ')}] ${trafficText(traffic)}`,
    ...(limit === null ? [] : [limitText(limit)]),
    ...(doubt === null ? [] : [`? ${doubt.level}`]),
  ].join(' ')

export const placesOf = (policy: RulePolicy, direction: Direction = 'egress'): readonly string[] =>
  policy[direction].rules.map(({ at }) => pathText(at))

const peerText = (peer: Peer): string => {
  switch (peer.kind) {
    case 'block':
    case 'outside':
      return `${peer.kind} ${printAddresses(peer.addresses).join(' ') || 'none'}`
    case 'pods':
      return `pods ${selectorText(peer.selector)}`
    case 'nodes':
      return `${peer.which} node ${selectorText(peer.selector)}`
    case 'names':
      return `names ${peer.patterns.map(printNamePattern).join(' ')}`
    default:
      return peer.kind
  }
}

/** `*` everything, `-` nothing, `?` not known. */
export const selectorText = (selector: Selector): string => {
  switch (selector.kind) {
    case 'all':
      return selector.of.map(selectorText).join(' & ') || '*'
    case 'any':
      return selector.of.length === 0 ? '-' : `(${selector.of.map(selectorText).join(' | ')})`
    case 'not':
      return `!(${selectorText(selector.of)})`
    case 'namespace':
      return `ns=${selector.name}`
    case 'unknown':
      return '?'
    case 'label': {
      const { key, operator, values } = selector.requirement
      const name = key === '' ? selector.of : `${selector.of}:${key}`
      if (operator === 'Exists' || operator === 'DoesNotExist') return operator === 'Exists' ? name : `!${name}`
      return `${name}${operator === 'In' ? '=' : '!='}${values.join('|')}`
    }
  }
}

const trafficText = ({ exact, named, maybe }: RuleTraffic): string =>
  [
    setText(exact),
    ...named.map(({ name, protocol }) => `${printProtocol(protocol)}/${name}`),
    ...(traffics.isEmpty(maybe) ? [] : [`perhaps ${setText(maybe)}`]),
  ]
    .filter(text => text !== '')
    .join(' ') || 'no traffic'

const setText = (set: Traffic): string =>
  traffics.equals(set, traffics.full)
    ? 'all'
    : trafficElements(set)
        .map(element =>
          'ports' in element
            ? `${element.protocol}/${element.ports}`
            : 'types' in element
              ? `${element.protocol}/${element.types}`
              : element.protocol,
        )
        .join(' ')

const limitText = (limit: ProxyLimit): string =>
  'patterns' in limit
    ? `${limit.kind}(${limit.patterns.map(printNamePattern).join(' ')})`
    : `${limit.kind}(${limit.says})`
