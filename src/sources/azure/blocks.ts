import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { readBlock } from './property.ts'

export const blocks = (...texts: readonly string[]): readonly AnyCidr[] =>
  texts.flatMap(text => {
    const read = readBlock(text)
    return read.kind === 'read' ? [read.value] : []
  })

const set = (...texts: readonly string[]): Addresses => addressesOfCidrs(blocks(...texts))

/** Private ones by RFC 1918. */
export const RFC_1918 = blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')

/** Where no network and no peer has them, packets to these are dropped. Source: “Virtual network traffic routing”, Default. */
export const RESERVED = [...RFC_1918, ...blocks('100.64.0.0/10')]

/** Resolver, agents and probes; and metadata. Source: “What is IP address 168.63.129.16?”; “Azure Instance Metadata Service”. */
export const HOST = blocks('168.63.129.16')
export const METADATA = blocks('169.254.169.254')
export const PLATFORM = addressesOfCidrs([...HOST, ...METADATA])

/** Where Windows asks for its licence. Source: Azure Virtual Machines, “Troubleshoot Azure Windows virtual machine activation problems”. */
export const LICENSING = blocks('20.118.99.224', '40.83.235.53', '23.102.135.246')

/**
 * What the tag `Internet` holds of both families, whatever networks there are: it is a list of blocks.
 * Source: “Virtual network service tags”; “Diagnose a virtual machine network traffic filter problem”, `expandedDestinationAddressPrefix`.
 */
export const INTERNET = bothFamilies.union(
  bothFamilies.subtract(
    set('0.0.0.0/0'),
    set(
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '168.63.129.16',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '198.18.0.0/15',
      '224.0.0.0/3',
    ),
  ),
  set('2000::/3'),
)
