import { field, type Json, list, text } from '../../model/json.ts'
import { type Collected, type Fault, type GcpItem, textOf } from './collect.ts'
import { readFirewall } from './firewalls.ts'
import { idIn, regionOf } from './links.ts'
import { INSPECTED, INSPECTION, POLICY_TYPES, readPolicyRule } from './policy-rules.ts'
import type { ReadRule } from './rule.ts'

/** What of rules, and of what should stand beside them, was not read or is not evaluated. */
export const filterFaults = (collected: Collected): readonly Fault[] => [
  ...collected.firewalls.flatMap(({ id, body }) => faultsOfEffective(id, body)),
  ...collected.in('firewall').flatMap(({ id, body }) =>
    doubtIn(
      id,
      readFirewall(body, [], () => []),
    ),
  ),
  ...collected
    .in('firewall-policy')
    .flatMap(({ id, body }) => list(field(body, 'rules')).flatMap(rule => doubtIn(id, readPolicyRule(rule, [], '')))),
  ...collected.in('network').flatMap(item => unreadOf(item, collected)),
  ...missingIn(collected),
]

/** What policies of a region decide is in no output about the network alone. */
const unreadOf = ({ id }: GcpItem, collected: Collected): readonly Fault[] => {
  const all = collected.firewalls.filter(one => one.network === id)
  if (all.length === 0) return [{ id, why: 'the firewalls that apply to it were not read' }]
  const read = new Set(all.map(({ region }) => region))
  const regions = collected
    .in('subnet')
    .filter(({ body, link }) => idIn(field(body, 'network'), 'networks', link) === id)
    .map(({ link }) => regionOf(link.place))
  const missing = [...new Set(regions)].filter(region => !read.has(region)).sort()
  return missing.length === 0
    ? []
    : [{ id, why: `firewall policies of regions count as none, as they were not read: ${missing.join(', ')}` }]
}

/** What applies to a network counts; a rule of its own document that is not there was read at another time. */
const missingIn = (collected: Collected): readonly Fault[] => {
  const known = new Map(
    collected.firewalls.map(({ network, body }) => [
      network,
      new Set(list(field(field(body, 'effectiveFirewalls'), 'firewalls')).map(one => text(field(one, 'name')))),
    ]),
  )
  return collected.in('firewall').flatMap(({ id, body, link }) => {
    const names = known.get(idIn(field(body, 'network'), 'networks', link) ?? '')
    return names === undefined || names.has(link.name)
      ? []
      : [{ id, why: 'it is not among the firewalls that apply to its network, and does not count' }]
  })
}

const faultsOfEffective = (id: string, body: Json): readonly Fault[] => {
  const own = field(body, 'effectiveFirewalls')
  const network = idIn(field(body, 'network'), 'networks', null) ?? ''
  return [
    ...list(field(own, 'firewalls')).flatMap(rule =>
      doubtIn(
        id,
        readFirewall(rule, [], () => []),
      ),
    ),
    ...list(field(own, 'firewallPolicys')).flatMap(policy => {
      const type = textOf(field(policy, 'type')) ?? 'UNSPECIFIED'
      return [
        ...(POLICY_TYPES.includes(type) ? [] : [{ id, why: `a policy of the type \`${type}\` is not evaluated` }]),
        ...list(field(policy, 'rules')).flatMap(rule => [
          ...doubtIn(id, readPolicyRule(rule, [], network)),
          ...(field(rule, 'action') === INSPECTION ? [{ id, why: INSPECTED }] : []),
        ]),
      ]
    }),
  ]
}

const doubtIn = (id: string, rule: ReadRule | null): readonly Fault[] =>
  rule === null
    ? []
    : [
        ...(rule.doubt === null ? [] : [{ id, why: rule.doubt }]),
        ...(rule.traffic.doubt === null
          ? []
          : [{ id, why: `what a rule covers cannot be read: ${rule.traffic.doubt}` }]),
        ...rule.peers.flatMap(peers => (peers.kind === 'unknown' ? [{ id, why: peers.why }] : [])),
      ]
