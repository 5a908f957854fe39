import type { Address } from '../ip.ts'
import { at } from '../json.ts'
import type { Json } from '../types.ts'
import { byLink, type Documents, nicsOf, ofKind, pathOf, rangesOf } from './documents.ts'
import type { From } from './types.ts'

/** Who sends, from one address. */
export interface Sender {
  readonly network: string
  readonly subnet: string
  readonly address: Address
  readonly isAlias: boolean
  readonly tags: readonly string[] | null
  readonly accounts: readonly string[] | null
  readonly outside: string | null | undefined
}

export interface Senders {
  readonly network: string
  readonly all: readonly Sender[]
}

/** null: where it sends from was not read. */
export const sendersOf = (documents: Documents, from: From, to: Address): Senders | null => {
  if (from.kind === 'interface') {
    const nic = nicsOf(documents).find(one => one.instance === from.instance && one.name === from.nic)
    if (nic === undefined || byLink(documents, 'compute#subnetwork', nic.subnet) === undefined) return null
    const { network, subnet, tags, accounts } = nic
    return { network, all: nic.sources.map(one => ({ ...one, network, subnet, tags, accounts })) }
  }
  const subnet = ofKind(documents, 'compute#subnetwork').find(
    one => at(one, 'name') === (from.kind === 'subnet' ? from.name : ''),
  )
  return subnet === undefined ? null : anybodyIn(subnet, to, null)
}

/** Anything in a subnet: one address that nobody has, which stands for all, and each that somebody has. */
export const anybodyIn = (
  subnet: Json,
  to: Address,
  known: { readonly tags: readonly string[]; readonly accounts: readonly string[] | null } | null,
): Senders => {
  const network = pathOf(at(subnet, 'network'))
  const path = pathOf(at(subnet, 'selfLink'))
  const all = rangesOf(subnet)
    .filter(({ family }) => family === to.family)
    .flatMap(({ family, bits, length }) => {
      const size = 1n << BigInt((family === 4 ? 32 : 128) - length)
      const last = size > 65_536n ? 65_535n : size - 1n
      return [...new Set([0n, 2n, 8n, 64n, 128n, last])]
        .filter(one => one <= last)
        .map(
          (offset): Sender => ({
            network,
            subnet: path,
            address: { family, bits: bits + offset },
            isAlias: false,
            tags: known === null ? null : known.tags,
            accounts: known === null ? null : known.accounts,
            outside: known === null ? (isOuter(subnet, family) === 'no' ? null : undefined) : null,
          }),
        )
    })
  return { network, all }
}

/** Inner IPv6 has no address outside. */
const isOuter = (subnet: Json, family: 4 | 6): 'no' | 'perhaps' =>
  family === 6 && at(subnet, 'ipv6AccessType') !== 'EXTERNAL' ? 'no' : 'perhaps'
