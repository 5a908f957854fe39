import { field, type Json, list } from '../../model/json.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { cidrIn, wordIn } from './item.ts'

/** Of IPv4, delegated blocks have 16 addresses each. Source: EC2 User Guide, “Prefix delegation for Amazon EC2 network interfaces”. */
const PREFIX4 = 28

/** Addresses of blocks that were delegated to an interface. Those of IPv6 are too many to be listed one by one. */
export const delegatedIn = (
  body: Json,
): { readonly addresses: readonly AnyAddress[]; readonly faults: readonly string[] } => {
  const addresses: AnyAddress[] = []
  const faults: string[] = []
  for (const one of list(field(body, 'Ipv4Prefixes'))) {
    const read = cidrIn(one, 'Ipv4Prefix')
    if (read.kind === 'refused') faults.push(`a delegated block cannot be read: ${read.why}`)
    else if (read.value.family !== 4 || read.value.prefix < PREFIX4) faults.push(tooMany(wordIn(one, 'Ipv4Prefix')))
    else
      for (let i = 0; i < 2 ** (32 - read.value.prefix); i++)
        addresses.push({ family: 4, words: [(read.value.words[0] as number) + i] })
  }
  for (const one of list(field(body, 'Ipv6Prefixes'))) faults.push(tooMany(wordIn(one, 'Ipv6Prefix')))
  return { addresses, faults }
}

const tooMany = (block: string | null): string => `the delegated block \`${block ?? ''}\` is not among its addresses`
