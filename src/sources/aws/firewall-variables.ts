import { at, field, isObject, type Json, list, text } from '../../model/json.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { type Reading, readAs, refuse } from '../../sets/algebra.ts'
import { lastOf } from './arns.ts'
import type { PrefixLists } from './prefix-lists.ts'
import { readAddresses, readPortsOf, type Variables } from './suricata-sets.ts'

/**
 * What the variables of a rule group stand for. Where it does not set `HOME_NET` itself it is that of the policy, and where that
 * does not, the blocks of the network that the firewall stands in. `EXTERNAL_NET` is everything but the `HOME_NET` of the policy: of a
 * group that sets only the one, the other does not follow.
 * Source: Network Firewall Developer Guide, “Limitations and caveats for stateful rules”; API Reference, RuleVariables,
 * PolicyVariables, IPSetReference.
 */
export const variablesOf = (group: Json, policy: Json, home: Reading<Addresses>, lists: PrefixLists): Variables => {
  const homeOfPolicy = definedIn(at(policy, 'PolicyVariables', 'RuleVariables'), 'HOME_NET', readAddresses) ?? home
  return {
    addresses: name => {
      const own = definedIn(at(group, 'RuleVariables', 'IPSets'), name, readAddresses)
      if (own !== undefined) return own
      const reference = field(at(group, 'ReferenceSets', 'IPSetReferences'), name)
      if (reference !== undefined) return referenced(text(field(reference, 'ReferenceArn')) ?? '', lists)
      if (name === 'HOME_NET') return homeOfPolicy
      if (name === 'EXTERNAL_NET')
        return homeOfPolicy.kind === 'refused' ? homeOfPolicy : readAs(bothFamilies.complement(homeOfPolicy.value))
      return undefined
    },
    ports: name => definedIn(at(group, 'RuleVariables', 'PortSets'), name, readPortsOf),
  }
}

/** A definition names no other variable. */
const NONE: Variables = { addresses: () => undefined, ports: () => undefined }

const definedIn = <S>(
  sets: Json | undefined,
  name: string,
  read: (text: string, variables: Variables) => Reading<S>,
): Reading<S> | undefined => {
  const set = field(sets, name)
  if (!isObject(set)) return undefined
  const parts = list(field(set, 'Definition'))
  if (parts.length === 0 || parts.some(part => typeof part !== 'string' || part === ''))
    return refuse(`what \`${name}\` stands for cannot be read`)
  return read(`[${parts.join(',')}]`, NONE)
}

/** A prefix list is told by its entries; groups of resources by nothing that is read. */
const referenced = (arn: string, lists: PrefixLists): Reading<Addresses> => {
  if (!arn.includes(':prefix-list/')) return refuse(`\`${arn}\` is not read`)
  const { cidrs, missing } = lists.get(lastOf(arn))
  return missing === null ? readAs(addressesOfCidrs(cidrs)) : refuse(missing.why)
}
