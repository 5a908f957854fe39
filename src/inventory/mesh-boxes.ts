import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyCidr, readAddress, readCidr } from '../sets/cidr.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { portSets, readPorts } from '../sets/port-set.ts'
import { TCP } from '../sets/protocol.ts'
import { portTraffic, type Traffic } from '../sets/traffic.ts'

/** What the settings of meshes are made of: lists of ports and ranges, and hosts. */

export const EVERY_TCP: Traffic = portTraffic(TCP, portSets.full)
export const EVERY_V6: Addresses = { v4: addresses4.empty, v6: addresses6.full }

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

/** null: a part of it cannot be read, or is no block. */
export const rangesOf = (texts: readonly string[]): Addresses | null => {
  const cidrs: AnyCidr[] = []
  for (const text of texts) {
    const read = readCidr(text)
    if (read.kind === 'refused') return null
    cidrs.push(read.value)
  }
  return addressesOfCidrs(cidrs)
}

/** null: a part of it cannot be read. */
export const portsOf = (text: string): Traffic | null => {
  // Port 0 is never on the wire.
  const read = readPorts(
    listOf(text)
      .map(part => part.replace(/^0-/, '1-'))
      .join(','),
  )
  return read.kind === 'refused' ? null : portTraffic(TCP, read.value)
}

/** A block, or one address; null: a name, or a text that readers read differently. */
export const placeOf = (text: string): Addresses | null => {
  const cidr = readCidr(text)
  if (cidr.kind === 'read') return addressesOfCidrs([cidr.value])
  const read = readAddress(text)
  return read.kind === 'refused'
    ? null
    : addressesOfCidrs([{ ...read.value, prefix: 32 * read.value.words.length } as AnyCidr])
}

/** `*.example.com` holds for any number of labels. Source: istio.io, reference of ServiceEntry, `hosts`. */
export const patternsOf = (hosts: readonly string[]): readonly NamePattern[] =>
  hosts.flatMap(host => {
    const read = readNamePattern(host.startsWith('*.') ? `*${host}` : host)
    return read.kind === 'read' ? [read.value] : []
  })

export const NOWHERE = bothFamilies.empty
export const ANYWHERE = bothFamilies.full
