import { field, type Json, list, text, texts } from '../../model/json.ts'
import type { Peer } from '../../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr, Family } from '../../sets/cidr.ts'
import type { CalicoContext } from './context.ts'
import { NAMESPACE, ofAccounts, ofNamespaces, readSelector } from './endpoint-selector.ts'
import { endpointPeers } from './endpoints.ts'
import { readNets } from './network-sets.ts'
import type { CalicoSelector } from './selector.ts'

/** One end of a rule, `source` or `destination`, without its ports. All of its parts have to hold. */
export type EntityRead =
  | {
      readonly kind: 'read'
      /** Addresses that it is limited to; null: any. */
      readonly addresses: Addresses | null
      /** Whom its selectors mean, any of these; null: anybody. */
      readonly endpoints: readonly Peer[] | null
      /** Whom `notSelector` leaves out. */
      readonly except: readonly Peer[] | null
      /** Families in which the rule holds: one whose nets are all of the other family says nothing. */
      readonly families: ReadonlySet<Family>
    }
  | { readonly kind: 'refused'; readonly why: string }

const FAMILIES: readonly Family[] = [4, 6]

/** Source: api/v3, type EntityRule; libcalico-go, getEndpointSelector; felix/rules, FilterRuleToIPVersion. */
export const readEntity = (entity: Json | undefined, namespace: string | null, context: CalicoContext): EntityRead => {
  const nets = readNets(list(field(entity, 'nets')))
  const notNets = readNets(list(field(entity, 'notNets')))
  const fault = nets.fault ?? notNets.fault
  if (fault !== null) return { kind: 'refused', why: fault }
  const selectors = selectorsOf(entity, namespace)
  if (selectors.kind === 'refused') return selectors
  const { positive, negative } = selectors
  // With a selector beside it, `notSelector` is about the endpoints that it means; alone it is about everybody else.
  const both: CalicoSelector | null =
    positive !== null && negative !== null ? { kind: 'and', of: [positive, { kind: 'not', of: negative }] } : positive
  return {
    kind: 'read',
    addresses: addressesOf(nets.cidrs, notNets.cidrs),
    endpoints: both === null ? null : endpointPeers(both, context),
    except: positive === null && negative !== null ? endpointPeers(negative, context) : null,
    families: new Set(FAMILIES.filter(family => speaksOf(nets.cidrs, family) && speaksOf(notNets.cidrs, family))),
  }
}

const speaksOf = (cidrs: readonly AnyCidr[], family: Family): boolean =>
  cidrs.length === 0 || cidrs.some(cidr => cidr.family === family)

const addressesOf = (nets: readonly AnyCidr[], notNets: readonly AnyCidr[]): Addresses | null => {
  if (nets.length + notNets.length === 0) return null
  const inside = nets.length === 0 ? bothFamilies.full : addressesOfCidrs(nets)
  return bothFamilies.subtract(inside, addressesOfCidrs(notNets))
}

type Selectors =
  | { readonly kind: 'read'; readonly positive: CalicoSelector | null; readonly negative: CalicoSelector | null }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * `selector`, `serviceAccounts` and `namespaceSelector` together. Any selector of a namespaced policy, even `notSelector`,
 * means the policy's own namespace unless `namespaceSelector` says which.
 */
const selectorsOf = (entity: Json | undefined, namespace: string | null): Selectors => {
  const written = {
    selector: text(field(entity, 'selector')) ?? '',
    notSelector: text(field(entity, 'notSelector')) ?? '',
    namespaces: text(field(entity, 'namespaceSelector')) ?? '',
    accounts: text(field(field(entity, 'serviceAccounts'), 'selector')) ?? '',
  }
  const read = {
    selector: readSelector(written.selector),
    notSelector: readSelector(written.notSelector),
    namespaces: readSelector(written.namespaces, 'namespace'),
    accounts: readSelector(written.accounts),
  }
  for (const key of ['selector', 'notSelector', 'namespaces', 'accounts'] as const)
    if (read[key] === null) return { kind: 'refused', why: `\`${written[key]}\` is no selector` }
  const names = texts(field(field(entity, 'serviceAccounts'), 'names'))
  const parts: CalicoSelector[] = []
  if (written.accounts !== '') parts.push(ofAccounts(read.accounts as CalicoSelector))
  if (names.length > 0)
    parts.push({ kind: 'compare', key: 'projectcalico.org/serviceaccount', operator: 'in', values: names })
  if (written.selector !== '') parts.push(read.selector as CalicoSelector)
  if (written.namespaces !== '') parts.push(ofNamespaces(read.namespaces as CalicoSelector))
  else if (namespace !== null && (parts.length > 0 || written.notSelector !== ''))
    parts.push({ kind: 'compare', key: NAMESPACE, operator: '==', values: [namespace] })
  return {
    kind: 'read',
    positive: parts.length === 0 ? null : { kind: 'and', of: parts },
    negative: written.notSelector === '' ? null : (read.notSelector as CalicoSelector),
  }
}
