import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type CiliumContext, since } from './context.ts'
import { type Fault, fault, needs, perhapsFault } from './fault.ts'
import { l7Members } from './limits.ts'
import { hasNoPorts, isPortName, isProtocol } from './ports.ts'
import { nameFaults } from './valid-name.ts'
import { MOST_ITEMS, type RulePlace } from './valid-place.ts'

/** One item of `toPorts`. Source: pkg/policy/api, PortRule.Validate, PortProtocol.Validate, L7Rules.Validate. */
export const portRuleFaults = (item: Json, at: DocumentPath, place: RulePlace): readonly Fault[] => {
  const ports = list(field(item, 'ports'))
  const members = place.action === 'allow' ? l7Members(item, place.context) : []
  const dns = members.includes('dns') && list(field(field(item, 'rules'), 'dns')).length > 0
  return [
    ...(ports.length > MOST_ITEMS ? [fault([...at, 'ports'], `names more than ${MOST_ITEMS} ports`)] : []),
    ...ports.flatMap((port, i) => portFaults(port, [...at, 'ports', i], dns)),
    ...(place.action === 'allow' ? proxyFaults(item, at, members, place) : []),
  ]
}

const portFaults = (port: Json, at: DocumentPath, dns: boolean): readonly Fault[] => {
  const written = field(port, 'port') ?? ''
  const protocol = field(port, 'protocol') ?? ''
  if (typeof protocol !== 'string' || !isProtocol(protocol))
    return [fault([...at, 'protocol'], 'is none of TCP, UDP, SCTP, ANY')]
  if (typeof written !== 'string') return [fault([...at, 'port'], 'is not text: quote it')]
  if (hasNoPorts(protocol))
    return written === '' || written === '0'
      ? []
      : [fault([...at, 'port'], `is a port, which ${protocol} does not have`)]
  if (written === '') return [fault(at, 'has no port')]
  if (isPortName(written)) return []
  const end = field(port, 'endPort') ?? 0
  if (!/^\d{1,5}$/.test(written) || Number(written) > 65535)
    return [fault([...at, 'port'], 'is neither a port nor a name')]
  if (typeof end !== 'number' || !Number.isInteger(end) || end < 0 || end > 65535)
    return [fault([...at, 'endPort'], 'is not a number from 0 to 65535')]
  return dns && end > Number(written) ? [fault(at, 'is a range, which DNS rules do not take')] : []
}

const proxyFaults = (
  item: Json,
  at: DocumentPath,
  members: readonly string[],
  { direction, nodes, context }: RulePlace,
): readonly Fault[] => {
  const rules = field(item, 'rules')
  const ports = list(field(item, 'ports'))
  const some = (member: string): boolean => list(field(rules, member)).length > 0
  const found: Fault[] = []
  if (texts(field(item, 'serverNames')).includes('')) found.push(fault([...at, 'serverNames'], 'holds an empty name'))
  const listener = isObject(field(item, 'listener'))
  if (listener && direction === 'ingress') found.push(fault([...at, 'listener'], 'is not taken in ingress rules'))
  if (members.length === 0) return found
  const here = [...at, 'rules']
  found.push(...needs('enable-l7-proxy', true, here, 'has rules for a proxy', context))
  if (nodes)
    found.push(...hostFaults(here, direction === 'egress' && members.every(member => member === 'dns'), context))
  if (direction === 'ingress' && some('dns')) found.push(fault(here, 'has DNS rules, which ingress does not take'))
  if (list(field(item, 'serverNames')).length > 0 && !isObject(field(item, 'terminatingTLS')))
    found.push(fault(at, 'has serverNames and rules for a proxy, but does not end TLS'))
  if (listener) found.push(fault(at, 'has a listener and rules for a proxy'))
  if (members.length > 1) found.push(fault(here, `combines ${members[0]} and ${members[1]}`))
  if (members.includes('l7') && (text(field(rules, 'l7proto')) ?? '') === '')
    found.push(fault(here, 'has l7 without l7proto'))
  if (members.includes('dns') && ports.length === 0) found.push(fault(at, 'has DNS rules and no port'))
  if (ports.some(port => /^0+$/.test(text(field(port, 'port')) ?? '')))
    found.push(fault(at, 'has rules for a proxy on port 0'))
  if (!some('dns') && ports.some(port => field(port, 'protocol') !== 'TCP'))
    found.push(fault(at, 'has rules for a proxy on a protocol other than TCP'))
  for (const [i, rule] of list(field(rules, 'dns')).entries())
    found.push(...nameFaults(rule, [...here, 'dns', i], false))
  return found
}

/** Host policy takes no rules for a proxy, but for DNS rules on egress from 1.20 on. */
const hostFaults = (at: DocumentPath, onlyDns: boolean, context: CiliumContext): readonly Fault[] => {
  const why = 'has rules for a proxy, which a policy for nodes cannot'
  const taken = onlyDns ? since(context, 20) : 'no'
  return taken === 'yes' ? [] : taken === 'no' ? [fault(at, why)] : [perhapsFault(at, why)]
}
