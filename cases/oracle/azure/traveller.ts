import type { NetPacket } from '../fabric/types.ts'
import type { Address, Block } from '../ip.ts'
import type { Resource, World } from './documents.ts'
import type { Broken } from './types.ts'

/** The packet on its way. */
export interface Traveller {
  readonly world: World
  readonly packet: NetPacket
  readonly to: Address
  /** Whose routes it goes by. */
  readonly subnet: Resource
  /** Its source: one address, or all that a subnet has. */
  readonly block: Block
  /** Who sent it; null: anybody in the subnet. */
  readonly nic: Resource | null
  /** The network of whoever sent it. */
  readonly vnet: string
  /** The firewall that put its own address on it. */
  readonly through: Hidden | null
  readonly hops: readonly string[]
  readonly broken: Broken
}

export interface Hidden {
  readonly id: string
  readonly privateAddresses: readonly string[]
  readonly publicAddresses: readonly string[]
  /** It has a public address, told or not. */
  readonly isPublic: boolean
}
