import { keyOf } from '../../model/identity.ts'
import { field, list } from '../../model/json.ts'
import { type Addresses, addressesOfCidrs } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import type { ApiObject } from '../kubernetes/object.ts'

/** NetworkSet and GlobalNetworkSet: addresses with labels, for selectors of rules. */
export interface NetworkSet {
  /** null: a GlobalNetworkSet. */
  readonly namespace: string | null
  readonly labels: ReadonlyMap<string, string>
  readonly addresses: Addresses
  /** Other documents say something else of it. */
  readonly isOneOfSeveral: boolean
  /** Why it may hold more: nets that could not be read, or names, which are Enterprise's and Cloud's. */
  readonly doubt: string | null
}

/** Source: docs.tigera.io, "Network set", "Global network set"; libcalico-go, convertNetworkSetV2ToV1Value. */
export const networkSetsIn = (documents: readonly ApiObject[]): readonly NetworkSet[] =>
  [...Map.groupBy(documents, ({ ref }) => keyOf(ref)).values()].flatMap(same => {
    const said = new Set(same.map(({ labels, spec }) => JSON.stringify([[...labels].sort(), spec ?? null])))
    return same.map(document => ({ ...readNetworkSet(document), isOneOfSeveral: said.size > 1 }))
  })

const readNetworkSet = ({ ref, spec, labels }: ApiObject): Omit<NetworkSet, 'isOneOfSeveral'> => {
  const { cidrs, fault } = readNets(list(field(spec, 'nets')))
  const names = list(field(spec, 'allowedEgressDomains')).length > 0
  return {
    namespace: ref.kind === 'NetworkSet' ? (ref.namespace ?? 'default') : null,
    labels,
    addresses: addressesOfCidrs(cidrs),
    doubt: fault ?? (names ? `${ref.kind} \`${ref.name}\` holds names, which open source Calico does not know` : null),
  }
}

/** An address without a prefix length is that address alone. Source: libcalico-go, ParseCIDROrIP. */
export const readNets = (
  nets: readonly unknown[],
): { readonly cidrs: readonly AnyCidr[]; readonly fault: string | null } => {
  const cidrs: AnyCidr[] = []
  let fault: string | null = null
  for (const net of nets) {
    const written = typeof net === 'string' ? net : ''
    const read = readCidr(written.includes('/') ? written : `${written}/${written.includes(':') ? 128 : 32}`)
    if (read.kind === 'refused') fault = read.why
    else cidrs.push(read.value)
  }
  return { cidrs, fault }
}
