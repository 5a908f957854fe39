import { type Address, type Block, inBlock, readAddress, readBlock } from '../ip.ts'
import { at, list, text } from '../json.ts'
import type { Json } from '../types.ts'

/** Objects as the command line lists them, one by one. */
export type Documents = readonly Json[]

/** `projects/p/…`, however much of the link is written. */
export const pathOf = (value: Json | undefined): string => /projects\/.+$/.exec(text(value) ?? '')?.[0] ?? ''

export const lastOf = (path: string): string => path.split('/').at(-1) ?? ''

export const ofKind = (documents: Documents, kind: string): readonly Json[] =>
  documents.filter(one => at(one, 'kind') === kind)

export const byLink = (documents: Documents, kind: string, path: string): Json | undefined =>
  ofKind(documents, kind).find(one => pathOf(at(one, 'selfLink')) === path)

/** Of a subnet, a router, an address: its region. */
export const regionOf = (path: string): string => /\/regions\/([^/]+)/.exec(path)?.[1] ?? ''

export const blocksOf = (values: readonly (Json | undefined)[]): readonly Block[] =>
  values.map(one => readBlock(text(one) ?? '')).filter(one => one !== null)

export const addressesOf = (values: readonly (Json | undefined)[]): readonly Address[] =>
  values.map(one => readAddress(text(one) ?? '')).filter(one => one !== null)

export const isIn = (address: Address, blocks: readonly Block[]): boolean => blocks.some(one => inBlock(address, one))

export const textsOf = (value: Json | undefined): readonly string[] => list(value).flatMap(one => text(one) ?? [])

/** Source: Compute Engine API, subnetworks: ipCidrRange, secondaryIpRanges[], ipv6CidrRange. */
export const rangesOf = (subnet: Json): readonly Block[] =>
  blocksOf([
    at(subnet, 'ipCidrRange'),
    ...list(at(subnet, 'secondaryIpRanges')).map(one => at(one, 'ipCidrRange')),
    at(subnet, 'ipv6CidrRange'),
  ])

export const subnetsOf = (documents: Documents, network: string): readonly Json[] =>
  ofKind(documents, 'compute#subnetwork').filter(one => pathOf(at(one, 'network')) === network)

/** An address that an interface sends from. `outside`: what the internet sees it as, one to one. */
export interface Source {
  readonly address: Address
  readonly isAlias: boolean
  readonly outside: string | null
}

/** An interface of a machine, with what rules ask of the machine. */
export interface Nic {
  readonly instance: string
  readonly name: string
  readonly network: string
  readonly subnet: string
  readonly tags: readonly string[]
  readonly accounts: readonly string[]
  readonly sources: readonly Source[]
  readonly forwards: boolean
}

/**
 * Source: Compute Engine API, instances: networkInterfaces[] with networkIP, accessConfigs[].natIP, aliasIpRanges[], ipv6Address,
 * ipv6AccessConfigs[].externalIpv6.
 */
export const nicsOf = (documents: Documents): readonly Nic[] =>
  ofKind(documents, 'compute#instance').flatMap(instance =>
    list(at(instance, 'networkInterfaces')).map(nic => ({
      instance: text(at(instance, 'name')) ?? '',
      name: text(at(nic, 'name')) ?? '',
      network: pathOf(at(nic, 'network')),
      subnet: pathOf(at(nic, 'subnetwork')),
      tags: textsOf(at(instance, 'tags', 'items')),
      accounts: list(at(instance, 'serviceAccounts')).flatMap(one => text(at(one, 'email')) ?? []),
      forwards: at(instance, 'canIpForward') === true,
      sources: sourcesOf(nic),
    })),
  )

const sourcesOf = (nic: Json): readonly Source[] => {
  const natIP = list(at(nic, 'accessConfigs')).flatMap(one => text(at(one, 'natIP')) ?? [])[0] ?? null
  const outer = list(at(nic, 'ipv6AccessConfigs')).flatMap(one => text(at(one, 'externalIpv6')) ?? [])
  return [
    ...addressesOf([at(nic, 'networkIP')]).map(address => ({ address, isAlias: false, outside: natIP })),
    ...blocksOf(list(at(nic, 'aliasIpRanges')).map(one => at(one, 'ipCidrRange'))).flatMap(block =>
      allIn(block).map(address => ({ address, isAlias: true, outside: null })),
    ),
    ...addressesOf([at(nic, 'ipv6Address')]).map(address => ({ address, isAlias: false, outside: null })),
    ...outer.flatMap(one => addressesOf([one]).map(address => ({ address, isAlias: false, outside: one }))),
  ]
}

/** All addresses of a small block. */
const allIn = ({ family, bits, length }: Block): readonly Address[] => {
  const width = family === 4 ? 32 : 128
  const first = (bits >> BigInt(width - length)) << BigInt(width - length)
  return Array.from({ length: 2 ** (width - length) }, (_, i) => ({ family, bits: first + BigInt(i) }))
}

export const isSame = (a: Address, b: Address): boolean => a.family === b.family && a.bits === b.bits
