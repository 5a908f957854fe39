import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { readCidr } from '../sets/cidr.ts'

/** What stands inside of networks, from the registries. Source: RFC 1918, 3927, 4193, 4291, 6598. */
export const INSIDE: readonly { readonly text: string; readonly addresses: Addresses; readonly minor?: true }[] = [
  // The metadata service in it has a finding of its own.
  { text: '169.254.0.0/16', minor: true as const },
  { text: '10.0.0.0/8' },
  { text: '172.16.0.0/12' },
  { text: '192.168.0.0/16' },
  // Used inside by few, and by providers.
  { text: '100.64.0.0/10', minor: true as const },
  { text: 'fc00::/7' },
  { text: 'fe80::/10', minor: true as const },
].map(one => {
  const read = readCidr(one.text)
  if (read.kind === 'refused') throw new Error(read.why)
  return { ...one, addresses: addressesOfCidrs([read.value]) }
})

/** Those that nearly every network has inside. */
export const MOSTLY_INSIDE: Addresses = INSIDE.filter(({ minor }) => minor !== true)
  .map(({ addresses }) => addresses)
  .reduce(bothFamilies.union, bothFamilies.empty)
