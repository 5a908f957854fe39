import { field, list, text } from '../../../model/json.ts'
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

const ENDS = ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'serviceAccounts', 'services']
const PORTS = ['ports', 'notPorts']
const RULE = ['protocol', 'notProtocol', 'icmp', 'notICMP', 'ipVersion', 'source', 'destination', 'http']

/**
 * Source: Calico policy reference. Members of a rule all have to match, so a member less is a wider match: more is let
 * out by Allow and Pass, more is stopped by Deny. `domains` is Enterprise and Cloud only; the open-source schema
 * prunes it.
 */
export const calicoPolicyWidens: Effect = dropped => {
  const place = placeOf(dropped)
  if (place === 'spec') return specWidens(dropped)
  const inside = /^spec\.(?:egress|ingress)\[\](?:\.(source|destination))?$/.exec(place)
  if (inside === null) return null
  const action = text(field(storedAt(dropped, 3), 'action'))?.toLowerCase()
  if (action !== 'allow' && action !== 'pass') return null
  const end = inside[1]
  if (end === undefined) {
    const name = meant(keyOf(dropped), RULE)
    return name === keyOf(dropped) && !isEmpty(field(parentOf(dropped), name))
      ? null
      : sentence(dropped, name, 'the rule matches more than written')
  }
  return endWidens(dropped, end, action)
}

const endWidens = (dropped: Dropped, end: string, action: string): string | null => {
  const name = meant(keyOf(dropped), [...ENDS, ...PORTS])
  const parent = parentOf(dropped)
  const verb = action === 'allow' ? 'allows' : 'passes'
  if (name !== null && PORTS.includes(name)) {
    return sentence(
      dropped,
      name,
      `the rule ${verb} ${hasAny(parent, PORTS) ? 'more ports than written' : 'every port'}`,
    )
  }
  const left = hasAny(parent, ENDS)
  return sentence(dropped, name, `the rule ${verb} ${left ? `more ${end}s than written` : `every ${end}`}`)
}

const specWidens = (dropped: Dropped): string | null => {
  const key = keyOf(dropped)
  const spec = parentOf(dropped)
  const name = meant(key, [
    'selector',
    'namespaceSelector',
    'serviceAccountSelector',
    'types',
    'egress',
    'ingress',
    'applyOnForward',
  ])
  if (name === null || !isEmpty(field(spec, name))) return null
  const types = list(field(spec, 'types'))
  switch (name) {
    case 'types':
      // Absent types follow the rules that are there: without egress rules the policy says nothing of egress.
      return list(dropped.wrote).includes('Egress') && isEmpty(field(spec, 'egress'))
        ? sentence(dropped, name, 'egress of the selected endpoints stays open')
        : null
    case 'egress':
      return types.includes('Egress') ? null : sentence(dropped, name, 'egress of the selected endpoints stays open')
    case 'ingress':
      return null
    case 'applyOnForward':
      return sentence(dropped, name, 'traffic that the host forwards passes the policy by')
    default:
      return hasAny(spec, ['egress', 'ingress'])
        ? sentence(dropped, name, 'the policy lets more endpoints than written do what its rules allow')
        : null
  }
}

/** A set that lost its members: whoever allows it allows nobody, whoever denies it denies nobody. */
export const calicoSetWidens: Effect = dropped => {
  if (placeOf(dropped) !== 'spec' && dropped.path.length !== 1) return null
  if (!isEmpty(field(field(dropped.stored, 'spec'), 'nets'))) return null
  const name = meant(keyOf(dropped), ['nets'])
  const result =
    'the set is empty: a Deny of it, or a `notSelector` over it, no longer stops anything, and an Allow of it matches nothing'
  return sentence(dropped, name, result)
}
