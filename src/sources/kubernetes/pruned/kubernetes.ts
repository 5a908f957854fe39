import { at, field, isObject, type Json, list, texts } from '../../../model/json.ts'
import { type Dropped, type Effect, hasAny, isEmpty, keyOf, meant, parentOf, placeOf, sentence } from './dropped.ts'

const SELECTOR = ['matchLabels', 'matchExpressions']

/** Source: NetworkPolicy v1 API reference; the server's own behaviour as probed on 1.32. */
export const networkPolicyWidens: Effect = dropped => {
  const place = placeOf(dropped)
  const parent = parentOf(dropped)
  switch (place) {
    case 'spec':
      return specWidens(dropped)
    case 'spec.podSelector':
      return subjectSelector(dropped)
    case 'spec.egress[]':
      return ruleWidens(dropped, 'to', 'destination')
    case 'spec.ingress[]':
      return ruleWidens(dropped, 'from', 'source')
    case 'spec.egress[].to[].ipBlock':
    case 'spec.ingress[].from[].ipBlock':
      return sentence(dropped, meant(keyOf(dropped), ['except']), 'no address of the block is excepted')
    case 'spec.egress[].to[]':
    case 'spec.ingress[].from[]':
      return peerWidens(dropped)
    case 'spec.egress[].ports[]':
    case 'spec.ingress[].ports[]':
      return portWidens(dropped, parent)
  }
  const selector = /^spec\.(?:egress\[\]\.to|ingress\[\]\.from)\[\]\.(podSelector|namespaceSelector)$/.exec(place)
  if (selector === null) return null
  const all = selector[1] === 'podSelector' ? 'pod' : 'namespace'
  return sentence(
    dropped,
    meant(keyOf(dropped), SELECTOR),
    isEmpty(parent) ? `the peer is every ${all}` : `the peer is more ${all}s than written`,
  )
}

const specWidens = (dropped: Dropped): string | null => {
  const name = meant(keyOf(dropped), ['podSelector', 'policyTypes', 'egress', 'ingress'])
  const spec = parentOf(dropped)
  const types = texts(field(spec, 'policyTypes'))
  if (name === 'podSelector') return isEmpty(field(spec, 'podSelector')) ? subjectSelector(dropped, name) : null
  if (name === 'policyTypes') {
    const wanted = list(dropped.wrote).includes('Egress')
    return wanted && !types.includes('Egress')
      ? sentence(dropped, name, 'egress of the selected pods stays open')
      : null
  }
  if (name === 'egress')
    return types.includes('Egress') ? null : sentence(dropped, name, 'egress of the selected pods stays open')
  if (name === 'ingress')
    return types.includes('Ingress') ? null : sentence(dropped, name, 'ingress of the selected pods stays open')
  return null
}

const subjectSelector = (dropped: Dropped, name: string | null = meant(keyOf(dropped), SELECTOR)): string | null => {
  const spec = at(dropped.stored, 'spec')
  if (!hasAny(spec, ['egress', 'ingress'])) return null
  const whom = isEmpty(field(spec, 'podSelector')) ? 'every pod of the namespace' : 'more pods than written'
  return sentence(dropped, name, `the policy lets ${whom} do what its rules allow`)
}

/** A rule narrows by peers and by ports: what is missing of the two is everything. */
const ruleWidens = (dropped: Dropped, peers: 'to' | 'from', end: string): string | null => {
  const rule = parentOf(dropped)
  const key = keyOf(dropped)
  const name = meant(key, [peers, 'ports']) ?? (looksLikePorts(key, dropped.wrote) ? 'ports' : null)
  const noPeers = isEmpty(field(rule, peers))
  const noPorts = isEmpty(field(rule, 'ports'))
  if (name === 'ports') return noPorts ? sentence(dropped, name, 'the rule matches every port') : null
  if (name === peers || !noPorts)
    return noPeers ? sentence(dropped, name ?? peers, `the rule matches every ${end}`) : null
  if (noPeers && noPorts) return sentence(dropped, null, `the rule matches every ${end} on every port`)
  return null
}

const looksLikePorts = (key: string, wrote: Json): boolean =>
  /port|protocol/i.test(key) ||
  list(wrote).some(item => typeof item === 'number' || (isObject(item) && hasAny(item, ['port', 'protocol'])))

const peerWidens = (dropped: Dropped): string | null => {
  const name = meant(keyOf(dropped), ['podSelector', 'namespaceSelector', 'ipBlock'])
  const peer = parentOf(dropped)
  if (name !== 'podSelector' || !isEmpty(field(peer, 'podSelector'))) return null
  return hasAny(peer, ['ipBlock']) ? null : sentence(dropped, name, 'the peer is every pod of the namespaces')
}

const portWidens = (dropped: Dropped, parent: Json | undefined): string | null =>
  meant(keyOf(dropped), ['port']) === 'port' && isEmpty(field(parent, 'port'))
    ? sentence(dropped, 'port', 'the rule matches every port of the protocol')
    : null

/** GKE's FQDNNetworkPolicy: `matches` is required, so only ports can go missing. */
export const fqdnPolicyWidens: Effect = dropped => {
  if (placeOf(dropped) === 'spec.podSelector') return subjectSelector(dropped)
  if (placeOf(dropped) !== 'spec.egress[]' || !isEmpty(field(parentOf(dropped), 'ports'))) return null
  if (!looksLikePorts(keyOf(dropped), dropped.wrote)) return null
  return sentence(dropped, 'ports', 'the rule matches every port')
}

export const serviceWidens: Effect = dropped => {
  const ranges = 'loadBalancerSourceRanges'
  if (placeOf(dropped) !== 'spec' || meant(keyOf(dropped), [ranges]) !== ranges) return null
  if (!isEmpty(field(parentOf(dropped), ranges))) return null
  return sentence(dropped, ranges, 'the load balancer answers every address that can reach it')
}
