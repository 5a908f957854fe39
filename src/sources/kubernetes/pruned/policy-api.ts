import { at, field, type Json, list, text } from '../../../model/json.ts'
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

const PORTS = ['ports', 'protocols']

/**
 * AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy. Peers and subjects must hold exactly one
 * member, so a misspelt one is refused; what can go missing is ports, selector members and whole directions.
 */
export const policyApiWidens: Effect = dropped => {
  const place = placeOf(dropped)
  const key = keyOf(dropped)
  if (place === 'spec') {
    const name = meant(key, ['egress', 'ingress'])
    if (name === null || !isEmpty(field(parentOf(dropped), name)) || !denies(dropped.wrote)) return null
    return sentence(dropped, name, `the policy denies no ${name}`)
  }
  if (/^spec\.subject(\.|$)/.test(place)) {
    if (!allows(at(dropped.stored, 'spec', 'egress')) && !allows(at(dropped.stored, 'spec', 'ingress'))) return null
    return sentence(dropped, selectorName(dropped), 'the policy lets more pods than written do what its rules allow')
  }
  const rule = /^spec\.(?:egress|ingress)\[\](.*)$/.exec(place)
  if (rule === null || !allows([storedAt(dropped, 3) ?? null])) return null
  const inside = rule[1] ?? ''
  if (inside === '') {
    const name = meant(key, PORTS)
    return name === null || hasAny(parentOf(dropped), PORTS)
      ? null
      : sentence(dropped, name, 'the rule allows every port')
  }
  if (/^\.(to|from)\[\]\./.test(inside))
    return sentence(dropped, selectorName(dropped), 'the rule allows more peers than written')
  return null
}

const selectorName = (dropped: Dropped): string | null =>
  meant(keyOf(dropped), ['matchLabels', 'matchExpressions', 'namespaceSelector', 'podSelector'])

const hasAction = (rules: Json | undefined, names: readonly string[]): boolean =>
  list(rules).some(rule => names.includes(text(field(rule, 'action')) ?? ''))
const allows = (rules: Json | undefined): boolean => hasAction(rules, ['Allow', 'Accept', 'Pass'])
const denies = (rules: Json | undefined): boolean => hasAction(rules, ['Deny'])
