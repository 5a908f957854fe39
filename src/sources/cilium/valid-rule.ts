import { field, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Direction } from '../../model/rule.ts'
import { type CiliumContext, since } from './context.ts'
import { entityFaults } from './entities.ts'
import { type Fault, fault, needs, perhapsFault } from './fault.ts'
import { familyOf, icmpType } from './icmps.ts'
import { readSelector } from './label-selector.ts'
import { memberName, membersOf } from './peers.ts'
import { blockFaults, setFaults } from './valid-block.ts'
import { nameFaults } from './valid-name.ts'
import { MOST_ITEMS, type RulePlace } from './valid-place.ts'
import { portRuleFaults } from './valid-ports.ts'

/** Source: pkg/policy/api, Validate of EgressRule, IngressRule and their deny forms. */
export const ruleFaults = (rule: JsonObject, at: DocumentPath, place: RulePlace): readonly Fault[] => {
  const { direction, context } = place
  const present = membersOf(place).filter(name => list(field(rule, name)).length > 0)
  const ports = list(field(rule, 'toPorts'))
  const icmps = list(field(rule, 'icmps'))
  const nodesName = memberName(direction, 'Nodes')
  return [
    ...(present.length > 1 ? [fault(at, `combines ${present[0]} and ${present[1]}`)] : []),
    ...(present.includes('toServices') && ports.length > 0 ? servicesWithPorts(at, context) : []),
    ...(present.includes(nodesName)
      ? needs('enable-node-selector-labels', false, [...at, nodesName], 'selects nodes', context)
      : []),
    ...(icmps.length > 0 ? needs('enable-icmp-rules', true, [...at, 'icmps'], 'names ICMP types', context) : []),
    ...(icmps.length > 0 && ports.length > 0 ? [fault(at, 'combines icmps and toPorts')] : []),
    ...selectorFaults(rule, at, direction, context),
    ...list(field(rule, memberName(direction, 'CIDR'))).flatMap((block, i) =>
      blockFaults(block, [...at, memberName(direction, 'CIDR'), i]),
    ),
    ...list(field(rule, memberName(direction, 'CIDRSet'))).flatMap((set, i) =>
      setFaults(set, [...at, memberName(direction, 'CIDRSet'), i]),
    ),
    ...list(field(rule, memberName(direction, 'Entities'))).flatMap((entity, i) =>
      entityFaults(text(entity) ?? '', [...at, memberName(direction, 'Entities'), i], context),
    ),
    ...(membersOf(place).includes('toFQDNs')
      ? list(field(rule, 'toFQDNs')).flatMap((name, i) => nameFaults(name, [...at, 'toFQDNs', i], true))
      : []),
    ...icmps.flatMap((item, i) => icmpFaults(item, [...at, 'icmps', i])),
    ...ports.flatMap((item, i) => portRuleFaults(item, [...at, 'toPorts', i], place)),
  ]
}

/** Taken since 1.17. Source: cilium/cilium pull requests 34208 and 35506. */
const servicesWithPorts = (at: DocumentPath, context: CiliumContext): readonly Fault[] => {
  const why = 'combines toServices and toPorts'
  const taken = since(context, 17)
  return taken === 'yes' ? [] : taken === 'no' ? [fault(at, why)] : [perhapsFault(at, why)]
}

const selectorFaults = (
  rule: JsonObject,
  at: DocumentPath,
  direction: Direction,
  context: CiliumContext,
): readonly Fault[] => {
  const members = since(context, 19) === 'yes' ? ['Endpoints', 'Nodes'] : ['Endpoints', 'Nodes', 'Requires']
  return members
    .map(member => memberName(direction, member))
    .flatMap(name =>
      list(field(rule, name)).flatMap((item, i) => {
        const read = readSelector(item)
        return read.kind === 'refused' ? [fault([...at, name, i], read.why)] : []
      }),
    )
}

const icmpFaults = (item: Json, at: DocumentPath): readonly Fault[] => {
  const fields = list(field(item, 'fields'))
  return [
    ...(fields.length > MOST_ITEMS ? [fault(at, `names more than ${MOST_ITEMS} types`)] : []),
    ...fields.flatMap((entry, i) => {
      if (familyOf(entry) === null) return [fault([...at, 'fields', i], 'has a family other than IPv4 and IPv6')]
      return icmpType(entry) === null ? [fault([...at, 'fields', i], 'has a type that the family does not know')] : []
    }),
  ]
}
