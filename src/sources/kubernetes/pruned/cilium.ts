import { field, isObject, texts } from '../../../model/json.ts'
import {
  type Dropped,
  type Effect,
  hasAny,
  isEmpty,
  keyOf,
  meant,
  parentOf,
  placeOf,
  sentence,
  storedAt,
} from './dropped.ts'

const L3_TO = [
  'toEndpoints',
  'toCIDR',
  'toCIDRSet',
  'toEntities',
  'toFQDNs',
  'toServices',
  'toGroups',
  'toNodes',
  'toRequires',
]
const L3_FROM = ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromGroups', 'fromNodes', 'fromRequires']
const L4 = ['toPorts', 'icmps']

/**
 * Source: Cilium policy language. An empty rule allows nothing and denies nothing; `toPorts` without an L3 member is
 * every peer; deny rules know neither `toFQDNs` nor L7 rules, and their schema prunes both.
 */
export const ciliumPolicyWidens: Effect = dropped => {
  const place = placeOf(dropped).replace(/^specs\[\]/, 'spec')
  const rule = /^spec\.(egress|ingress)(Deny)?\[\](.*)$/.exec(place)
  if (rule === null) return outsideRules(dropped, place)
  const outward = rule[1] === 'egress'
  const inside = rule[3] ?? ''
  if (rule[2] === 'Deny') return inside === '' ? denyWidens(dropped, outward) : null
  return inside === '' ? allowWidens(dropped, outward) : insideAllow(dropped, inside)
}

const outsideRules = (dropped: Dropped, place: string): string | null => {
  const spec = storedAt(dropped, dropped.path[0] === 'specs' ? 2 : 1)
  const key = keyOf(dropped)
  if (place === 'spec.endpointSelector' && hasAny(spec, ['egress', 'ingress'])) {
    const whom = isEmpty(parentOf(dropped)) ? 'every pod in scope' : 'more pods than written'
    return sentence(
      dropped,
      meant(key, ['matchLabels', 'matchExpressions']),
      `the policy lets ${whom} do what its rules allow`,
    )
  }
  if (place !== 'spec') return null
  const name = meant(key, ['egress', 'ingress', 'egressDeny', 'ingressDeny'])
  if (name === null) return null
  if (name.endsWith('Deny')) return sentence(dropped, name, 'the policy denies none of it')
  return hasAny(spec, [name, `${name}Deny`]) ? null : sentence(dropped, name, `${name} of the selected pods stays open`)
}

const allowWidens = (dropped: Dropped, outward: boolean): string | null => {
  const rule = parentOf(dropped)
  const l3 = outward ? L3_TO : L3_FROM
  const name = meant(keyOf(dropped), [...l3, ...L4])
  const ports = hasAny(rule, L4)
  const peers = hasAny(rule, l3)
  if (name !== null && L4.includes(name))
    return peers && !ports ? sentence(dropped, name, 'the rule allows every port') : null
  // Emptied of both, the rule allows nothing: an outage, not an opening.
  if (peers || !ports) return null
  return sentence(dropped, name, `the rule allows every ${outward ? 'destination' : 'source'} on its ports`)
}

const denyWidens = (dropped: Dropped, outward: boolean): string | null => {
  const rule = parentOf(dropped)
  const l3 = outward ? L3_TO : L3_FROM
  if (hasAny(rule, [...l3, ...L4])) return null
  const name = meant(keyOf(dropped), [...l3.filter(member => member !== 'toFQDNs'), ...L4])
  const unsupported = keyOf(dropped) === 'toFQDNs'
  return sentence(dropped, unsupported ? null : name, 'the rule denies nothing')
}

const insideAllow = (dropped: Dropped, inside: string): string | null => {
  const parent = parentOf(dropped)
  const key = keyOf(dropped)
  if (/^\.(toCIDRSet|fromCIDRSet)\[\]$/.test(inside)) {
    return meant(key, ['except']) === null ? null : sentence(dropped, 'except', 'no address of the block is excepted')
  }
  if (/^\.(to|from)Endpoints\[\]$/.test(inside)) {
    const name = meant(key, ['matchLabels', 'matchExpressions'])
    return sentence(
      dropped,
      name,
      isEmpty(parent) ? 'the rule allows every endpoint in scope' : 'the rule allows more endpoints than written',
    )
  }
  if (inside === '.toPorts[]') {
    const name = meant(key, ['ports', 'rules', 'serverNames'])
    if (name === null || !isEmpty(field(parent, name))) return null
    const what = {
      ports: 'every port',
      rules: 'every request on its ports',
      serverNames: 'every server name on its ports',
    }
    return sentence(dropped, name, `the rule allows ${what[name as keyof typeof what]}`)
  }
  if (inside === '.toPorts[].rules' && isEmpty(parent)) {
    return sentence(dropped, meant(key, ['http', 'dns', 'kafka', 'l7']), 'the rule allows every request on its ports')
  }
  if (/^\.toPorts\[\]\.rules\.http\[\]$/.test(inside) && isObject(parent)) {
    return sentence(
      dropped,
      meant(key, ['method', 'path', 'host', 'headers', 'headerMatches']),
      'the rule allows more requests than written',
    )
  }
  if (
    inside === '.toPorts[].ports[]' &&
    meant(key, ['protocol']) !== null &&
    texts([field(parent, 'protocol') ?? null])[0] !== 'TCP'
  ) {
    return sentence(dropped, 'protocol', 'the rule allows every protocol on the port')
  }
  return null
}
